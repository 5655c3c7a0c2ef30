/// Bytes on their way to a server, read piece by piece when libcurl asks for them; from the beginning again when a
/// connection or a proxy wants them once more.
struct UploadBody: Sendable {
    /// In bytes.
    let size: Int64
    /// Fills a buffer from a position; gives how many bytes were there.
    let read: @Sendable (Int64, UnsafeMutableRawBufferPointer) throws(ChannelError) -> Int

    /// A file of this machine, as long as it is now.
    init(file: File) throws(ChannelError) {
        size = try file.stamp().size
        read = { (position, buffer) throws(ChannelError) in try file.read(into: buffer, at: UInt64(position)) }
    }

    /// Bytes in memory.
    init(_ bytes: [UInt8]) {
        size = Int64(bytes.count)
        read = { (position, buffer) in
            let piece = bytes[Swift.min(Int(position), bytes.count)...].prefix(buffer.count)
            buffer.copyBytes(from: piece)
            return piece.count
        }
    }
}

extension UploadBody {
    /// The same body, which tells about every 128 KiB how far it is.
    func reporting(_ work: ChannelEvent.Work, _ events: @escaping ChannelEventHandler) -> UploadBody {
        let read = read
        return UploadBody(size: size) { (position, buffer) throws(ChannelError) in
            let count = try read(position, buffer)
            let reached = position + Int64(count)
            if position >> 17 != reached >> 17 { events(.progress(work, received: reached)) }
            return count
        }
    }

    private init(
        size: Int64, read: @escaping @Sendable (Int64, UnsafeMutableRawBufferPointer) throws(ChannelError) -> Int
    ) {
        (self.size, self.read) = (size, read)
    }
}

/// One field of a form (RFC 7578).
struct FormPart: Sendable {
    let name: String
    let body: UploadBody
    /// With one, the field is a file.
    var fileName: String?
    /// The media type, such as `application/x-rpm`.
    var type: String?
}
