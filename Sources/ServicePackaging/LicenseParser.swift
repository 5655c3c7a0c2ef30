/// Reads licence expressions (SPDX, annex D): `OR` binds less than `AND`, and that less than `WITH`.
struct LicenseParser {
    /// Deeper ones are no licence that anybody reads.
    private static let maximumDepth = 32

    private var tokens: ArraySlice<String>
    private let license: (String) -> String?

    /// Parses a text in which the case of operators does not matter.
    ///
    /// - Parameter license: the name of what stands between two operators; nil when it is no licence.
    /// - Returns: nil when the text is no expression.
    static func parse(_ text: String, _ license: @escaping (String) -> String?) -> LicenseExpression? {
        var parser = LicenseParser(tokens: tokens(text)[...], license: license)
        guard let expression = parser.alternatives(depth: 0), parser.tokens.isEmpty else { return nil }
        return expression
    }

    /// Words and parentheses.
    private static func tokens(_ text: String) -> [String] {
        var tokens: [String] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            var rest = word
            while let place = rest.firstIndex(where: { $0 == "(" || $0 == ")" }) {
                if place > rest.startIndex { tokens.append(String(rest[..<place])) }
                tokens.append(String(rest[place]))
                rest = rest[rest.index(after: place)...]
            }
            if !rest.isEmpty { tokens.append(String(rest)) }
        }
        return tokens
    }

    private mutating func alternatives(depth: Int) -> LicenseExpression? {
        guard var terms = conjunction(depth: depth)?.alternatives else { return nil }
        while take("OR") {
            guard let next = conjunction(depth: depth) else { return nil }
            terms += next.alternatives
        }
        return terms.count == 1 ? terms[0] : .any(terms)
    }

    private mutating func conjunction(depth: Int) -> LicenseExpression? {
        guard var terms = factor(depth: depth)?.conjuncts else { return nil }
        while take("AND") {
            guard let next = factor(depth: depth) else { return nil }
            terms += next.conjuncts
        }
        return terms.count == 1 ? terms[0] : .all(terms)
    }

    private mutating func factor(depth: Int) -> LicenseExpression? {
        if take("(") {
            guard depth < Self.maximumDepth, let inner = alternatives(depth: depth + 1), take(")") else { return nil }
            return inner
        }
        var words: [String] = []
        while let token = tokens.first, !Self.isOperator(token) { words.append(tokens.removeFirst()) }
        return words.isEmpty ? nil : license(words.joined(separator: " ")).map(LicenseExpression.license)
    }

    private mutating func take(_ token: String) -> Bool {
        guard tokens.first?.uppercased() == token else { return false }
        tokens.removeFirst()
        return true
    }

    private static func isOperator(_ token: String) -> Bool {
        ["AND", "OR", "(", ")"].contains(token.uppercased())
    }
}
