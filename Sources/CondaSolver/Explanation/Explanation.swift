/// Why a request has no solution, as a tree of statements.
///
///     no set of packages meets these requirements together
///     ├─ scipy >=1.13
///     │  └─ scipy 1.13.0, 1.13.1 need __glibc >=2.34
///     │     └─ the target has __glibc 2.17
package struct Explanation: Sendable, Hashable, Codable {
    /// The user's requirements and pins that cannot be met together; without any one of them, the rest can.
    package let requirements: [String]
    /// Where each of them leads.
    package let reasons: [Reason]

    /// A statement and what it rests on.
    package struct Reason: Sendable, Hashable, Codable {
        /// What sort of statement it is.
        package let kind: Kind
        /// The statement, in one line.
        package let text: String
        /// The package that it is about; nil where there is none.
        package let package: String?
        /// The statements that it rests on.
        package let reasons: [Reason]

        /// Makes a statement.
        package init(_ kind: Kind, _ text: String, package: String? = nil, reasons: [Reason] = []) {
            (self.kind, self.text, self.package, self.reasons) = (kind, text, package, reasons)
        }
    }

    /// The sorts of statements.
    package enum Kind: String, Sendable, Hashable, Codable {
        /// The user requires something.
        case requirement
        /// The user pins something.
        case pin
        /// Candidates need something.
        case dependency
        /// Nothing matches.
        case missing
        /// The target does not have a property, or not the version of it.
        case target
        /// A channel of higher priority hides candidates.
        case hidden
        /// Candidates are in another channel than the one asked for.
        case otherChannel
        /// Candidates are newer than the cutoff.
        case tooNew
        /// A dependency of candidates cannot be read.
        case unreadable
        /// Another requirement or constraint rules candidates out.
        case conflict
        /// It was said before, or is more of the same.
        case abridged
    }
}

extension Explanation: CustomStringConvertible {
    /// The tree as text.
    package var description: String {
        let title =
            requirements.count == 1
            ? "no set of packages meets the requirement '\(requirements[0])'"
            : "no set of packages meets these requirements together"
        // A single requirement is named in the title.
        let lines = requirements.count == 1 ? reasons.flatMap(\.reasons) : reasons
        return ([title] + Self.render(lines, indent: "")).joined(separator: "\n")
    }

    /// What to do next.
    package var hint: String? {
        let kinds = Set(reasons.flatMap(\.kinds))
        if kinds.contains(.pin) { return "relax the pin, or the requirement that it excludes" }
        if kinds.contains(.hidden) {
            return "ask for the package as CHANNEL::NAME, reorder the channels, or set channel_priority to flexible"
        }
        if kinds.contains(.tooNew) { return "move the cutoff date forward" }
        if kinds.contains(.target) { return "allow other versions, or build for a target that offers what is missing" }
        return requirements.count > 1 ? "relax one of these requirements" : "relax the requirement"
    }

    private static func render(_ reasons: [Reason], indent: String) -> [String] {
        reasons.enumerated().flatMap { index, reason in
            let isLast = index == reasons.count - 1
            let line = indent + (isLast ? "└─ " : "├─ ") + reason.text
            return [line] + render(reason.reasons, indent: indent + (isLast ? "   " : "│  "))
        }
    }
}

extension Explanation.Reason {
    /// The kinds of the statement and of all that it rests on.
    fileprivate var kinds: [Explanation.Kind] { [kind] + reasons.flatMap(\.kinds) }
}
