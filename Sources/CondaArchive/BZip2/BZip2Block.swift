/// One block on its way from Huffman codes to bytes.
///
/// It belongs to one thread at a time: the parser's until it is submitted, then that of whoever takes it from the queue,
/// and the reader's again after ``TransformQueue/finish(_:)``. The queue's lock orders these.
final class BZip2Block: @unchecked Sendable {
    /// Room for a block's bytes when few of them are runs; beyond it the reader asks again.
    private static let outputCapacity = 1 << 20

    /// Short runs are written as eight bytes, whatever their length.
    private static let slack = 8

    /// The last column of the sorted rotations, later the bytes themselves.
    let column: UnsafeMutablePointer<UInt8>

    /// How often each byte occurs in `column`.
    let frequencies: UnsafeMutablePointer<Int32>

    /// Bytes in `column`.
    var count = 0

    /// The row of the sorted rotations that is the block itself.
    var origin = 0

    /// The checksum that the stream promises for the block's output.
    var expectedChecksum: UInt32 = 0

    /// Whether the transform is done; guarded by the queue's lock.
    var isTransformed = false

    private let output: UnsafeMutablePointer<UInt8>
    /// Bytes in `output` that were not handed out yet; nil when it must be filled again.
    private var outputCount: Int?
    private var runs: RunDecoder
    private var checksum = BZip2Checksum()
    private var fault: ArchiveFault?

    init() {
        column = .allocate(capacity: BZip2Format.maximumBlockSize + Self.slack)
        frequencies = .allocate(capacity: 256)
        output = .allocate(capacity: Self.outputCapacity)
        runs = RunDecoder(column, count: 0)
    }

    deinit {
        column.deallocate()
        frequencies.deallocate()
        output.deallocate()
    }

    /// Makes the first part of the output, once `column` holds the bytes.
    func start() {
        runs = RunDecoder(column, count: count)
        checksum = BZip2Checksum()
        fault = nil
        outputCount = fill()
    }

    /// Hands out the next part of the output, empty at the block's end; valid until the next call.
    ///
    /// - Throws: ``ArchiveFault/corrupt(_:_:)`` when the checksum is wrong, after the last part.
    func next() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        let count = outputCount ?? fill()
        if let fault { throw fault }
        let part = UnsafeRawBufferPointer(start: output, count: count)
        guard !part.isEmpty || checksum.value == expectedChecksum else {
            throw .corrupt(.bzip2, "a block's checksum differs from its contents'")
        }
        outputCount = nil
        return part
    }

    private func fill() -> Int {
        do throws(ArchiveFault) {
            let filled = try runs.decode(into: output, capacity: Self.outputCapacity)
            checksum.update(UnsafeRawBufferPointer(start: output, count: filled))
            return filled
        } catch {
            fault = error
            return 0
        }
    }
}
