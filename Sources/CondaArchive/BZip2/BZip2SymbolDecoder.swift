/// Decodes the Huffman codes, the move-to-front list and the runs of one block.
final class BZip2SymbolDecoder {
    private let tables = (0..<6).map { _ in HuffmanTable() }
    private let order: UnsafeMutablePointer<UInt8>
    private var selectors: [UInt8] = []
    private var symbolCount = 0

    init() {
        order = .allocate(capacity: 256)
        order.initialize(repeating: 0, count: 256)
    }

    deinit {
        order.deallocate()
    }

    /// Reads a block behind its checksum.
    ///
    /// - Parameter capacity: bytes that a block of the stream's level may have.
    func decode(_ bits: BitReader, into block: BZip2Block, capacity: Int) throws(ArchiveFault) {
        guard try bits.read(1) == 0 else { throw .unsupported(.bzip2, "a randomised block of bzip2 0.9") }
        block.origin = Int(try bits.read(24))
        try readAlphabet(bits)
        let tableCount = Int(try bits.read(3))
        guard (2...6).contains(tableCount) else { throw .corrupt(.bzip2, "a block with \(tableCount) Huffman tables") }
        try readSelectors(bits, tableCount)
        for table in 0..<tableCount { try readTable(bits, tables[table]) }
        block.count = 0
        block.frequencies.update(repeating: 0, count: 256)
        try readSymbols(bits, block, capacity)
        guard block.origin < block.count else {
            throw .corrupt(.bzip2, "a block of \(block.count) bytes starts at row \(block.origin)")
        }
    }

    private func readAlphabet(_ bits: BitReader) throws(ArchiveFault) {
        let groups = try bits.read(16)
        var used = 0
        for group in 0..<16 where groups >> UInt32(15 - group) & 1 == 1 {
            let members = try bits.read(16)
            for member in 0..<16 where members >> UInt32(15 - member) & 1 == 1 {
                order[used] = UInt8(group * 16 + member)
                used += 1
            }
        }
        guard used > 0 else { throw .corrupt(.bzip2, "a block without bytes") }
        symbolCount = used + 2
    }

    private func readSelectors(_ bits: BitReader, _ tableCount: Int) throws(ArchiveFault) {
        let count = Int(try bits.read(15))
        guard count > 0 else { throw .corrupt(.bzip2, "a block without selectors") }
        selectors.removeAll(keepingCapacity: true)
        // The tables, the one used last lowest.
        var recent: UInt64 = 0x05_0403_0201_00
        for _ in 0..<count {
            let place = try bits.readOnes(limit: tableCount)
            guard place < tableCount else { throw .corrupt(.bzip2, "a selector beyond the last table") }
            let selector = recent >> UInt64(place * 8) & 0xFF
            recent = MoveToFront.shifted(recent, upTo: place, carrying: selector)
            if selectors.count < BZip2Format.usefulSelectors { selectors.append(UInt8(selector)) }
        }
    }

    private func readTable(_ bits: BitReader, _ table: HuffmanTable) throws(ArchiveFault) {
        var lengths: [UInt8] = []
        var length = Int(try bits.read(5))
        for _ in 0..<symbolCount {
            while true {
                guard (1...HuffmanTable.maximumLength).contains(length) else {
                    throw .corrupt(.bzip2, "a code of \(length) bits")
                }
                if try bits.read(1) == 0 { break }
                length += try bits.read(1) == 0 ? 1 : -1
            }
            lengths.append(UInt8(length))
        }
        try table.make(lengths)
    }

    private func readSymbols(_ bits: BitReader, _ block: BZip2Block, _ capacity: Int) throws(ArchiveFault) {
        var state = SymbolState(order: MoveToFront(order), capacity: capacity)
        for selector in selectors {
            try bits.prepare()
            let end = try readGroup(bits, tables[Int(selector)], block, &state)
            try bits.checkEnd()
            if end {
                block.count = state.count
                return
            }
        }
        throw .corrupt(.bzip2, "a block without an end")
    }

    /// Decodes at most 50 codes; returns whether the block's end was among them.
    ///
    /// ``BitReader/prepare()`` has made sure that their bits can be loaded without looking at the end.
    private func readGroup(
        _ bits: BitReader, _ table: HuffmanTable, _ block: BZip2Block, _ outer: inout SymbolState
    ) throws(ArchiveFault) -> Bool {
        var cursor = bits.cursor
        var state = outer
        let column = block.column
        let frequencies = block.frequencies
        let lookup = table.lookup
        let endSymbol = symbolCount - 1
        var ended = false
        defer {
            bits.cursor = cursor
            outer = state
        }
        for _ in 0..<BZip2Format.groupSize {
            cursor.load()
            var entry = lookup[Int(truncatingIfNeeded: cursor.bits &>> UInt64(64 - HuffmanTable.lookupBits))]
            if entry == 0 {
                entry = table.find(cursor.bits)
                guard entry != 0 else { throw .corrupt(.bzip2, "bits that are no Huffman code") }
            }
            cursor.take(Int(entry & 31))
            let symbol = Int(entry >> 5)
            guard symbol < endSymbol else {
                ended = true
                break
            }
            try state.add(symbol, column, frequencies)
        }
        return ended
    }
}

/// How far the bytes of one block have been decoded.
private struct SymbolState {
    private var order: MoveToFront
    private let capacity: Int
    private(set) var count = 0
    /// Digits of the current run's length so far; a digit 1 or 2 stands for itself times two to the power of its place.
    private var digits = 0

    init(order: MoveToFront, capacity: Int) {
        self.order = order
        self.capacity = capacity
    }

    /// Adds a byte by its place in the list, or repeats the one at the front for a digit of a run's length.
    ///
    /// Symbols 0 and 1 are digits and 2 is place 1; which it is no processor foresees, so nothing branches on it.
    @inline(__always)
    mutating func add(
        _ symbol: Int, _ column: UnsafeMutablePointer<UInt8>, _ frequencies: UnsafeMutablePointer<Int32>
    ) throws(ArchiveFault) {
        // All ones for a digit, else zero.
        let isDigit = (symbol &- 2) &>> 63
        let length = 1 &+ ((((symbol &+ 1) &<< digits) &- 1) & isDigit)
        digits = (digits &+ 1) & isDigit
        // A digit too many is worth more than the longest block.
        guard length <= capacity &- count else { throw Self.tooLong }
        let byte = order.move((symbol &- 1) & ~isDigit)
        let word = UInt64(byte) &* 0x0101_0101_0101_0101
        UnsafeMutableRawPointer(column + count).storeBytes(of: word, as: UInt64.self)
        if length > 8 { (column + count).update(repeating: byte, count: length) }
        frequencies[Int(byte)] &+= Int32(truncatingIfNeeded: length)
        count &+= length
    }

    private static let tooLong = ArchiveFault.corrupt(.bzip2, "a block is longer than its stream allows")
}
