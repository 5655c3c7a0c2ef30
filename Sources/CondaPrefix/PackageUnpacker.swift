import CondaArchive
import CondaModel
import Synchronization

/// Unpacks a package into a directory from which ``PrefixInstaller`` links it as if it were the archive.
///
/// The directory holds what the package's list names, as packaged, and those documents of `info/` that linking needs.
package enum PackageUnpacker {
    /// Unpacks one package into a directory that is empty or absent.
    ///
    /// - Returns: what the archive says of the package, in addition to its record.
    /// - Throws: ``PrefixError``; also when a file is not what the list says, for that list is all that tells later
    ///   whether the directory is whole.
    package static func unpack(_ package: PrefixPackage, into path: String) throws(PrefixError) {
        let source = try PackageSource(package)
        let directory = try PrefixError.writing { () throws(DirectoryError) in
            try SafeDirectory(path: path, creating: true)
        }
        let wrong = Mutex<String?>(nil)
        let files = FileLinker(
            package: source.record.distribution, directory: directory, latestTime: nil, checksContents: true,
            sharesFiles: false)
        var linker = PackageLinker(plan: try source.plainPlan(), files: files) { event in
            if case .contentsDiffer(_, let path) = event { wrong.withLock { $0 = $0 ?? path } }
        }
        _ = try linker.link()
        if let path = wrong.withLock({ $0 }) { throw .listWrong(archive: package.archivePath, path: path) }
        try writeDocuments(source, directory)
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
