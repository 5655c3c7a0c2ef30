import Glibc
import HostSystem

/// An open file, closed when the last reference goes.
final class File: Sendable {
    /// As given, for error messages.
    let path: String
    let descriptor: Int32

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Opens for reading; nil when there is no such file.
    static func reading(_ path: String) throws(ChannelError) -> File? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor >= 0 { return File(path: path, descriptor: descriptor) }
        let code = errno
        if code == ENOENT || code == ENOTDIR { return nil }
        throw fileError(path, "opening", code)
    }

    /// Opens for reading and writing, creating the file and its folder.
    ///
    /// `empty` discards what was there.
    static func writing(_ path: String, empty: Bool) throws(ChannelError) -> File {
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | (empty ? O_TRUNC : 0)
        var descriptor = open(path, flags, 0o644)
        if descriptor < 0 && errno == ENOENT {
            try makeDirectory(directory(of: path))
            descriptor = open(path, flags, 0o644)
        }
        if descriptor < 0 { throw fileError(path, "creating") }
        return File(path: path, descriptor: descriptor)
    }

    /// A new file with a name that no other process uses, beside `path` so that a rename stays on one file system.
    static func temporary(for path: String) throws(ChannelError) -> File {
        try makeDirectory(directory(of: path))
        while true {
            let unique = "\(path).\(String(UInt64.random(in: .min ... .max), radix: 36))"
            let descriptor = open(unique, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
            if descriptor >= 0 { return File(path: unique, descriptor: descriptor) }
            if errno != EEXIST { throw fileError(path, "creating") }
        }
    }

    func stamp() throws(ChannelError) -> FileStamp {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw fileError(path, "reading") }
        return FileStamp(status)
    }

    /// Reads up to the buffer's size at an offset; fewer bytes only at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(ChannelError) -> Int {
        let (count, code) = readAll(into: buffer, from: descriptor, at: Int64(offset))
        guard code == 0 else { throw fileError(path, "reading", code) }
        return count
    }

    /// The bytes of a range, fewer only at the end of the file.
    func bytes(at offset: UInt64, count: Int) throws(ChannelError) -> [UInt8] {
        var failure: ChannelError?
        let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            do throws(ChannelError) {
                filled = try read(into: UnsafeMutableRawBufferPointer(buffer), at: offset)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return result
    }

    /// Appends at the current position.
    func write(_ buffer: UnsafeRawBufferPointer) throws(ChannelError) {
        let code = writeAll(buffer, to: descriptor)
        guard code == 0 else { throw fileError(path, "writing", code) }
    }

    func seek(to offset: Int64) throws(ChannelError) {
        if lseek(descriptor, off_t(offset), SEEK_SET) < 0 { throw fileError(path, "reading") }
    }

    func truncate(to size: Int64) throws(ChannelError) {
        if ftruncate(descriptor, off_t(size)) != 0 { throw fileError(path, "writing") }
        try seek(to: size)
    }

    /// Waits until the bytes are on the disk.
    func sync() throws(ChannelError) {
        if fsync(descriptor) != 0 { throw fileError(path, "syncing") }
    }

    /// Syncs the bytes, gives the file its final name and syncs the folder, so that the name survives a power cut too.
    func commit(as finalPath: String) throws(ChannelError) {
        try sync()
        try makeDirectory(directory(of: finalPath))
        try move(to: finalPath)
        do { try syncDirectory(of: finalPath) } catch { throw fileError(finalPath, "syncing", error.code) }
    }

    /// Gives the file its final name, which replaces another file of that name at once.
    func move(to finalPath: String) throws(ChannelError) {
        if rename(path, finalPath) != 0 { throw fileError(finalPath, "renaming to") }
    }

    /// Takes the exclusive `flock` if nobody has it.
    ///
    /// It goes with the last reference, or the process.
    func tryLock() throws(ChannelError) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            if errno != EINTR { throw fileError(path, "locking") }
        }
        return true
    }
}

/// Writes a small file completely or not at all.
///
/// `synced` is false for files that carry or are named by their own digest: after a power cut their reader notices,
/// and makes them again, so that the wait for the disk would buy nothing.
func writeAtomically(_ bytes: [UInt8], to path: String, synced: Bool = true) throws(ChannelError) {
    try makeDirectory(directory(of: path))
    do { try replaceFile(path, with: bytes, isDurable: synced) } catch { throw fileError(path, "writing", error.code) }
}

/// Opens `path` and waits for its lock, giving way to the process or task that has it.
///
/// A lock file that its owner renamed away meanwhile is opened anew.
func lockedFile(_ path: String) async throws(ChannelError) -> File {
    var pause: Duration = .milliseconds(2)
    while true {
        let file = try File.writing(path, empty: false)
        if try file.tryLock() {
            if try stampOfFile(path)?.inode == file.stamp().inode { return file }
            continue
        }
        do { try await Task.sleep(for: pause) } catch { throw .cancelled }
        pause = min(pause * 2, .milliseconds(100))
    }
}
