import CZstd

/// The bytes that Zstandard frames unpack to; any number of frames may follow each other.
package final class ZstdSource: ByteSource {
    private let input: any ByteSource
    private let context: OpaquePointer
    private let output: UnsafeMutableRawBufferPointer
    private var pending = UnsafeRawBufferPointer(start: nil, count: 0)
    private var insideFrame = false
    /// Whether the last call filled the output, so that the decoder may hold more without further input.
    private var canDrain = false
    private var sawFrame = false

    /// - Parameter windowLog: base-two logarithm of the largest window that a frame may ask for.
    /// - Throws: ``ArchiveFault/unreadable(operation:code:)`` when there is no memory.
    package init(_ input: any ByteSource, windowLog: Int32) throws(ArchiveFault) {
        guard let context = ZSTD_createDCtx() else { throw .unreadable(operation: "ZSTD_createDCtx", code: 12) }
        self.input = input
        self.context = context
        output = .allocate(byteCount: ZSTD_DStreamOutSize(), alignment: 64)
        let result = ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, windowLog)
        guard ZSTD_isError(result) == 0 else { throw Self.fault(result) }
    }

    deinit {
        ZSTD_freeDCtx(context)
        output.deallocate()
    }

    package func next() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        var produced = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        while produced.pos == 0 {
            if pending.isEmpty, !canDrain {
                pending = try input.next()
                if pending.isEmpty { return try end() }
            }
            try decompress(into: &produced)
        }
        return UnsafeRawBufferPointer(rebasing: output[..<produced.pos])
    }

    private func decompress(into produced: inout ZSTD_outBuffer) throws(ArchiveFault) {
        var consumed = ZSTD_inBuffer(src: pending.baseAddress, size: pending.count, pos: 0)
        let result = ZSTD_decompressStream(context, &produced, &consumed)
        guard ZSTD_isError(result) == 0 else { throw Self.fault(result) }
        pending = UnsafeRawBufferPointer(rebasing: pending.dropFirst(consumed.pos))
        insideFrame = result != 0
        canDrain = insideFrame && produced.pos == produced.size
        sawFrame = true
    }

    private func end() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        guard sawFrame, !insideFrame else {
            throw .truncated(.zstandard, sawFrame ? "the last frame has no end" : "expected a frame, found nothing")
        }
        return UnsafeRawBufferPointer(start: nil, count: 0)
    }

    private static func fault(_ result: Int) -> ArchiveFault {
        let message = String(cString: ZSTD_getErrorName(result))
        return switch ZSTD_getErrorCode(result) {
        case ZSTD_error_frameParameter_windowTooLarge: .unsupported(.zstandard, message)
        case ZSTD_error_memory_allocation: .unreadable(operation: "decompress", code: 12)
        default: .corrupt(.zstandard, message)
        }
    }
}
