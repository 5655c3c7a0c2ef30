import CondaArchive
import CondaModel
import Synchronization

/// Unpacks a package into a directory from which ``PrefixInstaller`` links it as if it were the archive.
///
/// The directory holds what the package's list names, as packaged, and those documents of `info/` that linking needs.
package enum PackageUnpacker {
    /// Unpacks one package into a directory that is empty or absent.
    ///
    /// - Returns: the digests of its files, in lower-case hexadecimal, by their paths.
    /// - Throws: ``PrefixError``; also when a file is not what the list says, for that list is all that tells later
    ///   whether the directory is whole.
    @discardableResult
    package static func unpack(
        _ package: PrefixPackage, into path: String
    ) throws(PrefixError) -> [String: String] {
        let source = try PackageSource(package)
        let directory = try PrefixError.writing { () throws(DirectoryError) in
            try SafeDirectory(path: path, creating: true)
        }
        let wrong = Mutex<String?>(nil)
        let linking = FileLinker(
            package: source.record.distribution, directory: directory, latestTime: nil,
            checksContents: !package.hasTrueList, sharesFiles: false)
        let plan = try source.plainPlan()
        var linker = PackageLinker(plan: plan, files: linking) { event in
            if case .contentsDiffer(_, let path) = event { wrong.withLock { $0 = $0 ?? path } }
        }
        let paths = try linker.link()
        if let path = wrong.withLock({ $0 }) { throw .listWrong(archive: package.archivePath, path: path) }
        try write(documents(source, plan, paths), of: source, to: directory)
        // Two spellings of one letter are two files, and the same key.
        let files = Dictionary(grouping: paths.compactMap(\.self).filter { $0.kind == .hardlink }, by: \.path)
        return files.compactMapValues { $0.count == 1 ? $0[0].digestInPrefix : nil }
    }

    /// `info/paths.json` (CEP 34), whose entries `conda-meta` has too.
    private struct List: Encodable {
        let paths: [InstalledPath]
        let version = 1

        private enum CodingKeys: String, CodingKey {
            case paths
            case version = "paths_version"
        }
    }

    /// The package's documents, with a list that tells every digest: old packages have none, or lists without them.
    private static func documents(
        _ source: PackageSource, _ plan: PackagePlan, _ paths: [InstalledPath?]
    ) throws(PrefixError) -> [String: [UInt8]] {
        var documents = source.info.files
        let isComplete = plan.tasks.allSatisfy { $0.listed.type != .hardlink || $0.listed.sha256 != nil }
        if !isComplete || documents["info/paths.json"] == nil {
            let listed = zip(plan.tasks, paths).compactMap { task, path -> InstalledPath? in
                guard var path else { return nil }
                (path.digestInPrefix, path.linkTarget) = (nil, nil)
                path.placeholder = task.listed.placeholder?.text
                path.fileMode = task.listed.placeholder?.mode.rawValue
                return path
            }
            documents["info/paths.json"] = try Document.encode(List(paths: listed), path: "info/paths.json")
        }
        return documents
    }

    /// The documents carry the time of the package.
    private static func write(
        _ documents: [String: [UInt8]], of source: PackageSource, to directory: SafeDirectory
    ) throws(PrefixError) {
        let time = FileTime(seconds: (source.record.timestamp ?? 0) / 1000)
        for (name, bytes) in documents.sorted(by: { $0.key < $1.key }) {
            let place = try PrefixBuild.path(name)
            try PrefixError.writing { () throws(DirectoryError) in
                let file = try directory.createFile(place)
                try file.write(bytes)
                try file.setModificationTime(time)
            }
        }
    }
}
