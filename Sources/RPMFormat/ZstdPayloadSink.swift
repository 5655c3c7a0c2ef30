import CZstd
import Glibc
import HostSystem

/// Compresses the payload into one Zstandard frame, and writes and hashes the result.
///
/// librpm's own compressor works on jobs of four windows, for which two threads hold a hundred megabytes; ours are
/// smaller. The bytes are the same for every number of threads, and depend on the version of libzstd.
final class ZstdPayloadSink: PayloadSink {
    /// Bytes that a thread compresses at once.
    private static let jobSize: Int32 = 2 << 20

    private let path: String
    private let context: OpaquePointer
    private let output: PlainPayloadSink
    private let digest = DigestLane()
    private let buffer: UnsafeMutableRawBufferPointer

    /// Writes to `output` from `offset` on; `path` is for messages.
    init(level: Int, threads: Int, to output: Int32, at offset: Int64, path: String) throws(RPMError) {
        guard let context = ZSTD_createCCtx() else { throw .unwritable(path: path, reason: systemMessage(ENOMEM)) }
        self.path = path
        self.context = context
        self.output = PlainPayloadSink(to: output, at: offset, path: path)
        buffer = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 64)
        try check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Int32(clamping: level)))
        try check(ZSTD_CCtx_setParameter(context, ZSTD_c_nbWorkers, Int32(clamping: threads)))
        try check(ZSTD_CCtx_setParameter(context, ZSTD_c_jobSize, Self.jobSize))
    }

    deinit {
        ZSTD_freeCCtx(context)
        buffer.deallocate()
    }

    func write(_ bytes: [UInt8]) throws(RPMError) {
        let result: Result<Void, RPMError> = bytes.withUnsafeBytes { piece in
            var input = ZSTD_inBuffer(src: piece.baseAddress, size: piece.count, pos: 0)
            do throws(RPMError) {
                while input.pos < input.size { _ = try compress(&input, ZSTD_e_continue) }
                return .success(())
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }

    func finish() throws(RPMError) -> PayloadSinkResult {
        var input = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
        while try compress(&input, ZSTD_e_end) > 0 {}
        digest.cut(0)
        return PayloadSinkResult(size: output.finish().size, digest: digest.finish()[0])
    }

    /// Returns bytes that are known to be left in the compressor.
    private func compress(_ input: inout ZSTD_inBuffer, _ mode: ZSTD_EndDirective) throws(RPMError) -> Int {
        var produced = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        let left = ZSTD_compressStream2(context, &produced, &input, mode)
        try check(left)
        if produced.pos > 0 {
            let piece = [UInt8](UnsafeRawBufferPointer(rebasing: buffer[..<produced.pos]))
            digest.add(piece)
            try output.write(piece)
        }
        return left
    }

    private func check(_ result: Int) throws(RPMError) {
        guard ZSTD_isError(result) == 0 else {
            throw .unwritable(path: path, reason: "libzstd: \(String(cString: ZSTD_getErrorName(result)))")
        }
    }
}
