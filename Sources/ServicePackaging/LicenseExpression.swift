/// The licence of a package made of others: all of them hold together.
package enum LicenseExpression {
    /// What stands for a package that states no licence.
    package static let unknown = "LicenseRef-Unknown"

    /// Joins the service's own licence and those of the bundled packages with `AND`, each once, sorted after the own;
    /// where there are none at all, nothing is known.
    package static func joined(own: String?, bundled: [String?]) -> String {
        let others = Set(bundled.map { normalized($0) })
        let rest = others.subtracting(own.map { [$0] } ?? []).sorted()
        let all = (own.map { [$0] } ?? []) + rest
        return all.isEmpty ? unknown : all.map(grouped).joined(separator: " AND ")
    }

    private static func normalized(_ text: String?) -> String {
        let words = (text ?? "").split(whereSeparator: \.isWhitespace)
        return words.isEmpty ? unknown : words.joined(separator: " ")
    }

    /// `OR` binds less than `AND` (SPDX, annex D.4).
    private static func grouped(_ expression: String) -> String {
        expression.contains(" OR ") && !expression.hasPrefix("(") ? "(\(expression))" : expression
    }
}
