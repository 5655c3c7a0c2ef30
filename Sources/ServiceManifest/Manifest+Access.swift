import CondaModel

extension Manifest {
    /// The package name.
    ///
    /// - Throws: that there is none, with the remedy.
    package func requiredName() throws(ManifestError) -> String {
        if let name { return name }
        throw ManifestError(
            file: fileInMessages, key: "name", problem: "the package has no name", advice: "add `name:` or pass --name")
    }

    /// The version of the service.
    ///
    /// - Throws: that there is none, with the remedy.
    package func requiredVersion() throws(ManifestError) -> String {
        if let version = rpm.version { return version }
        throw ManifestError(
            file: fileInMessages, key: "rpm.version", problem: "the package has no version",
            advice: "add `version:` under `rpm:` or pass --version")
    }

    /// One line on what the package of this name is.
    package func summary(of name: String) -> String { rpm.summary ?? "\(name), a conda environment" }

    /// The directory on the host: `rpm.prefix`, or `/opt/NAME`.
    package func prefix() throws(ManifestError) -> String {
        if let prefix = rpm.prefix { return prefix }
        return "/opt/" + (try requiredName())
    }

    /// The conda requirements as MatchSpecs, in the order written.
    package func specs() throws(ManifestError) -> [MatchSpec] {
        var specs: [MatchSpec] = []
        for requirement in dependencies { specs.append(try Requirements.parse(requirement, file: fileInMessages)) }
        return specs
    }

    /// The manifest's folder as a path: empty for the working directory, otherwise ending in a slash.
    package var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "" }
        return String(path[...slash])
    }

    /// A path of the manifest as seen from the working directory.
    ///
    /// Relative ones start at the manifest's folder; URLs stay as they are.
    package func resolved(_ path: String) -> String {
        path.hasPrefix("/") || isURL(path) ? path : folder + path
    }

    private var fileInMessages: String { path.isEmpty ? "command line" : path }
}

extension Manifest {
    /// Holds the package's name to the rule of `user:` where a service takes its user from it.
    ///
    /// - Throws: the name that no host would make a user of, with a name that it would.
    package func checkUsers() throws(ManifestError) {
        guard let name, !TextRule.user.accepts(name),
            let index = rpm.services.firstIndex(where: { $0.user == nil })
        else { return }
        throw ManifestError(
            file: fileInMessages, key: "rpm.services[\(index)].user",
            problem: "the package's name \"\(name)\", which is the user where none is written, is none",
            expected: TextRule.user.expected, advice: "write for example `user: \(Self.userName(from: name))`")
    }

    /// A user name like another name.
    private static func userName(from name: String) -> String {
        let plain = name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") ? $0 : "-" }
        let short = plain.drop { !$0.isLetter && $0 != "_" }.prefix(31)
        return short.isEmpty ? "service" : String(short)
    }
}
