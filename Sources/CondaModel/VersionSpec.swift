import HostSystem

/// A condition on versions, such as `>=1.8,<2|1.7.*` (CEP 29, version matching).
///
/// Clauses are joined with `,` for and, which binds tighter, and `|` for or; parentheses group.
package struct VersionSpec: Hashable, Sendable {
    /// The expression.
    package let root: Node

    /// A clause, or several joined by one operator.
    package indirect enum Node: Hashable, Sendable {
        /// A single condition.
        case clause(VersionClause)
        /// All conditions must hold; none of the nodes is `all` itself.
        case all([Node])
        /// At least one condition must hold; none of the nodes is `any` itself.
        case any([Node])
    }

    /// Reads an expression.
    ///
    /// - Throws: ``VersionSpecError`` with the column of the first offence.
    package init(_ text: String) throws(VersionSpecError) {
        do throws(TextProblem) {
            root = try text.withBytes { (bytes) throws(TextProblem) in
                try VersionSpecParser(bytes).parse(0..<bytes.count)
            }
        } catch {
            throw VersionSpecError(text: text, problem: error)
        }
    }

    /// Makes the condition of a parsed or composed expression.
    package init(root: Node) {
        self.root = root
    }

    /// Every version.
    package static let any = VersionSpec(root: .clause(.any))

    /// One version, however it is spelled.
    package static func exactly(_ version: Version) -> VersionSpec {
        VersionSpec(root: .clause(.equal(version)))
    }

    /// Whether a version fulfils the condition.
    package func matches(_ version: Version) -> Bool {
        root.matches(version)
    }

    /// The only version that can match, where the expression is an equality.
    package var exact: Version? {
        if case .clause(.equal(let version)) = root { version } else { nil }
    }

    /// Whether every version matches, by the expression's form.
    package var matchesAll: Bool { root == .clause(.any) }
}

extension VersionSpec.Node {
    /// Whether a version fulfils the condition.
    package func matches(_ version: Version) -> Bool {
        switch self {
        case .clause(let clause): clause.matches(version)
        case .all(let nodes): nodes.allSatisfy { $0.matches(version) }
        case .any(let nodes): nodes.contains { $0.matches(version) }
        }
    }
}

extension VersionSpec: CustomStringConvertible {
    /// The canonical spelling; reading it again gives an equal condition.
    package var description: String { root.description }
}

extension VersionSpec.Node: CustomStringConvertible {
    /// The expression, with parentheses only where precedence needs them.
    package var description: String {
        switch self {
        case .clause(let clause): clause.description
        case .any(let nodes): nodes.map(\.description).joined(separator: "|")
        case .all(let nodes):
            nodes.map { node in
                if case .any = node { "(\(node))" } else { node.description }
            }.joined(separator: ",")
        }
    }
}

/// A text that is no condition on versions.
package struct VersionSpecError: ActionableError, Hashable {
    /// The text that was read.
    package let text: String
    /// What is wrong with it.
    package let problem: TextProblem

    /// The 1-based column of the offence, in characters.
    package var column: Int { problem.column(in: text) }

    /// Names the text, the column, what was expected and what was found.
    package var description: String {
        "'\(text)' is not a version expression: expected \(problem.expected) in column \(column), "
            + "found \(problem.found)"
    }

    /// What to write instead.
    package var hint: String? { problem.hint ?? "write conditions such as >=1.8,<2 or 1.7.*|1.9.*" }
}
