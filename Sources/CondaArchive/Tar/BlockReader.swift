/// Reads a stream in blocks, runs and skips, handing out the source's own memory where it can.
struct BlockReader {
    private let source: any ByteSource
    private let limit: Int64
    private var chunk = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Bytes that the source has produced so far.
    private(set) var produced: Int64 = 0

    /// - Parameter limit: the most bytes that the source may produce.
    init(_ source: any ByteSource, limit: Int64) {
        self.source = source
        self.limit = limit
    }

    /// Makes sure that there are bytes to take; returns whether there are, false at the end of the stream.
    private mutating func fill() throws(ArchiveFault) -> Bool {
        if !chunk.isEmpty { return true }
        chunk = try source.next()
        produced += Int64(chunk.count)
        guard produced <= limit else { throw .overLimit("unpacked bytes", limit: limit, found: produced) }
        return !chunk.isEmpty
    }

    /// Takes at most `count` bytes; the buffer is valid until the next call, and empty only at the end.
    mutating func take(atMost count: Int64) throws(ArchiveFault) -> UnsafeRawBufferPointer {
        guard try fill() else { return chunk }
        let taken = UnsafeRawBufferPointer(rebasing: chunk.prefix(Int(min(count, Int64(chunk.count)))))
        chunk = UnsafeRawBufferPointer(rebasing: chunk.dropFirst(taken.count))
        return taken
    }

    /// Passes over `count` bytes.
    mutating func skip(_ count: Int64) throws(ArchiveFault) {
        var rest = count
        while rest > 0 {
            let taken = try take(atMost: rest)
            guard !taken.isEmpty else { throw .truncated(.tar, "expected \(rest) more bytes, found the end") }
            rest -= Int64(taken.count)
        }
    }

    /// Passes over `count` bytes, fewer at the end of the stream; returns whether all were zero.
    mutating func skipZeros(_ count: Int64) throws(ArchiveFault) -> Bool {
        var rest = count
        while rest > 0 {
            let taken = try take(atMost: rest)
            if taken.isEmpty { return true }
            guard taken.allSatisfy({ $0 == 0 }) else { return false }
            rest -= Int64(taken.count)
        }
        return true
    }

    /// Copies `count` bytes into memory; the caller has bounded it.
    mutating func bytes(_ count: Int) throws(ArchiveFault) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(min(count, 1 << 16))
        while bytes.count < count {
            let taken = try take(atMost: Int64(count - bytes.count))
            guard !taken.isEmpty else {
                throw .truncated(.tar, "expected \(count) bytes, found \(bytes.count)")
            }
            bytes.append(contentsOf: taken)
        }
        return bytes
    }

    /// Reads to the end, so that the layers below verify their last checksums.
    mutating func drain() throws(ArchiveFault) {
        while !(try take(atMost: .max)).isEmpty {}
    }
}
