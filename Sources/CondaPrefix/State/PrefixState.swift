import CondaArchive
import CondaModel

/// What `conda-meta` tells about a prefix.
package struct PrefixState: Sendable {
    /// The directory that holds the prefix, as an absolute path.
    package let prefix: String

    /// The installed packages in topological order, dependencies first.
    package let packages: [InstalledPackage]

    /// The wheels that were linked beside the packages, in the order of their names.
    package let wheels: [InstalledWheel]

    /// The paths of documents in `conda-meta`, and of a wheel's `RECORD`, that do not decode, with the reason.
    package let damagedDocuments: [String: String]

    let directory: SafeDirectory

    /// Reads every `conda-meta/*.json` of a prefix, and the `RECORD` of every wheel.
    ///
    /// - Parameters:
    ///   - prefix: the directory that holds the prefix, as an absolute path.
    ///   - threads: documents read at the same time.
    /// - Throws: ``PrefixError`` when there is no prefix, or a document cannot be read.
    package init(prefix: String, threads: Int = PrefixOptions().threads) throws {
        self.prefix = prefix
        let directory = try PrefixError.writing { () throws(DirectoryError) in
            try SafeDirectory(path: prefix, traversal: .insideRoot)
        }
        self.directory = directory
        let documents = try ShellEnvironment.scripts(in: "conda-meta", of: directory, suffix: ".json")
        let read = try concurrently(documents, limit: threads) { path in
            try Self.read(path, in: directory)
        }
        packages = Self.ordered(read.compactMap(\.package))
        let found = try InstalledWheels.find(in: directory, beside: packages)
        wheels = found.wheels
        let damaged = zip(documents, read).compactMap { path, result in result.damage.map { (path, $0) } }
        damagedDocuments = Dictionary(uniqueKeysWithValues: damaged + found.damaged)
    }

    private static func read(
        _ path: String, in directory: SafeDirectory
    ) throws(PrefixError) -> (package: InstalledPackage?, damage: String?) {
        do throws(PrefixError) {
            return (try Document.read(path, in: directory), nil)
        } catch .badDocument(_, let problem) {
            return (nil, problem)
        }
    }

    private static func ordered(_ packages: [InstalledPackage]) -> [InstalledPackage] {
        var byName: [String: [InstalledPackage]] = [:]
        for package in packages { byName[package.record.name, default: []].append(package) }
        var ordered: [InstalledPackage] = []
        for record in PackageRecord.topologicallySorted(packages.map(\.record)) {
            guard let index = byName[record.name]?.firstIndex(where: { $0.record == record }),
                let package = byName[record.name]?.remove(at: index)
            else { continue }
            ordered.append(package)
        }
        return ordered
    }
}
