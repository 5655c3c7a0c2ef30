/// The licence of a package made of others: all of them hold together.
package enum LicenseExpression: Hashable, Sendable {
    /// One licence, with its `+` or its exception.
    case license(String)
    /// `AND`.
    case all([LicenseExpression])
    /// `OR`.
    case any([LicenseExpression])

    /// What stands for packages of which nothing is known.
    package static let unknown = "LicenseRef-Unknown"

    /// Joins the service's own licence and those of the bundled packages with `AND`, each once, sorted after the own;
    /// where there are none at all, nothing is known.
    ///
    /// The own one stands there as the manifest writes it. The others become valid SPDX whatever they were.
    package static func joined(own: String?, bundled: [(package: String, license: String?)]) -> String {
        let terms = Set(bundled.flatMap { LicenseSpelling.expression($0.license, of: $0.package).conjuncts })
        let own = own.flatMap { $0.isEmpty ? nil : $0 }
        let rest = terms.subtracting(own.map(conjuncts(of:)) ?? []).sorted { $0.description < $1.description }
        guard rest.count + (own == nil ? 0 : 1) > 1 else { return own ?? rest.first?.description ?? unknown }
        return ((own.map { [grouped($0)] } ?? []) + rest.map(\.factor)).joined(separator: " AND ")
    }

    /// What the own licence says already.
    private static func conjuncts(of own: String) -> [LicenseExpression] {
        LicenseParser.parse(own, \.self)?.conjuncts ?? []
    }

    /// The own licence beside others; where it is no expression, its words can only be guessed at.
    private static func grouped(_ own: String) -> String {
        guard let expression = LicenseParser.parse(own, \.self) else {
            return own.contains(" OR ") ? "(\(own))" : own
        }
        return expression.isAlternative ? "(\(own))" : own
    }

    /// What holds together in it.
    var conjuncts: [LicenseExpression] {
        if case .all(let terms) = self { return terms }
        return [self]
    }

    /// What there is to choose from in it.
    var alternatives: [LicenseExpression] {
        if case .any(let terms) = self { return terms }
        return [self]
    }

    /// The same with each operand once.
    var withoutRepetition: LicenseExpression {
        switch self {
        case .license:
            return self
        case .all(let terms):
            let terms = Self.unique(terms.flatMap(\.withoutRepetition.conjuncts))
            return terms.count == 1 ? terms[0] : .all(terms)
        case .any(let terms):
            let terms = Self.unique(terms.flatMap(\.withoutRepetition.alternatives))
            return terms.count == 1 ? terms[0] : .any(terms)
        }
    }

    private static func unique(_ terms: [LicenseExpression]) -> [LicenseExpression] {
        var seen: Set<LicenseExpression> = []
        return terms.filter { seen.insert($0).inserted }
    }

    private var isAlternative: Bool { alternatives.count > 1 }

    /// `OR` binds less than `AND` (SPDX, annex D.4).
    private var factor: String { isAlternative ? "(\(description))" : description }
}

extension LicenseExpression: CustomStringConvertible {
    /// The expression with parentheses only where precedence needs them.
    package var description: String {
        switch self {
        case .license(let name): name
        case .all(let terms): terms.map(\.factor).joined(separator: " AND ")
        case .any(let terms): terms.map(\.description).joined(separator: " OR ")
        }
    }
}
