/// A region of a file as a stream.
final class FileSource: ByteSource {
    /// Large enough that system calls do not matter, small enough to stay in the cache until it is used.
    private static let maximumBufferSize = 256 << 10

    private let file: ArchiveFile
    private var rest: Range<Int64>
    private let bufferSize: Int
    private let buffer: UnsafeMutableRawBufferPointer
    private let expectedChecksum: UInt32?
    private var checksum = CRC32()

    /// - Parameter checksum: the CRC-32 that the whole region must have; it is compared when the end is reached.
    init(file: ArchiveFile, region: Range<Int64>, checksum: UInt32? = nil) {
        self.file = file
        rest = region
        expectedChecksum = checksum
        bufferSize = min(Self.maximumBufferSize, region.count)
        buffer = .allocate(byteCount: bufferSize, alignment: 64)
        if region.count > bufferSize { file.expectSequentialReading(of: region) }
    }

    deinit {
        buffer.deallocate()
    }

    func next() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        let count = Int(min(Int64(bufferSize), rest.upperBound - rest.lowerBound))
        let chunk = UnsafeMutableRawBufferPointer(rebasing: buffer[..<count])
        guard count > 0 else { return UnsafeRawBufferPointer(chunk) }
        try file.read(at: rest.lowerBound, into: chunk)
        rest = (rest.lowerBound + Int64(count))..<rest.upperBound
        if let expectedChecksum {
            checksum.update(UnsafeRawBufferPointer(chunk))
            guard !rest.isEmpty || checksum.value == expectedChecksum else {
                throw .corrupt(.zip, "the member's CRC-32 differs from the one in the directory")
            }
        }
        return UnsafeRawBufferPointer(chunk)
    }
}
