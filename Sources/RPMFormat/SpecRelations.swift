/// The lines of a spec file that relate a package to others.
enum SpecRelations {
    /// When a requirement holds, as `Requires(...)` names it.
    private static let qualifiers: [(RPMDependencyContext, String)] = [
        (.preTransaction, "pretrans"), (.pre, "pre"), (.post, "post"), (.preUninstall, "preun"),
        (.postUninstall, "postun"), (.postTransaction, "posttrans"), (.verify, "verify"), (.interpreter, "interp"),
    ]

    /// One line for each relation, in the description's order.
    static func lines(of package: RPMDescription) throws(RPMError) -> [String] {
        let groups = [
            ("Requires", package.requires), ("Provides", package.provides), ("Conflicts", package.conflicts),
            ("Obsoletes", package.obsoletes), ("Recommends", package.recommends),
        ]
        var lines: [String] = []
        for (tag, relations) in groups {
            for relation in relations { lines.append(try line(tag, relation)) }
        }
        return lines
    }

    private static func line(_ tag: String, _ relation: RPMDependency) throws(RPMError) -> String {
        let given = qualifiers.filter { relation.context.contains($0.0) }
        let known = given.reduce(into: RPMDependencyContext()) { $0.insert($1.0) }
        guard relation.context == known, tag == "Requires" || given.isEmpty else {
            throw .unspeakable(
                field: tag.lowercased(), value: relation.description,
                problem: "rpmbuild derives such a relation itself",
                hint: "leave it out")
        }
        let qualifier = given.isEmpty ? "" : "(\(given.map(\.1).joined(separator: ",")))"
        return "\(tag)\(qualifier): \(relation.description.macroEscaped)"
    }
}
