import CZstd

/// Decompresses zstd in pieces with bounded memory.
///
/// Frames may follow each other.
final class ZstdStream: DocumentStream {
    private let stream: OpaquePointer
    private let output: UnsafeMutableRawBufferPointer
    private let limit: UInt64
    private var produced: UInt64 = 0
    /// 0 between frames.
    private var expected = 0
    private var isEmpty = true

    /// `limit` bounds the decompressed bytes.
    init?(limit: UInt64) {
        guard let made = ZSTD_createDStream() else { return nil }
        stream = made
        self.limit = limit
        output = .allocate(byteCount: ZSTD_DStreamOutSize(), alignment: 64)
        // 128 MiB of window, as the zstd tool allows.
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27)
    }

    deinit {
        ZSTD_freeDStream(stream)
        output.deallocate()
    }

    func feed(
        _ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(ChannelError) -> Void
    ) throws(ChannelError) -> DecompressionFailure? {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        // Whether there may be output that did not fit into the buffer.
        var isFull = false
        while source.pos < source.size || isFull {
            isEmpty = false
            var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            expected = ZSTD_decompressStream(stream, &target, &source)
            guard ZSTD_isError(expected) == 0 else {
                return .corrupt(format: "zstd", String(cString: ZSTD_getErrorName(expected)))
            }
            produced += UInt64(target.pos)
            guard produced <= limit else { return .tooLarge(limit) }
            if target.pos > 0 { try body(UnsafeRawBufferPointer(rebasing: output[..<target.pos])) }
            isFull = target.pos == target.size && expected > 0
        }
        return nil
    }

    func finish() -> DecompressionFailure? { isEmpty || expected != 0 ? .truncated : nil }
}

/// Decompresses bytes that are all there.
func decompressed(_ bytes: [UInt8], limit: UInt64, url: String) throws(ChannelError) -> [UInt8] {
    guard let stream = ZstdStream(limit: limit) else {
        throw .fileSystem(path: "memory for zstd", operation: "allocating", code: 12)
    }
    var result: [UInt8] = []
    let failure = try bytes.withUnsafeBufferPointer { (buffer) throws(ChannelError) in
        try stream.feed(UnsafeRawBufferPointer(buffer)) { result.append(contentsOf: $0) }
    }
    if let failure = failure ?? stream.finish() {
        throw .corrupt(url: url, position: UInt64(result.count), reason: failure.reason)
    }
    return result
}
