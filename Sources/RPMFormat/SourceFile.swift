import Glibc
import HostSystem

/// A file of this machine, open for reading.
final class SourceFile: Sendable {
    /// Path as it was given.
    let path: String
    /// Size in bytes when it was opened.
    let size: Int64
    /// The open descriptor; closed with this object.
    let descriptor: Int32

    /// Opens a regular file.
    init(_ path: String) throws(RPMError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(path: path, reason: systemMessage()) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw .unreadable(path: path, reason: "expected a regular file")
        }
        self.path = path
        self.descriptor = descriptor
        size = Int64(status.st_size)
    }

    deinit { close(descriptor) }

    /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
    func read(count: Int, at offset: Int64) throws(RPMError) -> [UInt8] {
        var failure: Int32 = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            (filled, failure) = readAll(into: UnsafeMutableRawBufferPointer(buffer), from: descriptor, at: offset)
        }
        if failure != 0 { throw .unreadable(path: path, reason: systemMessage(failure)) }
        return bytes
    }
}
