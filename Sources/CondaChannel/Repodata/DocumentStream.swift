/// Decompresses a document in pieces with bounded memory.
protocol DocumentStream: AnyObject {
    /// Gives the next compressed bytes; `body` gets what comes out, in pieces.
    ///
    /// - Returns: why the bytes cannot be read, after which nothing more may be given.
    func feed(
        _ input: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(ChannelError) -> Void
    ) throws(ChannelError) -> DecompressionFailure?

    /// Says that no more input comes.
    func finish() -> DecompressionFailure?
}

/// Why a compressed document cannot be read.
enum DecompressionFailure: Error, Hashable {
    /// In the words of the format's library.
    case corrupt(format: String, String)
    /// More than the given limit came out.
    case tooLarge(UInt64)
    /// The input ended in the middle.
    case truncated

    var reason: String {
        switch self {
        case .corrupt(let format, let text): "it is no \(format): \(text)"
        case .tooLarge(let limit): "it decompresses to more than \(limit) bytes"
        case .truncated: "its compressed bytes end in the middle; it was truncated"
        }
    }
}
