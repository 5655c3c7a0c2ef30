import CondaArchive
import CondaModel

extension PrefixBuild {
    /// Writes `conda-meta`: a document per package, the state, and last the history, which makes the directory an
    /// environment for conda.
    func writeMetadata(_ packages: [InstalledPackage]) throws {
        if let folder = try? RelativePath("conda-meta") {
            try PrefixError.writing { () throws(DirectoryError) in _ = try directory.createDirectory(folder) }
        }
        _ = try concurrently(packages, limit: options.threads) { package in
            try writeDocument(package, path: package.documentPath)
        }
        if !options.variables.isEmpty {
            try writeDocument(EnvironmentState(variables: options.variables), path: EnvironmentState.path)
        }
        try writeGuards()
        try writeHistory(packages)
    }

    /// Writes what keeps conda and pip from changing the prefix.
    func writeGuards() throws(PrefixError) {
        try directory.write(try PrefixGuard.all(options, python: plan.python), time: FileTime(seconds: time))
    }

    /// Writes the history of a prefix that has none.
    func writeHistory(_ packages: [InstalledPackage]) throws(PrefixError) {
        let history = History.entry(
            seconds: time, command: options.command, records: packages.map(\.record),
            specs: packages.flatMap(\.requestedSpecs).sorted())
        try write(Array(history.utf8), to: try Self.path(History.path))
    }

    /// Writes a JSON document that is not there yet.
    func writeDocument(_ document: some Encodable, path: String) throws(PrefixError) {
        try write(try Document.encode(document, path: path), to: try Self.path(path))
    }

    /// A path that this module made; a package's name or version could still spoil it.
    static func path(_ text: String) throws(PrefixError) -> RelativePath {
        do throws(ArchiveFault) {
            return try RelativePath(text)
        } catch {
            throw .badPath(package: text, path: text, problem: error.description)
        }
    }
}
