import CondaModel
import HostSystem

/// Digests bytes while they pass by: SHA-256 always, because it is the name in the cache, MD5 when that is all that
/// is promised.
struct ArchiveDigest {
    /// Lower-case hexadecimal.
    struct Values {
        let sha256: String
        let md5: String?
    }

    private var sha256 = Digest(.sha256)
    private var md5: Digest?

    init(_ item: DownloadItem) { md5 = item.sha256 == nil && item.md5 != nil ? Digest(.md5) : nil }

    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        sha256.update(bytes)
        md5?.update(bytes)
    }

    /// Takes a file from its beginning to its end; returns its size.
    @discardableResult
    mutating func update(from file: File) throws(ChannelError) -> Int64 {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        var offset: UInt64 = 0
        while true {
            let count = try file.read(into: buffer, at: offset)
            if count == 0 { return Int64(offset) }
            update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += UInt64(count)
        }
    }

    func finish() -> Values {
        Values(sha256: hexadecimal(sha256.finalize()), md5: md5.map { hexadecimal($0.finalize()) })
    }
}
