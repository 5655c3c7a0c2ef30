import CondaArchive
import CondaModel
import Crypto
import Glibc

/// Digests of files that lie in a prefix.
enum FileDigest {
    private static let chunkSize = 1 << 18

    /// Reads a file once; the digest is lower-case hexadecimal, the size in bytes.
    static func sha256(
        of path: RelativePath, in directory: SafeDirectory
    ) throws(PrefixError) -> (digest: String, size: Int64) {
        let descriptor = try PrefixError.writing { () throws(DirectoryError) in try directory.openFile(path) }
        var hash = SHA256()
        var size: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunkSize, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor.number, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw .unreadable("\(directory.path)/\(path)", problem: String(cString: strerror(errno)))
            }
            if count == 0 { break }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            size += Int64(count)
        }
        return (hexadecimal(hash.finalize()), size)
    }
}
