/// One Huffman code of a deflate block, made for decoding several bits at a time (RFC 1951, 3.2.2).
final class DeflateTable {
    /// Bits that one look-up resolves.
    static let lookupBits = 10

    /// The longest code of the format.
    static let maximumLength = 15

    private static let maximumSymbols = 288

    /// For each run of bits the symbol (from bit 4) and the length of its code (below); 0 when the code is longer or
    /// there is none.
    private let lookup: UnsafeMutablePointer<UInt16>
    private let symbols: UnsafeMutablePointer<UInt16>

    /// For each length the first code that is too large for it, moved up to the 15th bit.
    private var limits = [UInt32](repeating: 0, count: maximumLength + 1)

    /// For each length what to subtract from a code to find its place in `symbols`.
    private var offsets = [Int](repeating: 0, count: maximumLength + 1)

    init() {
        lookup = .allocate(capacity: 1 << Self.lookupBits)
        symbols = .allocate(capacity: Self.maximumSymbols)
        symbols.initialize(repeating: 0, count: Self.maximumSymbols)
    }

    deinit {
        lookup.deallocate()
        symbols.deallocate()
    }

    /// Makes the canonical code of some lengths, 0 to 15 for each of at most 288 symbols.
    ///
    /// - Parameter mayBeIncomplete: allows one single code of one bit, as zlib does for lengths and distances; no code
    ///   at all is allowed in any case, and then no bits are one.
    /// - Throws: ``ArchiveFault/corrupt(_:_:)`` when the lengths ask for more or fewer codes than there are.
    func make(_ lengths: ArraySlice<UInt8>, mayBeIncomplete: Bool) throws(ArchiveFault) {
        lookup.update(repeating: 0, count: 1 << Self.lookupBits)
        var code: UInt32 = 0
        var place = 0
        for length in 1...Self.maximumLength {
            offsets[length] = Int(code) - place
            for (symbol, own) in lengths.enumerated() where own == length {
                guard code >> UInt32(length) == 0 else { throw .corrupt(.deflate, "more Huffman codes than bits") }
                enter(UInt16(symbol), code, length)
                symbols[place] = UInt16(symbol)
                place += 1
                code += 1
            }
            limits[length] = code << UInt32(Self.maximumLength - length)
            code <<= 1
        }
        let isComplete = limits[Self.maximumLength] == 1 << UInt32(Self.maximumLength)
        let isSingle = mayBeIncomplete && place == 1 && lengths.max() == 1
        guard isComplete || isSingle || place == 0 else { throw .corrupt(.deflate, "fewer Huffman codes than bits") }
    }

    /// Codes stand in the stream highest bit first, other numbers lowest bit first.
    private func enter(_ symbol: UInt16, _ code: UInt32, _ length: Int) {
        guard length <= Self.lookupBits else { return }
        var index = Int(Self.reversed(code, length))
        while index < 1 << Self.lookupBits {
            lookup[index] = symbol << 4 | UInt16(length)
            index += 1 << length
        }
    }

    private static func reversed(_ code: UInt32, _ length: Int) -> UInt32 {
        var forward = code
        var backward: UInt32 = 0
        for _ in 0..<length {
            backward = backward << 1 | forward & 1
            forward >>= 1
        }
        return backward
    }

    /// Decodes the next symbol; at least 15 bits must be loaded unless the stream ends.
    @inline(__always)
    func next(_ bits: inout DeflateBits) throws(ArchiveFault) -> Int {
        var entry = lookup[Int(truncatingIfNeeded: bits.bits & UInt64(1 << Self.lookupBits - 1))]
        if entry == 0 { entry = find(UInt32(truncatingIfNeeded: bits.bits & 0x7FFF)) }
        guard entry != 0 else {
            guard bits.count >= Self.maximumLength else { throw .truncated(.deflate, "the stream ends in a code") }
            throw .corrupt(.deflate, "bits that are no Huffman code")
        }
        try bits.take(Int(entry & 15))
        return Int(entry >> 4)
    }

    private func find(_ window: UInt32) -> UInt16 {
        let code = Self.reversed(window, Self.maximumLength)
        for length in (Self.lookupBits + 1)...Self.maximumLength where code < limits[length] {
            let place = Int(code >> UInt32(Self.maximumLength - length)) - offsets[length]
            return place < 0 ? 0 : symbols[place] << 4 | UInt16(length)
        }
        return 0
    }
}
