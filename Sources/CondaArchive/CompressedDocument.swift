/// A document in memory that was compressed by gzip (RFC 1952) or Zstandard, or not at all.
package enum CompressedDocument {
    /// Unpacks a document; its first bytes tell how it was compressed.
    ///
    /// - Parameter limit: the most bytes that the caller is willing to hold.
    /// - Throws: ``ArchiveFault`` for what is damaged or longer.
    package static func unpacked(_ bytes: [UInt8], limit: Int) throws(ArchiveFault) -> [UInt8] {
        if bytes.starts(with: [0x1f, 0x8b]) { return try gzip(bytes, limit: limit) }
        if bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
            return try read(ZstdSource(MemorySource(bytes), windowLog: 27), limit: limit)
        }
        return bytes
    }

    private static func gzip(_ bytes: [UInt8], limit: Int) throws(ArchiveFault) -> [UInt8] {
        let start = try contents(of: bytes)
        let packed = bytes[start..<bytes.count - 8]
        let unpacked = try read(InflateSource(MemorySource(packed), limit: Int64(limit)), limit: limit)
        var checksum = CRC32()
        unpacked.withUnsafeBytes { checksum.update($0) }
        let stored = bytes.suffix(8).prefix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard stored == checksum.value else { throw .corrupt(.file, "the checksum of gzip is another one") }
        return unpacked
    }

    /// Where the compressed bytes begin, behind the header and its optional fields.
    private static func contents(of bytes: [UInt8]) throws(ArchiveFault) -> Int {
        guard bytes.count >= 18, bytes[2] == 8 else { throw .corrupt(.file, "expected gzip") }
        let flags = bytes[3]
        var start = 10
        if flags & 4 != 0 { start += 2 + Int(bytes[10]) + Int(bytes[11]) << 8 }
        for field in [UInt8(8), 16] where flags & field != 0 {
            while start < bytes.count, bytes[start] != 0 { start += 1 }
            start += 1
        }
        if flags & 2 != 0 { start += 2 }
        guard start <= bytes.count - 8 else { throw .truncated(.file, "the header of gzip") }
        return start
    }

    private static func read(_ source: any ByteSource, limit: Int) throws(ArchiveFault) -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let chunk = try source.next()
            if chunk.isEmpty { return bytes }
            guard bytes.count + chunk.count <= limit else {
                throw .overLimit("bytes", limit: Int64(limit), found: Int64(bytes.count + chunk.count))
            }
            bytes.append(contentsOf: chunk)
        }
    }
}
