import CLinux
import CRPM
import Glibc
import HostSystem

/// Compresses the payload with librpm, and writes and hashes the result.
///
/// The compressor writes into a pipe that is emptied until its end even when the disk is full: librpm's compressors do
/// not report what goes wrong when they close a file, and a pipe without a reader would kill the process.
final class CompressedPayloadSink: PayloadSink {
    /// `F_SETPIPE_SZ`, which the C library shows to GNU programs only.
    private static let setPipeSize: Int32 = 1031

    private let path: String
    private let stream: RPMStream
    private let drain: Drain

    /// Writes to `output` from `offset` on, through librpm's compressor `mode`; `path` is for messages.
    init(mode: String, to output: Int32, at offset: Int64, path: String) throws(RPMError) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .unwritable(path: path, reason: systemMessage()) }
        // A larger pipe saves context switches; where it is refused the default works.
        _ = fcntl(ends[0], Self.setPipeSize, 1 << 20)
        self.path = path
        drain = Drain(reading: ends[0], writing: output, at: offset)
        defer { close(ends[1]) }
        stream = try RPMStream(writing: ends[1], mode: mode)
    }

    func write(_ bytes: [UInt8]) throws(RPMError) {
        guard bytes.withUnsafeBytes(stream.write) else {
            throw .unwritable(path: path, reason: "librpm's compressor failed")
        }
        // Fail now, not after gigabytes more.
        try check(drain.failure)
    }

    func finish() throws(RPMError) -> PayloadSinkResult {
        if let reason = stream.finish() { throw .unwritable(path: path, reason: reason) }
        let drained = drain.wait()
        try check(drain.failure)
        return PayloadSinkResult(size: drained.size, digest: drained.digest)
    }

    private func check(_ failure: Int32) throws(RPMError) {
        if failure != 0 { throw .unwritable(path: path, reason: systemMessage(failure)) }
    }
}

extension RPMPayload {
    /// Starts what writes this payload to `output` from `offset` on; `path` is for messages.
    func sink(to output: Int32, at offset: Int64, path: String) throws(RPMError) -> any PayloadSink {
        switch self {
        case .uncompressed: return PlainPayloadSink(to: output, at: offset, path: path)
        case .gzip(let level):
            return try CompressedPayloadSink(mode: "w\(level).gzdio", to: output, at: offset, path: path)
        case .xz(let level):
            return try CompressedPayloadSink(mode: "w\(level).xzdio", to: output, at: offset, path: path)
        case .zstd(let level):
            return try ZstdPayloadSink(level: level, threads: Self.threads, to: output, at: offset, path: path)
        }
    }

    /// Threads of a compressor: one for each processor, within what memory allows.
    private static var threads: Int { min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 8) }
}
