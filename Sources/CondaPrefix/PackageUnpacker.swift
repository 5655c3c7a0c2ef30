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
        let files = FileLinker(
            package: source.record.distribution, directory: directory, latestTime: nil,
            checksContents: !package.hasTrueList, sharesFiles: false)
        var linker = PackageLinker(plan: try source.plainPlan(), files: files) { event in
            if case .contentsDiffer(_, let path) = event { wrong.withLock { $0 = $0 ?? path } }
        }
        let paths = try linker.link()
        if let path = wrong.withLock({ $0 }) { throw .listWrong(archive: package.archivePath, path: path) }
        try writeDocuments(source, directory)
        return paths.reduce(into: [:]) { digests, path in
            if let path, path.kind == .hardlink { digests[path.path] = path.digestInPrefix }
        }
    }

    /// The documents carry the time of the package.
    private static func writeDocuments(_ source: PackageSource, _ directory: SafeDirectory) throws(PrefixError) {
        let time = FileTime(seconds: (source.record.timestamp ?? 0) / 1000)
        for (name, bytes) in source.info.files.sorted(by: { $0.key < $1.key }) {
            let place = try PrefixBuild.path(name)
            try PrefixError.writing { () throws(DirectoryError) in
                let file = try directory.createFile(place)
                try file.write(bytes)
                try file.setModificationTime(time)
            }
        }
    }
}
