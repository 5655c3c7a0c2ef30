import CZstd

/// Decompresses zstd in pieces with bounded memory.
///
/// Frames may follow each other.
struct ZstdStream: ~Copyable {
    /// Why a stream cannot be read.
    enum Failure: Error, Hashable {
        case corrupt(String)
        /// More than the given limit came out.
        case tooLarge(UInt64)
        /// The input ended inside a frame.
        case truncated
    }

    private let stream: OpaquePointer
    private var output: [UInt8]
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
        output = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
        // 128 MiB of window, as the zstd tool allows.
        ZSTD_DCtx_setParameter(stream, ZSTD_d_windowLogMax, 27)
    }

    deinit { ZSTD_freeDStream(stream) }

    /// Gives the next compressed bytes; `body` gets what comes out, in pieces.
    mutating func feed(
        _ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(ChannelError) -> Void
    ) throws(ChannelError) -> Failure? {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        while source.pos < source.size {
            isEmpty = false
            var failure: Failure?
            var thrown: ChannelError?
            output.withUnsafeMutableBytes { buffer in
                var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                expected = ZSTD_decompressStream(stream, &target, &source)
                if ZSTD_isError(expected) != 0 {
                    failure = .corrupt(String(cString: ZSTD_getErrorName(expected)))
                    return
                }
                produced += UInt64(target.pos)
                if produced > limit {
                    failure = .tooLarge(limit)
                    return
                }
                do throws(ChannelError) {
                    if target.pos > 0 { try body(UnsafeRawBufferPointer(rebasing: buffer[..<target.pos])) }
                } catch {
                    thrown = error
                }
            }
            if let thrown { throw thrown }
            if let failure { return failure }
        }
        return try flush(body)
    }

    /// Output that did not fit into the buffer with the last input.
    private mutating func flush(_ body: (UnsafeRawBufferPointer) throws(ChannelError) -> Void) throws(ChannelError)
        -> Failure?
    {
        while expected > 0 {
            var source = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
            var count = 0
            var thrown: ChannelError?
            let result = output.withUnsafeMutableBytes { buffer in
                var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
                let result = ZSTD_decompressStream(stream, &target, &source)
                count = target.pos
                do throws(ChannelError) {
                    if count > 0 { try body(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
                } catch {
                    thrown = error
                }
                return result
            }
            if let thrown { throw thrown }
            if ZSTD_isError(result) != 0 { return .corrupt(String(cString: ZSTD_getErrorName(result))) }
            if count == 0 { break }
            expected = result
            produced += UInt64(count)
            if produced > limit { return .tooLarge(limit) }
        }
        return nil
    }

    /// Says that no more input comes.
    func finish() -> Failure? { isEmpty || expected != 0 ? .truncated : nil }
}

extension ZstdStream.Failure {
    var reason: String {
        switch self {
        case .corrupt(let text): "it is no zstd: \(text)"
        case .tooLarge(let limit): "it decompresses to more than \(limit) bytes"
        case .truncated: "its compressed bytes end in the middle; it was truncated"
        }
    }
}

/// Decompresses bytes that are all there.
func decompressed(_ bytes: [UInt8], limit: UInt64, url: String) throws(ChannelError) -> [UInt8] {
    guard var stream = ZstdStream(limit: limit) else {
        throw .fileSystem(path: "memory for zstd", operation: "allocating", code: 12)
    }
    var result: [UInt8] = []
    var thrown: ChannelError?
    var failure: ZstdStream.Failure?
    bytes.withUnsafeBytes { buffer in
        do throws(ChannelError) {
            failure = try stream.feed(buffer) { result.append(contentsOf: $0) }
        } catch {
            thrown = error
        }
    }
    if let thrown { throw thrown }
    if let failure = failure ?? stream.finish() {
        throw .corrupt(url: url, position: UInt64(result.count), reason: failure.reason)
    }
    return result
}
