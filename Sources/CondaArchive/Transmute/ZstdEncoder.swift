import CZstd

/// Compresses bytes into one Zstandard frame with a checksum.
///
/// What comes out gathers in `output`, from where the caller takes it. The bytes depend on the version of libzstd.
final class ZstdEncoder {
    /// What has come out and was not taken yet.
    private(set) var output: [UInt8] = []

    private let context: OpaquePointer
    private let buffer: UnsafeMutableRawBufferPointer

    /// - Throws: ``ArchiveFault/unreadable(operation:code:)`` when there is no memory.
    init(level: Int32) throws(ArchiveFault) {
        guard let context = ZSTD_createCCtx() else { throw .unreadable(operation: "ZSTD_createCCtx", code: 12) }
        self.context = context
        buffer = .allocate(byteCount: ZSTD_CStreamOutSize(), alignment: 64)
        try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level))
        try Self.check(ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1))
    }

    deinit {
        ZSTD_freeCCtx(context)
        buffer.deallocate()
    }

    func write(_ bytes: [UInt8]) throws(ArchiveFault) {
        let result: Result<Void, ArchiveFault> = bytes.withUnsafeBytes { buffer in
            do throws(ArchiveFault) { return .success(try write(buffer)) } catch { return .failure(error) }
        }
        try result.get()
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFault) {
        var input = ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
        while input.pos < input.size { _ = try compress(&input, ZSTD_e_continue) }
    }

    /// Ends the frame; nothing may be written afterwards.
    func finish() throws(ArchiveFault) {
        var input = ZSTD_inBuffer(src: nil, size: 0, pos: 0)
        while try compress(&input, ZSTD_e_end) > 0 {}
    }

    /// Empties `output` and returns what was in it.
    func takeOutput() -> [UInt8] {
        defer { output.removeAll(keepingCapacity: true) }
        return output
    }

    /// Returns bytes that are known to be left in the compressor.
    private func compress(_ input: inout ZSTD_inBuffer, _ mode: ZSTD_EndDirective) throws(ArchiveFault) -> Int {
        var produced = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
        let left = ZSTD_compressStream2(context, &produced, &input, mode)
        try Self.check(left)
        output.append(contentsOf: UnsafeRawBufferPointer(rebasing: buffer[..<produced.pos]))
        return left
    }

    private static func check(_ result: Int) throws(ArchiveFault) {
        guard ZSTD_isError(result) == 0 else {
            throw .unsupported(.zstandard, String(cString: ZSTD_getErrorName(result)))
        }
    }
}
