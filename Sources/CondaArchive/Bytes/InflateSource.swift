import CZlib

/// The bytes that one raw deflate stream unpacks to (RFC 1951), never more than were promised.
package final class InflateSource: ByteSource {
    /// Bytes that are handed out at once.
    private static let chunkSize = 128 << 10

    private let input: any ByteSource
    /// At one place for all its life, which zlib remembers.
    private let stream: UnsafeMutablePointer<z_stream>
    private let output: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private let limit: Int64
    private var total: Int64 = 0
    private var isAtEnd = false

    /// - Parameter limit: bytes that the stream is said to unpack to; the first byte more is refused.
    /// - Throws: ``ArchiveFault/unreadable(operation:code:)`` when there is no memory.
    package init(_ input: any ByteSource, limit: Int64) throws(ArchiveFault) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // Fifteen bits of window, as all of deflate; negative, because neither header nor checksum is around it.
        let code = inflateInit2_(stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard code == Z_OK else {
            let fault = Self.fault(code, stream)
            stream.deallocate()
            throw fault
        }
        self.input = input
        self.limit = limit
        // A small stream fits as a whole, so that thousands of small files do not ask for a large buffer each; one byte
        // more shows what is too long.
        capacity = Int(min(max(limit, 0), Int64(Self.chunkSize - 1))) + 1
        output = .allocate(capacity: capacity)
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
        output.deallocate()
    }

    package func next() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        stream.pointee.next_out = output
        stream.pointee.avail_out = UInt32(capacity)
        while !isAtEnd, stream.pointee.avail_out > 0 { try step() }
        let count = capacity - Int(stream.pointee.avail_out)
        total += Int64(count)
        guard total <= limit else {
            throw .corrupt(.deflate, "the stream unpacks to more than the \(limit) bytes that were promised")
        }
        return UnsafeRawBufferPointer(start: output, count: count)
    }

    /// Unpacks until the input, the room for output or the stream ends.
    private func step() throws(ArchiveFault) {
        switch inflate(stream, Z_NO_FLUSH) {
        // "Buffer error": nothing could be done without more input.
        case Z_OK, Z_BUF_ERROR: if stream.pointee.avail_out > 0 { try takeChunk() }
        case Z_STREAM_END: try end()
        case let code: throw Self.fault(code, stream)
        }
    }

    private func takeChunk() throws(ArchiveFault) {
        let chunk = try input.next()
        guard !chunk.isEmpty else { throw .truncated(.deflate, "the stream ends in the middle") }
        guard let count = UInt32(exactly: chunk.count) else {
            throw .unsupported(.deflate, "\(chunk.count) bytes at once")
        }
        stream.pointee.next_in = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_in = count
    }

    private func end() throws(ArchiveFault) {
        isAtEnd = true
        guard stream.pointee.avail_in == 0, try input.next().isEmpty else {
            throw .corrupt(.deflate, "expected the stream's end, found more data")
        }
    }

    private static func fault(_ code: Int32, _ stream: UnsafeMutablePointer<z_stream>) -> ArchiveFault {
        if code == Z_MEM_ERROR { return .unreadable(operation: "inflate", code: 12) }
        return .corrupt(.deflate, stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(code)")
    }
}
