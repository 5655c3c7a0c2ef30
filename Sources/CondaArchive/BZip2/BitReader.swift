/// Reads a stream bit by bit, the highest bit of each byte first, as bzip2 writes it.
///
/// The decoder's inner loop calls ``prepare()``, then takes at most ``margin`` bytes from ``cursor`` without further
/// checks, then calls ``checkEnd()``.
final class BitReader {
    /// Bytes that may be taken after one ``prepare()``: a group of 50 codes of 20 bits and the look-ahead.
    static let margin = 160

    private static let capacity = 64 << 10

    private let source: any ByteSource
    private let buffer: UnsafeMutablePointer<UInt8>
    private var pending = UnsafeRawBufferPointer(start: nil, count: 0)
    private var end = 0
    private var sourceEnded = false

    /// Where the next bits are; the inner loop takes a copy, moves it on and puts it back.
    var cursor: BitCursor

    init(_ source: any ByteSource) {
        self.source = source
        buffer = .allocate(capacity: Self.capacity + 2 * Self.margin)
        cursor = BitCursor(UnsafePointer(buffer))
    }

    deinit {
        buffer.deallocate()
    }

    /// Refuses bits that the stream does not have, which read as zeros.
    ///
    /// - Throws: ``ArchiveFault/truncated(_:_:)``.
    func checkEnd() throws(ArchiveFault) {
        guard cursor.taken <= end * 8 else { throw .truncated(.bzip2, "the stream ends in the middle") }
    }

    /// Whether what is wrong with the next bits may be that they are not there.
    var isAtCut: Bool { sourceEnded && cursor.taken + 32 > end * 8 }

    /// Whether all bits of the stream have been taken.
    func isAtEnd() throws(ArchiveFault) -> Bool {
        try prepare()
        return cursor.taken >= end * 8
    }

    /// Makes sure that ``margin`` bytes can be loaded; behind the stream's end stand zeros.
    func prepare() throws(ArchiveFault) {
        guard end - cursor.position < Self.margin, !sourceEnded else { return }
        let rest = end - cursor.position
        buffer.update(from: buffer + cursor.position, count: rest)
        end = rest
        cursor.position = 0
        while end < Self.capacity, !sourceEnded { try load() }
        if sourceEnded { (buffer + end).update(repeating: 0, count: 2 * Self.margin) }
    }

    private func load() throws(ArchiveFault) {
        if pending.isEmpty { pending = try source.next() }
        sourceEnded = pending.isEmpty
        let taken = min(pending.count, Self.capacity - end)
        UnsafeMutableRawBufferPointer(start: buffer + end, count: taken).copyMemory(
            from: UnsafeRawBufferPointer(rebasing: pending[..<taken]))
        pending = UnsafeRawBufferPointer(rebasing: pending[taken...])
        end += taken
    }

    /// Takes 1 to 32 bits.
    ///
    /// - Throws: ``ArchiveFault/truncated(_:_:)`` behind the stream's end.
    func read(_ width: Int) throws(ArchiveFault) -> UInt32 {
        if cursor.count < width {
            try prepare()
            cursor.load()
        }
        let value = UInt32(truncatingIfNeeded: cursor.bits >> UInt64(64 - width))
        cursor.take(width)
        try checkEnd()
        return value
    }

    /// Takes ones and the zero behind them, or `limit` ones; 1 to 32.
    ///
    /// - Returns: how many ones there were.
    /// - Throws: ``ArchiveFault/truncated(_:_:)`` behind the stream's end.
    func readOnes(limit: Int) throws(ArchiveFault) -> Int {
        if cursor.count <= limit {
            try prepare()
            cursor.load()
        }
        let ones = min(limit, (~cursor.bits).leadingZeroBitCount)
        cursor.take(ones < limit ? ones + 1 : ones)
        try checkEnd()
        return ones
    }

    /// Passes over the bits up to the next whole byte.
    func alignToByte() {
        cursor.take(cursor.count & 7)
    }
}

/// A place in a ``BitReader``'s buffer with the bits that were loaded from there.
struct BitCursor {
    /// Bits not yet taken, at the upper end; below the upper `count` ones stand bits that will be loaded again.
    private(set) var bits: UInt64 = 0

    /// Bits that count in `bits`.
    private(set) var count = 0

    /// The next byte to load.
    var position = 0

    private let bytes: UnsafePointer<UInt8>

    init(_ bytes: UnsafePointer<UInt8>) {
        self.bytes = bytes
    }

    /// Bits of the buffer that were taken.
    var taken: Int { position * 8 - count }

    /// Makes sure that there are at least 32 bits, and so one code of any length.
    @inline(__always)
    mutating func load() {
        guard count < 32 else { return }
        let word = UnsafeRawPointer(bytes + position).loadUnaligned(as: UInt64.self).bigEndian
        bits |= word &>> UInt64(truncatingIfNeeded: count)
        position &+= (63 &- count) &>> 3
        count |= 56
    }

    /// Passes over bits that are loaded.
    @inline(__always)
    mutating func take(_ width: Int) {
        bits &<<= UInt64(truncatingIfNeeded: width)
        count &-= width
    }
}
