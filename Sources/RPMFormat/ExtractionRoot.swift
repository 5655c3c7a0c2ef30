import Glibc
import HostSystem

/// The directory that a package is unpacked to; every step below it goes through an open directory, never a link.
struct ExtractionRoot: ~Copyable {
    private let descriptor: Int32
    private let package: String

    init(_ path: String, package: String) throws(RPMError) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        self.package = package
        guard descriptor >= 0 else { throw .unwritable(path: path, reason: systemMessage()) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Makes a directory and those above it.
    func makeDirectory(_ path: String) throws(RPMError) {
        close(try openDirectory(try parts(of: path)[...], of: path))
    }

    /// Makes a symbolic link; its target is stored, never followed.
    func makeLink(_ path: String, target: String) throws(RPMError) {
        try inParent(of: path) { parent, name in symlinkat(target, parent, name) == 0 }
    }

    /// Makes a second name for a file that is there already.
    func makeHardLink(_ path: String, to existing: String) throws(RPMError) {
        let source = try parts(of: existing)
        let sourceParent = try openDirectory(source.dropLast(), of: existing)
        defer { close(sourceParent) }
        try inParent(of: path) { parent, name in linkat(sourceParent, source.last ?? "", parent, name, 0) == 0 }
    }

    /// Makes a new, empty file and opens it for writing.
    func makeFile(_ path: String) throws(RPMError) -> Int32 {
        var file: Int32 = -1
        try inParent(of: path) { parent, name in
            file = openat(parent, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
            return file >= 0
        }
        return file
    }

    /// Sets permission bits and times of an open file or directory.
    func finish(_ file: Int32, _ entry: RPMEntry) throws(RPMError) {
        let time = timespec(tv_sec: Int(entry.modificationTime), tv_nsec: 0)
        guard fchmod(file, mode_t(entry.mode & 0o777)) == 0, futimens(file, [time, time]) == 0 else {
            throw .unwritable(path: entry.path, reason: systemMessage())
        }
    }

    /// Sets permission bits and times of a directory.
    func finish(directory entry: RPMEntry) throws(RPMError) {
        let directory = try openDirectory(try parts(of: entry.path)[...], of: entry.path)
        defer { close(directory) }
        try finish(directory, entry)
    }

    private func inParent(of path: String, _ body: (Int32, String) -> Bool) throws(RPMError) {
        let parts = try parts(of: path)
        let parent = try openDirectory(parts.dropLast(), of: path)
        defer { close(parent) }
        guard let name = parts.last, body(parent, name) else {
            throw .unwritable(path: path, reason: systemMessage())
        }
    }

    private func parts(of path: String) throws(RPMError) -> [String] {
        let parts = path.pathParts.filter { !$0.isEmpty }
        guard !parts.isEmpty, !parts.contains(where: { $0 == ".." || $0 == "." }) else {
            throw .unsafePath(path: path, package: package, reason: "it is not normalised")
        }
        return parts
    }

    /// Opens a directory below the root, making what is missing; the caller closes it.
    private func openDirectory(_ parts: ArraySlice<String>, of path: String) throws(RPMError) -> Int32 {
        var current = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        for part in parts {
            let parent = current
            defer { close(parent) }
            if mkdirat(parent, part, 0o755) != 0, errno != EEXIST {
                throw .unwritable(path: path, reason: systemMessage())
            }
            let next = openat(parent, part, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard next >= 0 else {
                throw .unsafePath(path: path, package: package, reason: "\(part) is not a directory")
            }
            current = next
        }
        return current
    }
}
