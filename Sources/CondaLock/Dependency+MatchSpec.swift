import CondaModel

extension LockedPackage.Dependency {
    /// The requirement as a MatchSpec: name and constraint.
    package var matchSpec: String { constraint.isEmpty ? name : "\(name) \(constraint)" }

    /// Splits a requirement of a conda package into its name and the rest.
    package init(_ requirement: String) {
        let text = requirement.trimmingBlanks
        // A channel in front (`conda-forge::python`) does not fit the lock's map of names; the URL tells it already.
        let mark = text.firstRange(of: "::").flatMap {
            text[..<$0.lowerBound].contains(where: \.isWhitespace) ? nil : $0
        }
        let body = mark.map { text[$0.upperBound...] } ?? text[...]
        let name = body.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "_.-".contains($0)) }
        self.init(name: name.lowercased(), constraint: String(body.dropFirst(name.count)).trimmingBlanks)
    }

    /// The requirements of a conda package with one entry for each name, sorted by name.
    ///
    /// The format maps a name to one constraint. Several constraints on one name are joined: versions by a comma
    /// (both must hold), followed by the build of the first that names one.
    package static func list(of requirements: [String]) -> [LockedPackage.Dependency] {
        var constraints: [String: String] = [:]
        for requirement in requirements {
            let dependency = LockedPackage.Dependency(requirement)
            constraints[dependency.name] = joined(constraints[dependency.name], dependency.constraint)
        }
        return constraints.map { LockedPackage.Dependency(name: $0, constraint: $1) }.sorted { $0.name < $1.name }
    }

    private static func joined(_ first: String?, _ second: String) -> String {
        guard let first, !first.isEmpty, first != second else { return second }
        guard !second.isEmpty else { return first }
        let parts = [first, second].map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        // An alternative (`|`) binds looser than the comma that would join it.
        guard !first.contains("|"), !second.contains("|"), !first.hasPrefix("["), !second.hasPrefix("[") else {
            return first
        }
        let versions = parts.map { $0[0] }.filter { $0 != "*" }
        let version = versions.isEmpty ? "*" : versions.joined(separator: ",")
        let build = parts.compactMap { $0.count > 1 ? $0[1] : nil }.first
        return build.map { "\(version) \($0)" } ?? version
    }
}
