import CondaModel
import Dispatch
import Glibc
import HostSystem
import Synchronization

/// Empties a pipe into a file on a thread of its own, hashing what it writes.
final class Drain: Sendable {
    /// What went through.
    struct Result: Sendable {
        /// Bytes.
        var size: Int64 = 0
        /// SHA-256, lower-case hexadecimal.
        var digest = ""
    }

    private let queue = DispatchQueue(label: "RPMFormat.Drain")
    private let result = Mutex(Result())
    private let firstFailure = Atomic<Int32>(0)

    /// Starts; takes over `pipe`, which it closes at its end.
    init(reading pipe: Int32, writing output: Int32, at offset: Int64) {
        queue.async { [self] in
            let drained = run(pipe, output, offset)
            close(pipe)
            result.withLock { $0 = drained }
        }
    }

    /// The error number of the first write that failed, 0 as long as all is well.
    var failure: Int32 { firstFailure.load(ordering: .relaxed) }

    /// Waits for the pipe's end.
    func wait() -> Result { queue.sync { result.withLock { $0 } } }

    private func run(_ pipe: Int32, _ output: Int32, _ offset: Int64) -> Result {
        var hasher = Digest(.sha256)
        var size: Int64 = 0
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { buffer.deallocate() }
        while true {
            let got = read(pipe, buffer.baseAddress, buffer.count)
            if got < 0, errno == EINTR { continue }
            guard got > 0 else { break }
            // After a failure the pipe is still emptied, so that its writer never meets a closed one.
            if failure != 0 { continue }
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<got])
            firstFailure.store(writeAll(bytes, to: output, at: offset + size), ordering: .relaxed)
            hasher.update(bytes)
            size += Int64(got)
        }
        return Result(size: size, digest: hexadecimal(hasher.finalize()))
    }
}
