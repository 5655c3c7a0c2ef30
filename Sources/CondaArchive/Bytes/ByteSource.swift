/// A stream of bytes that is handed out in chunks of the source's own memory.
///
/// Decompressors are sources that draw from a source, so one may take another's place.
package protocol ByteSource: AnyObject {
    /// Returns the next bytes, an empty buffer at the end of the stream and ever after.
    ///
    /// The buffer is valid until the next call.
    func next() throws(ArchiveFault) -> UnsafeRawBufferPointer
}

/// Bytes that are in memory already.
package final class MemorySource: ByteSource {
    private let storage: UnsafeMutableRawBufferPointer
    private let chunkSize: Int
    private var position = 0

    /// - Parameter chunkSize: the most bytes handed out at once.
    package init(_ bytes: some Collection<UInt8>, chunkSize: Int = .max) {
        storage = .allocate(byteCount: bytes.count, alignment: 16)
        storage.copyBytes(from: bytes)
        self.chunkSize = chunkSize
    }

    deinit {
        storage.deallocate()
    }

    package func next() -> UnsafeRawBufferPointer {
        let start = position
        position += min(chunkSize, storage.count - position)
        return UnsafeRawBufferPointer(rebasing: storage[start..<position])
    }
}
