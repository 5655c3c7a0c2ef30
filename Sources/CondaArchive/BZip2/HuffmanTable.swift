/// One Huffman code of a bzip2 block, made for decoding several bits at a time.
final class HuffmanTable {
    /// Bits that one look-up resolves; six tables of this size fit the first-level cache.
    static let lookupBits = 11

    /// The longest code of the format.
    static let maximumLength = 20

    /// For each run of bits the symbol (from bit 5) and the length of its code (below); 0 when the code is longer.
    let lookup: UnsafeMutablePointer<UInt16>

    /// The symbols in the order of their codes.
    private let symbols: UnsafeMutablePointer<UInt16>

    /// For each length the first code that is too large for it, moved up to the 20th bit.
    private var limits = [UInt32](repeating: 0, count: maximumLength + 1)

    /// For each length what to subtract from a code to find its place in `symbols`.
    private var offsets = [Int](repeating: 0, count: maximumLength + 1)

    /// For each length where its symbols start in `symbols`.
    private var starts = [Int](repeating: 0, count: maximumLength + 1)

    init() {
        lookup = .allocate(capacity: 1 << Self.lookupBits)
        symbols = .allocate(capacity: BZip2Format.maximumSymbols)
        symbols.initialize(repeating: 0, count: BZip2Format.maximumSymbols)
    }

    deinit {
        lookup.deallocate()
        symbols.deallocate()
    }

    /// Makes the canonical code of some lengths.
    ///
    /// - Parameter lengths: 1 to 20 for each symbol.
    /// - Throws: ``ArchiveFault/corrupt(_:_:)`` when the lengths ask for more codes than there are.
    func make(_ lengths: [UInt8]) throws(ArchiveFault) {
        lookup.update(repeating: 0, count: 1 << Self.lookupBits)
        try divide(lengths)
        var next = starts
        for (symbol, length) in lengths.enumerated() {
            let place = next[Int(length)]
            next[Int(length)] = place + 1
            symbols[place] = UInt16(symbol)
            enter(UInt16(symbol), UInt32(place + offsets[Int(length)]), Int(length))
        }
    }

    /// Gives each length its range of codes, and its range of places in `symbols`.
    private func divide(_ lengths: [UInt8]) throws(ArchiveFault) {
        var counts = [Int](repeating: 0, count: Self.maximumLength + 1)
        for length in lengths { counts[Int(length)] += 1 }
        var code = 0
        var place = 0
        for length in 1...Self.maximumLength {
            starts[length] = place
            offsets[length] = code - place
            place += counts[length]
            code += counts[length]
            guard code <= 1 << length else { throw .corrupt(.bzip2, "a Huffman code has more codes than bits") }
            limits[length] = UInt32(code << (Self.maximumLength - length))
            code <<= 1
        }
    }

    private func enter(_ symbol: UInt16, _ code: UInt32, _ length: Int) {
        guard length <= Self.lookupBits else { return }
        let spare = Self.lookupBits - length
        (lookup + Int(code) << spare).update(repeating: symbol << 5 | UInt16(length), count: 1 << spare)
    }

    /// Finds a code that is longer than ``lookupBits``.
    ///
    /// - Parameter bits: the next bits of the stream, the first one highest.
    /// - Returns: the symbol and its code's length as in ``lookup``; 0 when no code starts with these bits.
    func find(_ bits: UInt64) -> UInt16 {
        let window = UInt32(truncatingIfNeeded: bits >> UInt64(64 - Self.maximumLength))
        for length in (Self.lookupBits + 1)...Self.maximumLength where window < limits[length] {
            let code = Int(window >> UInt32(Self.maximumLength - length))
            return symbols[code - offsets[length]] << 5 | UInt16(length)
        }
        return 0
    }
}
