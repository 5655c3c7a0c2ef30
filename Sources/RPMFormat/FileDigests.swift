import CondaModel
import Crypto
import Glibc

/// Digests of what was written to an open file, read back from the page cache.
enum FileDigests {
    /// SHA-256 from an offset to the end, lower-case hexadecimal.
    static func sha256(of descriptor: Int32, from offset: Int64 = 0, path: String) throws(RPMError) -> String {
        hexadecimal(try digest(of: descriptor, from: offset, SHA256(), path: path))
    }

    /// MD5 from an offset to the end.
    static func md5(of descriptor: Int32, from offset: Int64, path: String) throws(RPMError) -> [UInt8] {
        Array(try digest(of: descriptor, from: offset, Insecure.MD5(), path: path))
    }

    private static func digest<Hash: HashFunction>(
        of descriptor: Int32, from offset: Int64, _ hasher: Hash, path: String
    ) throws(RPMError) -> Hash.Digest {
        var hasher = hasher
        try read(descriptor, from: offset, path: path) { hasher.update(bufferPointer: $0) }
        return hasher.finalize()
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
