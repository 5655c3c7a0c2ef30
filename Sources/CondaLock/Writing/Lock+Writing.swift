import Glibc
import StrictYAML

extension Lock {
    /// Writes the lock so that its name holds the old file or the whole new one, never a part.
    ///
    /// A symbolic link stays one: the file that it leads to is replaced. Permissions stay, too.
    ///
    /// - Returns: whether the file was written; a file that holds the same text already is left alone.
    /// - Throws: that the file is read-only or cannot be written, with the system's reason.
    @discardableResult
    package func write(to name: String) throws(LockError) -> Bool {
        let bytes = Array(text.utf8)
        if (try? DocumentFile.read(name, advice: "")) == bytes { return false }
        let path = Self.place(of: name)
        let mode = try Self.mode(of: path)
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure(path) }
        let isWritten =
            writeAll(bytes, to: descriptor) && mode.map { fchmod(descriptor, $0) == 0 } ?? true
            && fsync(descriptor) == 0
        let reason = failure(path)
        guard close(descriptor) == 0, isWritten else {
            unlink(temporary)
            throw isWritten ? failure(path) : reason
        }
        guard rename(temporary, path) == 0 else {
            let reason = failure(path)
            unlink(temporary)
            throw reason
        }
        return true
    }

    /// The file that a path leads to, which need not exist.
    private static func place(of path: String) -> String {
        var place = path
        // As many links as the kernel follows.
        for _ in 0..<40 {
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(place, &buffer, buffer.count)
            guard count > 0 else { break }
            let target = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
            let folder = place.lastIndex(of: "/").map { String(place[...$0]) } ?? ""
            place = target.hasPrefix("/") ? target : folder + target
        }
        return place
    }

    /// The permissions of the file that is there; nil where there is none.
    ///
    /// Renaming asks for no right on the file itself, so who took that away is asked here, root included.
    private static func mode(of path: String) throws(LockError) -> mode_t? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        guard status.st_mode & 0o222 != 0, access(path, W_OK) == 0 else {
            throw LockError(
                file: path, problem: "the lock has to be written, and is read-only",
                advice: "make it writable (chmod u+w \(path)), or name another file with --lockfile")
        }
        return status.st_mode & 0o7777
    }

    private func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = Glibc.write(descriptor, buffer.baseAddress.map { $0 + offset }, buffer.count - offset)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
    }

    private func failure(_ path: String) -> LockError {
        let reason = String(cString: strerror(errno))
        return LockError(
            file: path, problem: "the lock cannot be written: \(reason)",
            advice: "check that its folder exists, can be written, and has room")
    }
}
