import CBZip2

/// Decompresses bzip2 in pieces, with the four megabytes that the largest block needs.
///
/// Streams may follow each other, as tools write them that compress in parallel.
final class BZip2Stream: DocumentStream {
    /// At one place for all its life, which libbz2 remembers.
    private let stream: UnsafeMutablePointer<bz_stream>
    private let output: UnsafeMutableRawBufferPointer
    private let limit: UInt64
    private var produced: UInt64 = 0
    /// Whether bytes of the current stream have been read.
    private var isInside = false
    private var isEmpty = true

    /// `limit` bounds the decompressed bytes.
    init?(limit: UInt64) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
        guard BZ2_bzDecompressInit(stream, 0, 0) == BZ_OK else {
            stream.deallocate()
            return nil
        }
        output = .allocate(byteCount: 256 << 10, alignment: 64)
        self.limit = limit
    }

    deinit {
        BZ2_bzDecompressEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    func feed(
        _ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(ChannelError) -> Void
    ) throws(ChannelError) -> DecompressionFailure? {
        // Only read; the library's declaration is older than const.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: input.baseAddress?.assumingMemoryBound(to: CChar.self))
        stream.pointee.avail_in = UInt32(input.count)
        // Whether there may be output that did not fit into the buffer.
        var isFull = false
        while stream.pointee.avail_in > 0 || isFull {
            isEmpty = false
            isInside = true
            stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
            stream.pointee.avail_out = UInt32(output.count)
            let code = BZ2_bzDecompress(stream)
            let count = output.count - Int(stream.pointee.avail_out)
            produced += UInt64(count)
            guard produced <= limit else { return .tooLarge(limit) }
            if count > 0 { try body(UnsafeRawBufferPointer(rebasing: output[..<count])) }
            isFull = code == BZ_OK && count == output.count
            switch code {
            case BZ_OK: break
            case BZ_STREAM_END: if let failure = startAnew() { return failure }
            default: return failure(code)
            }
        }
        return nil
    }

    func finish() -> DecompressionFailure? { isEmpty || isInside ? .truncated : nil }

    /// Makes ready for another stream, of which there may be none.
    private func startAnew() -> DecompressionFailure? {
        isInside = false
        let (rest, count) = (stream.pointee.next_in, stream.pointee.avail_in)
        let ended = BZ2_bzDecompressEnd(stream)
        guard ended == BZ_OK else { return failure(ended) }
        stream.pointee = bz_stream()
        let begun = BZ2_bzDecompressInit(stream, 0, 0)
        guard begun == BZ_OK else { return failure(begun) }
        stream.pointee.next_in = rest
        stream.pointee.avail_in = count
        return nil
    }

    private func failure(_ code: Int32) -> DecompressionFailure {
        let text =
            switch code {
            case BZ_DATA_ERROR_MAGIC: "its first bytes are others"
            case BZ_DATA_ERROR: "it is damaged"
            default: "libbz2's error \(code)"
            }
        return .corrupt(format: "bzip2", text)
    }
}
