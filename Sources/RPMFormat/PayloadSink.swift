import CLinux
import HostSystem

/// Takes the payload's bytes and writes them to the package.
protocol PayloadSink: AnyObject {
    /// Takes the next bytes.
    func write(_ bytes: [UInt8]) throws(RPMError)

    /// Ends the payload and waits until all of it is written.
    func finish() throws(RPMError) -> PayloadSinkResult
}

/// What a package says of its payload as it stands in the file.
struct PayloadSinkResult: Sendable {
    /// Bytes.
    let size: Int64
    /// SHA-256, lower-case hexadecimal; nil where it is that of the bytes that were taken.
    let digest: String?
}

/// Writes the payload as it is.
final class PlainPayloadSink: PayloadSink {
    private let path: String
    private let output: Int32
    private let offset: Int64
    private var size: Int64 = 0
    /// Bytes that the disk has been told to begin with.
    private var started: Int64 = 0
    /// Bytes after which it is told again.
    private static let stride: Int64 = 8 << 20

    /// Writes to `output` from `offset` on; `path` is for messages.
    init(to output: Int32, at offset: Int64, path: String) {
        self.output = output
        self.offset = offset
        self.path = path
    }

    func write(_ bytes: [UInt8]) throws(RPMError) {
        let failure = bytes.withUnsafeBytes { writeAll($0, to: output, at: offset + size) }
        if failure != 0 { throw .unwritable(path: path, reason: systemMessage(failure)) }
        size += Int64(bytes.count)
        if size - started >= Self.stride { startWriting() }
    }

    /// Lets the disk work while more is being made, so that little is left when the package is synchronized; a hint, which
    /// file systems that cannot do so ignore.
    private func startWriting() {
        let write: UInt32 = 2  // SYNC_FILE_RANGE_WRITE
        _ = sync_file_range(output, Int(offset + started), Int(size - started), write)
        started = size
    }

    func finish() -> PayloadSinkResult { PayloadSinkResult(size: size, digest: nil) }
}
