/// The numbers of the deflate format (RFC 1951, 3.2.5 to 3.2.7).
enum DeflateFormat {
    /// A number that is coded as a base and some bits to add.
    struct Range {
        let base: Int
        let width: Int

        /// Takes the bits; they must be loaded already unless the stream ends.
        @inline(__always)
        func value(_ bits: inout DeflateBits) throws(ArchiveFault) -> Int {
            let extra = Int(truncatingIfNeeded: bits.bits & ((1 &<< UInt64(truncatingIfNeeded: width)) &- 1))
            try bits.take(width)
            return base &+ extra
        }
    }

    /// The order in which the lengths of the code for code lengths stand.
    static let lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// The match lengths of the symbols from 257.
    static let lengths = ranges(first: 3, widths: (0..<28).map { max(0, $0 / 4 - 1) }) + [Range(base: 258, width: 0)]

    /// The distances of the distance symbols.
    static let distances = ranges(first: 1, widths: (0..<30).map { max(0, $0 / 2 - 1) })

    /// Code lengths of a block with fixed codes.
    static let fixedLiterals: [UInt8] = (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 }

    /// Distance codes of a block with fixed codes; the last two never occur.
    static let fixedDistances = [UInt8](repeating: 5, count: 32)

    private static func ranges(first: Int, widths: [Int]) -> [Range] {
        var base = first
        return widths.map { width in
            defer { base += 1 << width }
            return Range(base: base, width: width)
        }
    }
}
