/// One block of 512 bytes that describes a member: v7, ustar (POSIX) or GNU.
struct TarHeader {
    static let blockSize = 512

    /// The dialects, told by the magic at byte 257.
    enum Dialect {
        case v7
        case ustar
        case gnu
    }

    let dialect: Dialect
    let path: [UInt8]
    let linkPath: [UInt8]
    let mode: UInt16
    /// Bytes of data behind the header, before padding.
    let size: Int64
    let modificationTime: Int64
    let typeFlag: UInt8
    /// Four sparse regions of 24 bytes, the flag for more (byte 96) and the real size (from byte 97); GNU type `S` only.
    let sparseFields: [UInt8]

    /// Decodes a block; nil when it is all zeros, which marks the end of the archive.
    ///
    /// - Throws: ``ArchiveFault/corrupt(_:_:)`` when the checksum or a number is wrong.
    init?(_ block: [UInt8]) throws(ArchiveFault) {
        guard block.contains(where: { $0 != 0 }) else { return nil }
        try Self.verifyChecksum(block)
        dialect = Self.dialect(block)
        typeFlag = block[156]
        mode = UInt16(truncatingIfNeeded: try TarNumber.parseSize(Self.slice(block, 100, 8), "mode") & 0o7777)
        size = try TarNumber.parseSize(Self.slice(block, 124, 12), "size")
        modificationTime = try TarNumber.parse(Self.slice(block, 136, 12), "mtime")
        linkPath = Self.text(block, 157, 100)
        sparseFields = typeFlag == UInt8(ascii: "S") ? Array(Self.slice(block, 386, 109)) : []
        let name = Self.text(block, 0, 100)
        let prefix = dialect == .ustar ? Self.text(block, 345, 155) : []
        path = prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
    }

    static func slice(_ block: [UInt8], _ offset: Int, _ count: Int) -> ArraySlice<UInt8> {
        block[offset..<(offset + count)]
    }

    /// A text field: its bytes before the first NUL.
    private static func text(_ block: [UInt8], _ offset: Int, _ count: Int) -> [UInt8] {
        Array(slice(block, offset, count).prefix { $0 != 0 })
    }

    private static func dialect(_ block: [UInt8]) -> Dialect {
        let magic = slice(block, 257, 8)
        if magic.elementsEqual("ustar  \0".utf8) { return .gnu }
        return magic.starts(with: "ustar".utf8) ? .ustar : .v7
    }

    /// Compares the sum of all bytes, the checksum's own field read as blanks; some old writers summed signed bytes.
    private static func verifyChecksum(_ block: [UInt8]) throws(ArchiveFault) {
        let field = 148..<156
        var unsigned: Int64 = 8 * 0x20
        var signed: Int64 = 8 * 0x20
        for index in 0..<blockSize where !field.contains(index) {
            unsigned += Int64(block[index])
            signed += Int64(Int8(bitPattern: block[index]))
        }
        let expected = try TarNumber.parse(slice(block, field.lowerBound, field.count), "checksum")
        guard expected == unsigned || expected == signed else {
            throw .corrupt(.tar, "a header's checksum is \(unsigned), expected \(expected)")
        }
    }
}
