import CondaModel
import FoundationEssentials
import Glibc
import HostSystem
import ServicePackaging

/// Reads and writes the small documents of a project: whole, or not at all.
enum FileContents {
    static func read(_ path: String) throws(WorkflowError) -> [UInt8] {
        do {
            return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        } catch {
            throw .unreadable(path: path, reason: error.systemReason)
        }
    }

    /// The first bytes of a file, or all of a shorter one.
    static func prefix(_ path: String, _ count: Int) throws(WorkflowError) -> [UInt8] {
        var start: [UInt8] = []
        try eachPiece(of: path, size: count) { piece in
            start += piece.prefix(count - start.count)
            return start.count < count
        }
        return start
    }

    /// Hands the pieces of a file to `take` until that has enough.
    private static func eachPiece(
        of path: String, size: Int, _ take: (UnsafeRawBufferPointer) -> Bool
    ) throws(WorkflowError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor != -1 else { throw .unreadable(path: path, reason: systemMessage()) }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count == -1, errno == EINTR { continue }
            guard count != -1 else { throw .unreadable(path: path, reason: systemMessage()) }
            guard count > 0, take(UnsafeRawBufferPointer(rebasing: buffer[..<count])) else { return }
        }
    }

    /// Writes a document in one step.
    ///
    /// - Parameter mode: the permissions whatever the umask is, of what goes where RPMs go; nil: as the umask wants them.
    static func replace(_ path: String, with text: String, mode: mode_t? = nil) throws(WorkflowError) {
        do { try replaceFile(path, with: Array(text.utf8), mode: mode) } catch {
            throw .unwritable(path: path, code: error.code)
        }
    }

    /// Brings a file to disk and gives it its final name.
    static func finish(_ temporary: String, as path: String) throws(WorkflowError) {
        let descriptor = open(temporary, O_RDONLY | O_CLOEXEC)
        guard descriptor != -1 else { throw .unwritable(path: path, code: errno) }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0, rename(temporary, path) == 0 else {
            throw .unwritable(path: path, code: errno)
        }
        do { try syncDirectory(of: path) } catch { throw .unwritable(path: path, code: error.code) }
    }

    /// SHA-256 of a file, lower-case hexadecimal, read in pieces.
    static func sha256(_ path: String) throws(WorkflowError) -> String {
        var hash = Digest(.sha256)
        try eachPiece(of: path, size: 1 << 20) { piece in
            hash.update(piece)
            return true
        }
        return hexadecimal(hash.finalize())
    }
}
