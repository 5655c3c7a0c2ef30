import CLinux
import FoundationEssentials
import Glibc
import HostSystem

func status(_ path: String) -> stat? {
    var buffer = stat()
    return lstat(path, &buffer) == 0 ? buffer : nil
}

/// Whether the path itself (not what a link points at) exists.
func exists(_ path: String) -> Bool { status(path) != nil }

/// Whether the path itself is a directory; a link to one is not.
func isDirectory(_ path: String) -> Bool {
    status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
}

/// Whether a directory can be entered by this path: one itself, or by links, as a home on another disk is.
func isFolder(_ path: String) -> Bool {
    var buffer = stat()
    return stat(path, &buffer) == 0 && buffer.st_mode & S_IFMT == S_IFDIR
}

/// Whether two paths lead to one directory or file.
func areSame(_ first: String, _ second: String) -> Bool {
    var (one, other) = (stat(), stat())
    return stat(first, &one) == 0 && stat(second, &other) == 0 && one.st_dev == other.st_dev
        && one.st_ino == other.st_ino
}

/// The path without links; nil where it leads nowhere.
func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
}

/// Seconds since the epoch; 0 for a path that does not exist.
func modificationTime(_ path: String) -> Int { status(path).map { Int($0.st_mtim.tv_sec) } ?? 0 }

/// Runs a system call that reports failure as -1, and throws what errno says.
func check(_ operation: String, _ path: String, _ call: () -> Int32) throws(HostError) {
    guard call() != -1 else { throw .system(operation: operation, path: path, code: errno) }
}

/// Makes a directory, and those above it, readable by all whatever the umask; what is there stays as it is.
func makeDirectory(_ path: String) throws(HostError) {
    guard !isFolder(path) else { return }
    let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    if !parent.isEmpty { try makeDirectory(parent) }
    try check("create", path) { mkdir(path, 0o755) == -1 && !(errno == EEXIST && isFolder(path)) ? -1 : 0 }
    try check("set the mode of", path) { chmod(path, 0o755) }
}

/// Writes a file under its final name in one step: a reader sees the old contents or the new, never a part.
///
/// The name of its draft is always the same: what a killed run has left goes with the next one.
func replaceDocument(_ path: String, with contents: [UInt8], mode: mode_t = 0o644) throws(HostError) {
    let draft = "\(path).new"
    try check("replace", draft) { unlink(draft) == -1 && errno != ENOENT ? -1 : 0 }
    try HostError.of { () throws(SystemFailure) in try replaceFile(path, with: contents, temporary: draft, mode: mode) }
}

/// Points a symbolic link somewhere else in one step.
func replaceLink(_ path: String, target: String) throws(HostError) {
    let temporary = "\(path).new"
    // Of a try that was killed; anything but a link is somebody else's, and in the way.
    if status(temporary).map({ $0.st_mode & S_IFMT == S_IFLNK }) == true {
        try check("replace", temporary) { unlink(temporary) }
    }
    try check("create", temporary) { symlink(target, temporary) }
    try check("rename", path) { rename(temporary, path) }
    try HostError.of { () throws(SystemFailure) in try syncDirectory(of: path) }
}

/// Makes everything written to the file system that holds `path` durable.
func syncFileSystem(of path: String) throws(HostError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor != -1 else { throw .system(operation: "open", path: path, code: errno) }
    defer { close(descriptor) }
    try check("sync", path) { syncfs(descriptor) }
}

/// Removes a file or a whole tree; nothing there is no failure.
func removeTree(_ path: String) throws(HostError) {
    guard let found = status(path) else { return }
    guard found.st_mode & S_IFMT == S_IFDIR else {
        return try check("remove", path) { unlink(path) == -1 && errno != ENOENT ? -1 : 0 }
    }
    try FileTree(path).remove()
}

/// Bytes that a tree takes on the disk; what cannot be read counts nothing.
func treeSize(_ path: String) -> Int64 {
    let below = (try? FileManager.default.subpathsOfDirectory(atPath: path)) ?? []
    return below.reduce(0) { total, name in
        var status = stat()
        guard lstat("\(path)/\(name)", &status) == 0 else { return total }
        return total + Int64(status.st_blocks) * 512
    }
}
