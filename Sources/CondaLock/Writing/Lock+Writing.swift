import Glibc
import StrictYAML

extension Lock {
    /// Writes the lock so that its name holds the old file or the whole new one, never a part.
    ///
    /// - Returns: whether the file was written; a file that holds the same text already is left alone.
    /// - Throws: that the file cannot be written, with the system's reason.
    @discardableResult
    package func write(to path: String) throws(LockError) -> Bool {
        let bytes = Array(text.utf8)
        if (try? DocumentFile.read(path, advice: "")) == bytes { return false }
        let temporary = "\(path).\(getpid()).tmp"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw failure(path) }
        let isWritten = writeAll(bytes, to: descriptor) && fsync(descriptor) == 0
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
