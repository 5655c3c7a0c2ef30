/// Why a request has no solution.
package struct Explanation: Sendable, Hashable, Codable, CustomStringConvertible {
    /// The user's requirements that cannot be met together; any of them left out, the rest can.
    package let requirements: [String]
    /// What each of them leads to.
    package let reasons: [Reason]

    /// A statement and what it rests on.
    package struct Reason: Sendable, Hashable, Codable {
        /// What sort of statement it is.
        package let kind: Kind
        /// The statement, in one line.
        package let text: String
        /// The statements that it rests on.
        package let reasons: [Reason]
    }

    /// The sorts of statements.
    package enum Kind: String, Sendable, Hashable, Codable {
        /// A requirement of the user or of a package.
        case requirement
    }

    /// The tree as text.
    package var description: String { requirements.joined() }
    /// What to do next.
    package var hint: String? { nil }
}
