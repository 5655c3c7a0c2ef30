/// Reads a stream bit by bit, the lowest bit of each byte first, as deflate writes it (RFC 1951).
struct DeflateBits {
    private let source: any ByteSource
    private var next = UnsafePointer<UInt8>(bitPattern: 1)
    private var rest = 0
    private var sourceEnded = false

    /// Bits not yet taken, the next one lowest; those above the lower `count` will be loaded again.
    private(set) var bits: UInt64 = 0

    /// Bits that count in `bits`.
    private(set) var count = 0

    init(_ source: any ByteSource) {
        self.source = source
    }

    /// Loads at least 56 bits, fewer only where the stream ends; what lies behind the end reads as zeros.
    @inline(__always)
    mutating func load() throws(ArchiveFault) {
        guard rest >= 8, let bytes = next else { return try loadSlowly() }
        let word = UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(as: UInt64.self))
        bits |= word &<< UInt64(truncatingIfNeeded: count)
        let taken = (63 &- count) &>> 3
        next = bytes + taken
        rest &-= taken
        count |= 56
    }

    private mutating func loadSlowly() throws(ArchiveFault) {
        bits &= (1 &<< UInt64(truncatingIfNeeded: count)) &- 1
        while count <= 56 {
            if rest == 0, try !takeChunk() { return }
            guard let bytes = next else { return }
            bits |= UInt64(bytes.pointee) &<< UInt64(truncatingIfNeeded: count)
            next = bytes + 1
            rest -= 1
            count += 8
        }
    }

    private mutating func takeChunk() throws(ArchiveFault) -> Bool {
        guard !sourceEnded else { return false }
        let chunk = try source.next()
        next = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
        rest = chunk.count
        sourceEnded = chunk.isEmpty
        return !sourceEnded
    }

    /// Passes over bits, which must be there.
    @inline(__always)
    mutating func take(_ width: Int) throws(ArchiveFault) {
        guard width <= count else { throw .truncated(.deflate, "the stream ends in the middle") }
        bits &>>= UInt64(truncatingIfNeeded: width)
        count &-= width
    }

    /// Takes up to 16 bits as a number.
    mutating func read(_ width: Int) throws(ArchiveFault) -> Int {
        if count < width { try load() }
        let value = Int(bits & ((1 &<< UInt64(width)) - 1))
        try take(width)
        return value
    }

    /// Passes over the bits up to the next whole byte.
    mutating func alignToByte() throws(ArchiveFault) {
        try take(count & 7)
    }

    /// Whether all of the stream has been taken but the bits that fill its last byte.
    mutating func isAtEnd() throws(ArchiveFault) -> Bool {
        guard count < 8, rest == 0 else { return false }
        return try !takeChunk()
    }
}
