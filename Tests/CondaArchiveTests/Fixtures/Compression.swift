import CBZip2
import CZstd

/// Compressors for fixtures.
enum Compression {
    static func zstd(_ bytes: [UInt8], level: Int32 = 3, checksum: Bool = false, windowLog: Int32? = nil) -> [UInt8] {
        let context = ZSTD_createCCtx()
        defer { ZSTD_freeCCtx(context) }
        ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, level)
        ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, checksum ? 1 : 0)
        if let windowLog { ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, windowLog) }
        var output = [UInt8](repeating: 0, count: ZSTD_compressBound(bytes.count))
        let count = ZSTD_compress2(context, &output, output.count, bytes, bytes.count)
        precondition(ZSTD_isError(count) == 0)
        return Array(output[..<count])
    }

    static func bzip2(_ bytes: [UInt8], level: Int32 = 9) -> [UInt8] {
        var output = [CChar](repeating: 0, count: bytes.count + bytes.count / 50 + 1_000)
        var count = UInt32(output.count)
        var input = bytes.map { CChar(bitPattern: $0) }
        let status = BZ2_bzBuffToBuffCompress(&output, &count, &input, UInt32(input.count), level, 0, 0)
        precondition(status == BZ_OK)
        return output[..<Int(count)].map { UInt8(bitPattern: $0) }
    }
}
