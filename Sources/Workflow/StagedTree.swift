import CondaChannel
import FoundationEssentials
import Glibc
import RPMFormat

/// A tree of files that an RPM is written from; it stands in the cache and goes with this object.
final class StagedTree: Sendable {
    let directory: String

    /// - Throws: `WorkflowError` when the cache cannot be written.
    init(_ cache: CacheDirectory) throws {
        let trees = "\(cache.path)/trees"
        Self.removeAbandoned(trees)
        directory = "\(trees)/\(getpid())-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory)
        } catch {
            throw WorkflowError.unwritable(path: directory, code: errno)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Trees of builds that were killed.
    private static func removeAbandoned(_ trees: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: trees)) ?? [] {
            guard let process = name.split(separator: "-").first.flatMap({ pid_t($0) }), kill(process, 0) == -1,
                errno == ESRCH
            else { continue }
            try? FileManager.default.removeItem(atPath: "\(trees)/\(name)")
        }
    }

    /// The tree as an RPM brings it to a place on hosts, that place first.
    ///
    /// - Parameter digests: what is known of files by their paths below the tree, in lower-case hexadecimal.
    /// - Throws: `WorkflowError.unpackable` for a name that no RPM can hold.
    func files(at place: String, digests: [String: String]) throws -> [RPMFile] {
        var files: [RPMFile] = []
        var folders = [""]
        while let folder = folders.popLast() {
            files.append(try file(folder, at: place, sha256: nil))
            for name in try FileManager.default.contentsOfDirectory(atPath: directory + folder) {
                let path = "\(folder)/\(name)"
                let file = try file(path, at: place, sha256: digests[String(path.dropFirst())])
                if file.contents == .directory { folders.append(path) } else { files.append(file) }
            }
        }
        return files
    }

    private func file(_ path: String, at place: String, sha256: String?) throws -> RPMFile {
        let source = directory + path
        var status = stat()
        guard lstat(source, &status) == 0 else { throw WorkflowError.unpackable(path: place + path) }
        let contents: RPMFile.Contents
        switch status.st_mode & S_IFMT {
        case S_IFDIR: contents = .directory
        case S_IFLNK:
            contents = .symlink(target: try FileManager.default.destinationOfSymbolicLink(atPath: source))
        default: contents = .file(path: source, size: Int64(status.st_size), sha256: sha256)
        }
        // Directories are as new as their last entry, which says nothing of the package.
        let time = contents == .directory ? nil : UInt32(clamping: status.st_mtim.tv_sec)
        var file = RPMFile(
            path: place + path, contents: contents, mode: UInt16(status.st_mode & 0o7777), modificationTime: time)
        file.isVerified = sha256 != nil
        return file
    }
}
