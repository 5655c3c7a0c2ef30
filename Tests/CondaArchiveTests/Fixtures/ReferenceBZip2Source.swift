import CBZip2
import CondaArchive

/// The bytes that bzip2 streams unpack to by libbz2, which our decoder is held against.
final class ReferenceBZip2Source: ByteSource {
    private static let bufferSize = 256 << 10

    private let input: any ByteSource
    /// The library keeps the address of the structure, so it must not move.
    private let stream: UnsafeMutablePointer<bz_stream>
    private let output: UnsafeMutableRawBufferPointer
    private var pending = UnsafeRawBufferPointer(start: nil, count: 0)
    private var insideStream = false
    /// Whether the last call filled the output, so that the library may hold more without further input.
    private var canDrain = false
    private var sawStream = false

    init(_ input: any ByteSource) {
        self.input = input
        stream = .allocate(capacity: 1)
        stream.initialize(to: bz_stream())
        output = .allocate(byteCount: Self.bufferSize, alignment: 64)
    }

    deinit {
        if insideStream { BZ2_bzDecompressEnd(stream) }
        stream.deallocate()
        output.deallocate()
    }

    func next() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        var produced = 0
        while produced == 0 {
            if pending.isEmpty, !canDrain {
                pending = try input.next()
                if pending.isEmpty { return try end() }
            }
            if !insideStream { try startStream() }
            produced = try decompress()
        }
        return UnsafeRawBufferPointer(rebasing: output[..<produced])
    }

    private func startStream() throws(ArchiveFault) {
        stream.pointee = bz_stream()
        let status = BZ2_bzDecompressInit(stream, 0, 0)
        guard status == BZ_OK else { throw Self.fault(status) }
        insideStream = true
        sawStream = true
    }

    private func decompress() throws(ArchiveFault) -> Int {
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: pending.baseAddress?.assumingMemoryBound(to: CChar.self))
        stream.pointee.avail_in = UInt32(pending.count)
        stream.pointee.next_out = output.baseAddress?.assumingMemoryBound(to: CChar.self)
        stream.pointee.avail_out = UInt32(output.count)
        let status = BZ2_bzDecompress(stream)
        pending = UnsafeRawBufferPointer(rebasing: pending.suffix(Int(stream.pointee.avail_in)))
        canDrain = status == BZ_OK && stream.pointee.avail_out == 0
        if status == BZ_STREAM_END {
            BZ2_bzDecompressEnd(stream)
            insideStream = false
        } else if status != BZ_OK {
            throw Self.fault(status)
        }
        return output.count - Int(stream.pointee.avail_out)
    }

    private func end() throws(ArchiveFault) -> UnsafeRawBufferPointer {
        guard sawStream, !insideStream else {
            throw .truncated(.bzip2, sawStream ? "the last stream has no end" : "expected a stream, found nothing")
        }
        return UnsafeRawBufferPointer(start: nil, count: 0)
    }

    private static func fault(_ status: Int32) -> ArchiveFault {
        switch status {
        case BZ_MEM_ERROR: .unreadable(operation: "decompress", code: 12)
        case BZ_DATA_ERROR_MAGIC: .corrupt(.bzip2, "expected a stream header, found something else")
        case BZ_DATA_ERROR: .corrupt(.bzip2, "a block contradicts its checksum or its coding")
        default: .corrupt(.bzip2, "the library reports \(status)")
        }
    }
}
