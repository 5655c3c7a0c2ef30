import Glibc
import RPMFormat
import ServiceManifest

/// Refuses a file that the target's rpm could not read, by its size alone: nothing of it is read, digested or downloaded.
package enum FileSizes {
    /// Looks at the files, wheels and the bootstrap that a manifest names on this machine; what is not there is somebody
    /// else's to report.
    ///
    /// - Throws: `PackagingError.fileTooLarge`.
    package static func check(_ manifest: Manifest) throws(PackagingError) {
        let section = manifest.rpm
        guard !section.target.compatibility.allowsLargeFiles else { return }
        var named = section.files.enumerated().map { ("rpm.files[\($0)]", manifest.resolved($1.source)) }
        named += section.wheels.map { ("rpm.wheels", manifest.resolved($0)) }
        if let source = section.bootstrap.source, !section.bootstrap.isRemote {
            named.append(("rpm.bootstrap", manifest.resolved(source)))
        }
        for (key, path) in named {
            for file in [path] + FolderTree.paths(below: path).map({ "\(path)/\($0)" }) {
                var status = stat()
                guard lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
                try check(Int64(status.st_size), of: file, key: key, section.target)
            }
        }
    }

    /// Holds one size against the target, where it is known.
    ///
    /// - Throws: `PackagingError.fileTooLarge`.
    package static func check(
        _ size: Int64?, of path: String, key: String, _ target: Target
    ) throws(PackagingError) {
        guard let size, size > target.compatibility.maximumFileSize else { return }
        throw .fileTooLarge(path: path, key: key, size: size, target: target.name)
    }
}
