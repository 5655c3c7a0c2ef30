/// Reads the structure of bzip2 streams and the Huffman codes of their blocks.
///
/// This part is sequential by nature, as only the last code tells where the next block starts; what costs most, the
/// inverse transform, comes after it and block by block.
final class BZip2Parser {
    private let bits: BitReader
    private let decoder = BZip2SymbolDecoder()
    private var level: Int?
    private var sawStream = false
    private var streamChecksum: UInt32 = 0

    init(_ source: any ByteSource) {
        bits = BitReader(source)
    }

    /// Reads the next block; false at the end of the last stream.
    ///
    /// - Throws: ``ArchiveFault/truncated(_:_:)``, ``ArchiveFault/corrupt(_:_:)``, ``ArchiveFault/unsupported(_:_:)``.
    func next(into block: BZip2Block) throws(ArchiveFault) -> Bool {
        while true {
            guard let level = try currentLevel() else { return false }
            switch try magic() {
            case BZip2Format.blockMagic:
                block.expectedChecksum = try bits.read(32)
                streamChecksum = (streamChecksum << 1 | streamChecksum >> 31) ^ block.expectedChecksum
                try decode(into: block, level)
                return true
            case BZip2Format.endMagic:
                guard try bits.read(32) == streamChecksum else {
                    throw .corrupt(.bzip2, "a stream's checksum differs from its blocks'")
                }
                bits.alignToByte()
                self.level = nil
            default:
                throw .corrupt(.bzip2, "expected a block or the stream's end, found something else")
            }
        }
    }

    private func decode(into block: BZip2Block, _ level: Int) throws(ArchiveFault) {
        do throws(ArchiveFault) {
            try decoder.decode(bits, into: block, capacity: level * BZip2Format.blockSizeStep)
        } catch  where bits.isAtCut {
            throw .truncated(.bzip2, "the stream ends in a block")
        }
    }

    private func magic() throws(ArchiveFault) -> UInt64 {
        let high = try bits.read(24)
        return UInt64(high) << 24 | UInt64(try bits.read(24))
    }

    /// The level of the stream that is being read, after its header if need be; nil at the end of the data.
    private func currentLevel() throws(ArchiveFault) -> Int? {
        if let level { return level }
        if try bits.isAtEnd() {
            guard sawStream else { throw .truncated(.bzip2, "expected a stream, found nothing") }
            return nil
        }
        let signature = try bits.read(24)
        let digit = Int(try bits.read(8)) - 0x30
        guard signature == 0x42_5A68, (1...9).contains(digit) else {
            throw .corrupt(.bzip2, "expected a stream header, found something else")
        }
        sawStream = true
        streamChecksum = 0
        level = digit
        return digit
    }
}
