import CondaModel
import Glibc

/// What a failed system call means here.
func fileError(_ path: String, _ operation: String, _ code: Int32 = errno) -> ChannelError {
    switch code {
    case ENOSPC, EDQUOT: .diskFull(path: path)
    default: .fileSystem(path: path, operation: operation, code: code)
    }
}

/// Makes a path absolute against the working directory.
func absolutePath(_ path: String) -> String {
    if path.hasPrefix("/") { return normalizedPath(path) }
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let working = getcwd(&buffer, buffer.count).map { String(cString: $0) } ?? "/"
    return normalizedPath("\(working)/\(path)")
}

/// Identity of a file's contents as far as `stat` can tell: a rewrite changes at least one of these.
struct FileStamp: Hashable, Sendable, Codable {
    let size: Int64
    let inode: UInt64
    let seconds: Int64
    let nanoseconds: Int64

    init(_ status: stat) {
        size = Int64(status.st_size)
        inode = UInt64(status.st_ino)
        seconds = Int64(status.st_mtim.tv_sec)
        nanoseconds = Int64(status.st_mtim.tv_nsec)
    }
}

/// A regular file's stamp, or nil when there is none at the path.
func stampOfFile(_ path: String) throws(ChannelError) -> FileStamp? {
    var status = stat()
    guard stat(path, &status) == 0 else {
        let code = errno
        if code == ENOENT || code == ENOTDIR { return nil }
        throw fileError(path, "reading", code)
    }
    return status.st_mode & S_IFMT == S_IFREG ? FileStamp(status) : nil
}

/// Makes a folder and its parents.
func makeDirectory(_ path: String) throws(ChannelError) {
    if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
        throw fileError(path, "creating")
    }
    try makeDirectory(String(path[..<slash]))
    if mkdir(path, 0o755) != 0 && errno != EEXIST { throw fileError(path, "creating") }
}

/// Removes a file; one that is gone already is no error.
func removeFile(_ path: String) { _ = unlink(path) }

/// The names in a folder, without `.` and `..`; empty when it does not exist.
func namesInDirectory(_ path: String) -> [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
            tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
}
