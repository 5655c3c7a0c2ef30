/// A relation to another RPM: a name, and possibly a version that it is compared with.
package struct PackageRelation: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The name, a path, or a whole rich dependency in parentheses.
    package var name: String
    /// One of `<`, `<=`, `=`, `>=`, `>`; `nil` without a version.
    package var comparison: String?
    /// Epoch, version and release as RPM writes them: `[E:]V[-R]`.
    package var version: String?

    package var description: String {
        [name, comparison, version].compactMap { $0 }.joined(separator: " ")
    }

    private static let evr = "([0-9]+:)?[A-Za-z0-9._+~^]+(-[A-Za-z0-9._+~^]+)?"
    private static let rule = TextRule(
        expected: "NAME or NAME OPERATOR VERSION, the operator one of < <= = >= >, blanks around it",
        pattern: #"[A-Za-z0-9_/][^\s<>=,]*( (<|<=|=|>=|>) "# + evr + ")?")
    private static let richRule = TextRule(
        expected: rule.expected + ", or a rich dependency in parentheses",
        pattern: #"(\([^\x00-\x1f]+\)|"# + rule.pattern + ")")

    /// A list of relations; rich dependencies (`(A or B)`) only where RPM takes them.
    static func list(rich: Bool) -> ValueType<[PackageRelation]> {
        .uniqueList(ValueType<String>.text(rich ? richRule : rule).map(PackageRelation.init(text:)), of: "relations")
    }

    /// Splits a text that follows the rule above.
    private init(text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard words.count == 3, !text.hasPrefix("(") else {
            name = text
            return
        }
        name = words[0]
        comparison = words[1]
        version = words[2]
    }
}
