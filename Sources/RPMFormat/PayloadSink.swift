import CRPM
import Crypto
import Dispatch
import Glibc
import Synchronization

/// Takes the payload's bytes, compresses them with librpm, and writes and hashes the result.
///
/// The compressor writes into a pipe that is emptied until its end even when the disk is full: librpm's compressors do
/// not report what goes wrong when they close a file, and a pipe without a reader would kill the process.
final class PayloadSink {
    /// What the package says of the compressed payload.
    struct Result: Sendable {
        /// Bytes.
        let size: Int64
        /// SHA-256, lower-case hexadecimal.
        let digest: String
    }

    /// `F_SETPIPE_SZ`, which the C library shows to GNU programs only.
    private static let setPipeSize: Int32 = 1031

    private let path: String
    private let stream: RPMStream
    private let drained: Drain

    /// Writes to `output` from `offset` on; `path` is for messages.
    init(_ payload: RPMPayload, to output: Int32, at offset: Int64, path: String) throws(RPMError) {
        var ends: [Int32] = [-1, -1]
        guard pipe2(&ends, O_CLOEXEC) == 0 else { throw .unwritable(path: path, reason: systemMessage()) }
        // A larger pipe saves context switches; where it is refused the default works.
        _ = fcntl(ends[0], Self.setPipeSize, 1 << 20)
        self.path = path
        drained = Drain(reading: ends[0], writing: output, at: offset)
        defer { close(ends[1]) }
        stream = try RPMStream(writing: ends[1], mode: payload.streamMode)
    }

    /// Compresses and writes bytes.
    func write(_ bytes: [UInt8]) throws(RPMError) {
        guard bytes.withUnsafeBytes(stream.write) else {
            throw .unwritable(path: path, reason: "librpm's compressor failed")
        }
        // Fail now, not after gigabytes more.
        try check(drained.failure)
    }

    /// Ends the payload and waits until all of it is written.
    func finish() throws(RPMError) -> Result {
        if let reason = stream.finish() { throw .unwritable(path: path, reason: reason) }
        let end = drained.wait()
        try check(end.failure)
        return Result(size: end.size, digest: end.digest)
    }

    private func check(_ failure: Int32) throws(RPMError) {
        if failure != 0 { throw .unwritable(path: path, reason: systemMessage(failure)) }
    }
}

/// Empties a pipe into a file on a thread of its own, hashing what it writes.
private final class Drain: Sendable {
    /// What was found so far.
    private struct State {
        var hasher = SHA256()
        var size: Int64 = 0
        var failure: Int32 = 0
    }

    private let queue = DispatchQueue(label: "RPMFormat.Drain")
    private let state = Mutex(State())

    /// Starts; takes over `pipe`, which it closes at its end.
    init(reading pipe: Int32, writing output: Int32, at offset: Int64) {
        queue.async { [self] in
            defer { close(pipe) }
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
            defer { buffer.deallocate() }
            while true {
                let got = read(pipe, buffer.baseAddress, buffer.count)
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                take(UnsafeRawBufferPointer(rebasing: buffer[..<got]), output, offset)
            }
        }
    }

    /// The error number of the first write that failed, 0 as long as all is well.
    var failure: Int32 { state.withLock { $0.failure } }

    /// Waits for the pipe's end.
    func wait() -> (size: Int64, digest: String, failure: Int32) {
        queue.sync { state.withLock { ($0.size, hexadecimal($0.hasher.finalize()), $0.failure) } }
    }

    private func take(_ bytes: UnsafeRawBufferPointer, _ output: Int32, _ offset: Int64) {
        let position = state.withLock { $0.failure == 0 ? offset + $0.size : nil }
        guard let position else { return }
        let failure = writeAll(bytes, to: output, at: position)
        state.withLock {
            $0.failure = failure
            $0.size += Int64(bytes.count)
            $0.hasher.update(bufferPointer: bytes)
        }
    }
}

/// Writes all bytes at an offset; the error number, 0 where all went well.
func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, at offset: Int64) -> Int32 {
    var done = 0
    while done < bytes.count {
        let written = pwrite(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done, off_t(offset) + done)
        if written < 0, errno == EINTR { continue }
        if written <= 0 { return written < 0 ? errno : ENOSPC }
        done += written
    }
    return 0
}

extension RPMPayload {
    /// What librpm calls this compressor and how it is to write.
    ///
    /// Zstandard gives the same bytes for every number of threads but others without any, so there are always some
    /// where librpm has them: 4.17 and later (an earlier one takes `T2` for the level).
    fileprivate var streamMode: String {
        switch self {
        case .uncompressed: return "w.ufdio"
        case .gzip(let level): return "w\(level).gzdio"
        case .xz(let level): return "w\(level).xzdio"
        case .zstd(let level):
            let hasThreads = rpmCompareVersions(String(cString: RPMVERSION), "4.17.0") >= 0
            return hasThreads ? "w\(level)T\(min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 8)).zstdio" : "w\(level).zstdio"
        }
    }
}
