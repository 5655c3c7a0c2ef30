/// A relation to another package or capability: `glibc >= 2.28`.
package struct RPMDependency: Sendable, Hashable {
    /// How versions are compared.
    package enum Comparison: String, Sendable, Hashable, CaseIterable {
        case less = "<"
        case lessOrEqual = "<="
        case equal = "="
        case greaterOrEqual = ">="
        case greater = ">"
    }

    /// Capability, package, path or a rich dependency in parentheses.
    package var name: String
    /// How the version must compare; nil where any version will do.
    package var comparison: Comparison?
    /// `[EPOCH:]VERSION[-RELEASE]`; nil where any version will do.
    package var evr: String?
    /// When the relation holds, and where it comes from.
    package var context: RPMDependencyContext

    /// Makes a relation without checking it; the writer checks all relations of a package.
    package init(
        _ name: String, _ comparison: Comparison? = nil, _ evr: String? = nil, context: RPMDependencyContext = []
    ) {
        self.name = name
        self.comparison = comparison
        self.evr = evr
        self.context = context
    }

    /// Reads a relation as spec files write it: `NAME`, `NAME >= EVR`, or a rich dependency in parentheses.
    ///
    /// - Throws: ``RPMError/invalid(field:value:problem:hint:)`` where it is none.
    package init(parsing text: String) throws(RPMError) {
        let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
        if words.first?.hasPrefix("(") == true {
            self.init(words.joined(separator: " "))
        } else if words.count == 1 {
            self.init(words[0])
        } else if words.count == 3, let comparison = Comparison(operator: words[1]) {
            self.init(words[0], comparison, words[2])
        } else {
            throw .invalid(
                field: "relation", value: text, problem: "expected NAME or NAME OPERATOR VERSION",
                hint: "write for example \"glibc >= 2.28\", with spaces around the operator")
        }
        try check(field: "relation")
    }
}

extension RPMDependency: CustomStringConvertible {
    /// The relation as spec files write it.
    package var description: String {
        guard let comparison, let evr else { return name }
        return "\(name) \(comparison.rawValue) \(evr)"
    }
}

extension RPMDependency.Comparison {
    /// The bits `RPMSENSE_LESS`, `RPMSENSE_GREATER` and `RPMSENSE_EQUAL`.
    var senseBits: UInt32 {
        switch self {
        case .less: 2
        case .lessOrEqual: 2 | 8
        case .equal: 8
        case .greaterOrEqual: 4 | 8
        case .greater: 4
        }
    }

    /// Reads the comparison bits of a header's flags.
    init?(senseBits: UInt32) {
        guard let match = Self.allCases.first(where: { $0.senseBits == senseBits & 14 }) else { return nil }
        self = match
    }

    /// Reads an operator as spec files write it; `==` means `=`.
    init?(operator text: String) {
        self.init(rawValue: text == "==" ? "=" : text)
    }
}

/// When a relation holds, and where it comes from (`RPMSENSE_*` apart from the comparison).
package struct RPMDependencyContext: OptionSet, Sendable, Hashable {
    /// The bits as headers hold them.
    package let rawValue: UInt32

    /// Takes bits as headers hold them.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `Requires(posttrans)`.
    package static let postTransaction = RPMDependencyContext(rawValue: 1 << 5)
    /// `Requires(pretrans)`.
    package static let preTransaction = RPMDependencyContext(rawValue: 1 << 7)
    /// Interpreter of a scriptlet.
    package static let interpreter = RPMDependencyContext(rawValue: 1 << 8)
    /// `Requires(pre)`.
    package static let pre = RPMDependencyContext(rawValue: 1 << 9)
    /// `Requires(post)`.
    package static let post = RPMDependencyContext(rawValue: 1 << 10)
    /// `Requires(preun)`.
    package static let preUninstall = RPMDependencyContext(rawValue: 1 << 11)
    /// `Requires(postun)`.
    package static let postUninstall = RPMDependencyContext(rawValue: 1 << 12)
    /// `Requires(verify)`.
    package static let verify = RPMDependencyContext(rawValue: 1 << 13)
    /// A feature of rpm itself.
    package static let rpmlib = RPMDependencyContext(rawValue: 1 << 24)
    /// `config(NAME)`.
    package static let config = RPMDependencyContext(rawValue: 1 << 28)
}

extension RPMDependency {
    /// Refuses a relation that rpm could not read back as it was meant.
    func check(field: String) throws(RPMError) {
        func refuse(_ problem: String, _ hint: String) -> RPMError {
            .invalid(field: field, value: description, problem: problem, hint: hint)
        }
        let isRich = name.hasPrefix("(")
        guard let first = name.utf8.first, first.isLetterOrDigit || "_/(%".utf8.contains(first) else {
            throw refuse(
                "a capability starts with a letter, a digit, _ or /", "write a package name or an absolute path")
        }
        if RPMCharacters.hasControl(name) || (!isRich && name.contains(" ")) {
            throw refuse("a capability has no spaces and no control characters", "write one relation per entry")
        }
        if !isRich, name.contains(where: { "<>=".contains($0) }) {
            throw refuse("the operator must stand apart", "write for example \"glibc >= 2.28\"")
        }
        if isRich, !(name.hasSuffix(")") && comparison == nil) {
            throw refuse("a rich dependency stands in parentheses", "write for example \"(a or b)\"")
        }
        guard (comparison == nil) == (evr == nil) else {
            throw refuse("a comparison and a version come together", "give both or none")
        }
        if let evr, !RPMCharacters.isEVR(evr) {
            throw refuse("\"\(evr)\" is not [EPOCH:]VERSION[-RELEASE]", "use letters, digits and ._+~^")
        }
    }
}
