import CondaModel
import Glibc
import HostSystem

/// Digests of what was written to an open file, read back from the page cache.
enum FileDigests {
    /// SHA-256 from an offset to the end, lower-case hexadecimal.
    static func sha256(of descriptor: Int32, from offset: Int64 = 0, path: String) throws(RPMError) -> String {
        hexadecimal(try digest(.sha256, of: descriptor, from: offset, path: path))
    }

    /// MD5 from an offset to the end.
    static func md5(of descriptor: Int32, from offset: Int64, path: String) throws(RPMError) -> [UInt8] {
        try digest(.md5, of: descriptor, from: offset, path: path)
    }

    private static func digest(
        _ algorithm: Digest.Algorithm, of descriptor: Int32, from offset: Int64, path: String
    ) throws(RPMError) -> [UInt8] {
        var digest = Digest(algorithm)
        try read(descriptor, from: offset, path: path) { digest.update($0) }
        return digest.finalize()
    }

    /// Reads from an offset to the end, in pieces.
    static func read(
        _ descriptor: Int32, from offset: Int64, path: String, _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(RPMError) {
        var position = offset
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let got = pread(descriptor, buffer.baseAddress, buffer.count, off_t(position))
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(path: path, reason: systemMessage()) }
            if got == 0 { return }
            body(UnsafeRawBufferPointer(rebasing: buffer[..<got]))
            position += Int64(got)
        }
    }
}
