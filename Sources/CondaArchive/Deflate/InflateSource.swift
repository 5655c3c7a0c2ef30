/// The bytes that one raw deflate stream unpacks to (RFC 1951), never more than were promised.
///
/// It is our own decoder because the tool that ships to hosts links statically, and the static zlib of RHEL is in a
/// repository that builders often do not have. zlib's rules decide what is refused.
package final class InflateSource: ByteSource {
    /// How far a match may reach back.
    private static let windowSize = 32 << 10

    /// Bytes that are handed out at once.
    private static let chunkSize = 128 << 10

    /// Bytes of the longest match.
    private static let longestMatch = 258

    private enum Stage {
        case header
        case stored(rest: Int)
        case codes
        case end
    }

    private var bits: DeflateBits
    private let output: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    /// Bytes in `output`; those before `handedOut` serve as window only.
    private var filled = 0
    private var handedOut = 0
    private let limit: Int64
    private var total: Int64 = 0
    private var stage = Stage.header
    private var isLastBlock = false
    private let literals = DeflateTable()
    private let distances = DeflateTable()

    /// - Parameter limit: bytes that the stream is said to unpack to; the first byte more is refused.
    package init(_ input: any ByteSource, limit: Int64) {
        bits = DeflateBits(input)
        self.limit = limit
        // A small stream fits as a whole, so that thousands of small files do not ask for a large buffer each.
        capacity = Int(min(max(limit, 0), Int64(Self.windowSize + Self.chunkSize)))
        output = .allocate(capacity: capacity + Self.longestMatch + 1)
    }

    deinit {
        output.deallocate()
    }

    package func next() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        makeRoom()
        // An empty chunk would mean the end: with the buffer full and all handed out, only the end may follow.
        while filled < capacity || filled == handedOut {
            if case .end = stage { break }
            try step()
        }
        let chunk = UnsafeRawBufferPointer(start: output + handedOut, count: filled - handedOut)
        handedOut = filled
        return chunk
    }

    /// Moves the window to the buffer's front once all was handed out.
    private func makeRoom() {
        guard filled >= capacity, filled > Self.windowSize else { return }
        output.update(from: output + filled - Self.windowSize, count: Self.windowSize)
        filled = Self.windowSize
        handedOut = filled
    }

    private func step() throws(ArchiveFault) {
        switch stage {
        case .header: try readHeader()
        case .stored(let rest): try copyStored(rest)
        case .codes: if try decodeCodes() { try endBlock() }
        case .end: break
        }
    }

    private func endBlock() throws(ArchiveFault) {
        stage = isLastBlock ? .end : .header
        guard isLastBlock else { return }
        guard try bits.isAtEnd() else { throw .corrupt(.deflate, "expected the stream's end, found more data") }
    }

    private func readHeader() throws(ArchiveFault) {
        isLastBlock = try bits.read(1) == 1
        switch try bits.read(2) {
        case 0:
            try bits.alignToByte()
            let length = try bits.read(16)
            guard try bits.read(16) == length ^ 0xFFFF else { throw .corrupt(.deflate, "a stored block's two lengths") }
            stage = .stored(rest: length)
        case 1:
            try literals.make(DeflateFormat.fixedLiterals[...], mayBeIncomplete: false)
            try distances.make(DeflateFormat.fixedDistances[...], mayBeIncomplete: false)
            stage = .codes
        case 2:
            try readTables()
            stage = .codes
        default: throw .corrupt(.deflate, "a block of no known kind")
        }
    }

    private func readTables() throws(ArchiveFault) {
        let literalCount = try bits.read(5) + 257
        let distanceCount = try bits.read(5) + 1
        guard literalCount <= 286, distanceCount <= 30 else { throw .corrupt(.deflate, "too many symbols") }
        var order = [UInt8](repeating: 0, count: 19)
        for index in 0..<(try bits.read(4) + 4) { order[DeflateFormat.lengthOrder[index]] = UInt8(try bits.read(3)) }
        try literals.make(order[...], mayBeIncomplete: false)
        let lengths = try readLengths(literalCount + distanceCount)
        guard lengths[256] != 0 else { throw .corrupt(.deflate, "a block without a code for its end") }
        try literals.make(lengths[..<literalCount], mayBeIncomplete: true)
        try distances.make(lengths[literalCount...], mayBeIncomplete: true)
    }

    /// Reads code lengths, which are coded themselves, by the code that `literals` holds for now.
    private func readLengths(_ count: Int) throws(ArchiveFault) -> [UInt8] {
        var lengths: [UInt8] = []
        while lengths.count < count {
            try bits.load()
            let symbol = try literals.next(&bits)
            let (length, times): (UInt8, Int)
            switch symbol {
            case ..<16: (length, times) = (UInt8(symbol), 1)
            case 16:
                guard let last = lengths.last else { throw .corrupt(.deflate, "a repeated length without a first") }
                (length, times) = (last, 3 + (try bits.read(2)))
            case 17: (length, times) = (0, 3 + (try bits.read(3)))
            default: (length, times) = (0, 11 + (try bits.read(7)))
            }
            guard lengths.count + times <= count else { throw .corrupt(.deflate, "more lengths than symbols") }
            lengths.append(contentsOf: repeatElement(length, count: times))
        }
        return lengths
    }

    private func copyStored(_ rest: Int) throws(ArchiveFault) {
        var rest = rest
        while rest > 0, filled < capacity {
            output[filled] = UInt8(try bits.read(8))
            filled += 1
            rest -= 1
            try count(1)
        }
        guard rest > 0 else { return try endBlock() }
        guard capacity > 0, total < limit else { throw tooLong }
        stage = .stored(rest: rest)
    }

    /// Decodes codes until the block ends or the buffer is full; returns whether the block ended.
    private func decodeCodes() throws(ArchiveFault) -> Bool {
        var bits = bits
        var filled = filled
        let before = filled
        defer {
            self.bits = bits
            self.filled = filled
        }
        var ended = false
        repeat {
            try bits.load()
            let symbol = try literals.next(&bits)
            if symbol < 256 {
                output[filled] = UInt8(truncatingIfNeeded: symbol)
                filled &+= 1
            } else if symbol == 256 {
                ended = true
            } else {
                try copyMatch(symbol &- 257, &bits, &filled)
            }
        } while !ended && filled < capacity
        try count(filled - before)
        return ended
    }

    /// At most 48 bits: a length code of 15 with 5 more, a distance code of 15 with 13 more.
    @inline(__always)
    private func copyMatch(_ code: Int, _ bits: inout DeflateBits, _ filled: inout Int) throws(ArchiveFault) {
        guard code < 29 else { throw .corrupt(.deflate, "a length of no known code") }
        let length = try DeflateFormat.lengths[code].value(&bits)
        let place = try distances.next(&bits)
        guard place < 30 else { throw .corrupt(.deflate, "a distance of no known code") }
        let distance = try DeflateFormat.distances[place].value(&bits)
        guard distance <= filled else { throw .corrupt(.deflate, "a match from before the stream's start") }
        let start = output + filled
        if distance >= length {
            start.update(from: start - distance, count: length)
        } else {
            // The match repeats what it has just written.
            for index in 0..<length { start[index] = start[index - distance] }
        }
        filled &+= length
    }

    private func count(_ bytes: Int) throws(ArchiveFault) {
        total += Int64(bytes)
        guard total <= limit else { throw tooLong }
    }

    private var tooLong: ArchiveFault {
        .corrupt(.deflate, "the stream unpacks to more than the \(limit) bytes that were promised")
    }
}
