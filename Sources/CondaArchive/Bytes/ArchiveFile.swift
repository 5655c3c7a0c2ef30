import Glibc

/// An open archive file, read at given places so that several readers may share it.
///
/// It is read, not mapped: a mapped file that somebody shortens kills the process.
final class ArchiveFile: Sendable {
    private let descriptor: Descriptor

    /// Bytes, when it was opened.
    let size: Int64

    init(path: String) throws(ArchiveFault) {
        let (number, code) = uninterrupted { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard number >= 0 else { throw .unreadable(operation: "open", code: code) }
        descriptor = Descriptor(owning: number)
        var status = stat()
        guard fstat(number, &status) == 0 else { throw .unreadable(operation: "fstat", code: errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .unsupported(.file, "expected a regular file, found something else")
        }
        size = Int64(status.st_size)
    }

    /// Tells the kernel that a region will be read in order, so that it reads ahead.
    func expectSequentialReading(of region: Range<Int64>) {
        // Advice only: where it is not heeded, reading works all the same.
        _ = posix_fadvise(descriptor.number, Int(region.lowerBound), region.count, POSIX_FADV_SEQUENTIAL)
    }

    /// Fills a buffer from a place in the file.
    ///
    /// - Throws: ``ArchiveFault/truncated(_:_:)`` when the file ends first, ``ArchiveFault/unreadable(operation:code:)``.
    func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveFault) {
        var filled = 0
        while filled < buffer.count {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
            let (count, code) = uninterrupted {
                pread(descriptor.number, rest.baseAddress, rest.count, Int(offset) + filled)
            }
            guard count >= 0 else { throw .unreadable(operation: "read", code: code) }
            guard count > 0 else {
                throw .truncated(.file, "expected \(buffer.count) bytes at \(offset), found \(filled)")
            }
            filled += count
        }
    }

    /// Reads a region into memory; the caller has bounded it.
    func bytes(_ region: Range<Int64>) throws(ArchiveFault) -> [UInt8] {
        guard region.lowerBound >= 0, region.upperBound <= size else {
            throw .truncated(.file, "expected bytes \(region), found a file of \(size)")
        }
        var fault: ArchiveFault?
        let count = Int(region.upperBound - region.lowerBound)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            do throws(ArchiveFault) {
                try read(at: region.lowerBound, into: UnsafeMutableRawBufferPointer(buffer))
                initialized = count
            } catch {
                fault = error
            }
        }
        if let fault { throw fault }
        return bytes
    }
}
