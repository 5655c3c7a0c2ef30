/// What happens while a prefix is made, in the order in which it happens; several threads may report at once.
package enum PrefixEvent: Sendable, Equatable {
    /// Everything was checked, and nothing written yet.
    case planned(packages: Int, files: Int, bytes: Int64)
    /// Two packages or wheels have one path.
    case clobbered(PathClobber)
    /// All files of a package are in place.
    case linked(package: String, files: Int, bytes: Int64)
    /// A file is not what the package's own list says; it is linked as the archive holds it.
    case contentsDiffer(package: String, path: String)
    /// A link script starts.
    case runningScript(package: String, script: LinkScript.Kind)
    /// A pre-unlink script failed, which stops nothing.
    case scriptFailed(package: String, script: LinkScript.Kind, status: String, output: String)
    /// A link script left a message for the user.
    case message(package: String, text: String)
    /// Link scripts that were not run because of the options or the destination.
    case scriptsSkipped(packages: [String])
    /// Python modules were byte-compiled; `failed` of them could not be.
    case compiled(modules: Int, failed: Int)
    /// The environment's Python did not run at all.
    case notCompiled(reason: String)
}

/// One path that several packages have.
package struct PathClobber: Sendable, Hashable {
    /// The path below the prefix.
    package let path: String

    /// The package whose file is in place: the last one in topological order, as with conda, then the last wheel.
    package let winner: String

    /// The packages whose file is not.
    package let losers: [String]

    /// Names the packages of a path.
    package init(path: String, winner: String, losers: [String]) {
        self.path = path
        self.winner = winner
        self.losers = losers
    }
}

/// What `install` did.
package struct PrefixReport: Sendable, Equatable {
    /// Packages linked.
    package var packages = 0

    /// Wheels linked.
    package var wheels = 0

    /// Files and links written, entry points and compiled modules among them.
    package var files = 0

    /// Bytes of those files.
    package var bytes: Int64 = 0

    /// Paths that several packages have, in the order of paths.
    package var clobbers: [PathClobber] = []

    /// What link scripts left for the user, in the order in which they ran.
    package var messages: [ScriptMessage] = []

    /// Packages whose link scripts were not run.
    package var skippedScripts: [String] = []

    /// A report of nothing done.
    package init() {}
}

/// What a link script wrote to `.messages.txt`.
package struct ScriptMessage: Sendable, Hashable {
    /// The package, `NAME-VERSION-BUILD`.
    package let package: String

    /// The text.
    package let text: String

    /// Joins a text to its package.
    package init(package: String, text: String) {
        self.package = package
        self.text = text
    }
}
