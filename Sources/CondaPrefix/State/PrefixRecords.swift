import CondaArchive
import CondaModel

/// The documents of a prefix that tell what is in it, which no archive brings: they are made with the prefix.
package enum PrefixRecords {
    /// What an administrator's conda goes on writing.
    private static let changing: Set<String> = ["conda-meta/history", "conda-meta/state"]

    /// The SHA-256 digests, in lower-case hexadecimal by path, of the packages' documents, the `RECORD` of each wheel that
    /// was linked here, and the files that keep others from changing the prefix.
    ///
    /// - Parameter packages: those of the prefix.
    /// - Throws: ``PrefixError`` when one cannot be read.
    package static func digests(prefix: String, packages: [PackageRecord]) throws -> [String: String] {
        let directory = try PrefixError.writing { () throws(DirectoryError) in
            try SafeDirectory(path: prefix, traversal: .insideRoot)
        }
        let python = packages.first { $0.name == "python" }
        let layout = python.flatMap { try? PythonLayout(python: $0) }
        var paths = try PrefixError.writing { () throws(DirectoryError) -> [RelativePath] in
            guard let folder = try? RelativePath("conda-meta") else { return [] }
            return try directory.names(in: folder).filter { $0.string.hasSuffix(".json") }.map(folder.appending)
        }
        paths += try PrefixGuard.paths(python: layout)
        if let python {
            let beside = [InstalledPackage(record: python, requestedSpecs: [], paths: [])]
            paths += try InstalledWheels.find(in: directory, beside: beside).wheels.map(\.recordPath)
        }
        return try digests(paths.filter { !changing.contains($0.string) }, in: directory)
    }

    /// The digests of those files that are there.
    package static func digests(prefix: String, paths: [String]) throws -> [String: String] {
        let directory = try PrefixError.writing { () throws(DirectoryError) in
            try SafeDirectory(path: prefix, traversal: .insideRoot)
        }
        return try digests(try paths.map(PrefixBuild.path), in: directory)
    }

    private static func digests(_ paths: [RelativePath], in directory: SafeDirectory) throws -> [String: String] {
        let found = try concurrently(paths, limit: PrefixOptions().threads) { path in
            let status = try PrefixError.writing { () throws(DirectoryError) in try directory.status(path) }
            return status?.kind == .file ? try FileDigest.sha256(of: path, in: directory).digest : nil
        }
        let pairs = zip(paths, found).compactMap { path, digest in digest.map { (path.string, $0) } }
        return Dictionary(pairs) { first, _ in first }
    }
}
