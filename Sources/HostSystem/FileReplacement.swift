import Glibc

/// Writes a file under its final name in one step: a reader sees the old contents or the new, never a part.
///
/// A temporary file beside it is written and synced, gets the name, and the directory is synced, so that after a power cut it is
/// the one or the other, too.
///
/// - Parameters:
///   - temporary: the name until then, which nothing may have; by default one that no other process uses.
///   - permissions: what a new file gets, less the umask.
///   - mode: the permissions whatever the umask is; nil: as it wants them.
///   - isDurable: false for a file that carries its own digest: after a power cut its reader notices, and makes it again, so
///     that the wait for the disk would buy nothing.
/// - Throws: ``SystemFailure``; then nothing is left of the temporary file.
package func replaceFile(
    _ path: String, with bytes: [UInt8], temporary: String? = nil, permissions: mode_t = 0o644, mode: mode_t? = nil,
    isDurable: Bool = true
) throws(SystemFailure) {
    let draft = temporary ?? temporaryName(for: path)
    let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode ?? permissions)
    guard descriptor != -1 else { throw SystemFailure(operation: "create", path: draft) }
    do throws(SystemFailure) {
        try fill(descriptor, bytes, path: draft, mode: mode, isDurable: isDurable)
        guard rename(draft, path) == 0 else { throw SystemFailure(operation: "rename", path: path) }
    } catch {
        unlink(draft)
        throw error
    }
    if isDurable { try syncDirectory(of: path) }
}

/// Ends with the descriptor closed: file systems of a network tell of a full disk only then.
private func fill(
    _ descriptor: Int32, _ bytes: [UInt8], path: String, mode: mode_t?, isDurable: Bool
) throws(SystemFailure) {
    let failure: (operation: String, code: Int32)? = {
        let code = bytes.withUnsafeBytes { writeAll($0, to: descriptor) }
        if code != 0 { return ("write", code) }
        if let mode, fchmod(descriptor, mode) == -1 { return ("set the mode of", errno) }
        if isDurable, fsync(descriptor) == -1 { return ("sync", errno) }
        return nil
    }()
    let isClosed = close(descriptor) == 0
    if let failure { throw SystemFailure(operation: failure.operation, path: path, code: failure.code) }
    guard isClosed else { throw SystemFailure(operation: "close", path: path) }
}

/// Makes a directory's entries durable: after a power cut a rename in it has happened or it has not.
///
/// - Throws: ``SystemFailure``, but not where the file system cannot do that for directories, or who may write into this one may not
///   read it: there, that is all that can be done.
package func syncDirectory(of path: String) throws(SystemFailure) {
    let parent = directory(of: path)
    let descriptor = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor != -1 else {
        if errno == EACCES { return }
        throw SystemFailure(operation: "open", path: parent)
    }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw SystemFailure(operation: "sync", path: parent) }
}

/// The folder part of a path.
package func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// A name beside a path that no other process uses, short even where the path's own name is as long as a name can be.
package func temporaryName(for path: String) -> String {
    let folder = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path[...$0] } ?? ""
    return "\(folder).\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36)).new"
}
