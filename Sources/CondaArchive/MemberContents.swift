import HostSystem

/// The contents of the member that is being visited, handed out chunk by chunk.
///
/// What the visitor does not read is skipped. A value must not outlive the visit, which its being noncopyable ensures.
package struct MemberContents: ~Copyable {
    private let reader: TarReader
    private let archive: String

    init(reader: TarReader, archive: String) {
        self.reader = reader
        self.archive = archive
    }

    /// Bytes not yet handed out.
    package var remaining: Int64 { reader.remaining }

    /// Returns the next bytes of the member, nil at its end.
    ///
    /// The buffer lies in the decompressor's own memory: it is valid until the next call, and never empty.
    /// Holes of sparse files are handed out as zeros.
    /// - Throws: ``ArchiveError`` when the archive is truncated or corrupt here.
    package mutating func next() throws(ArchiveError) -> UnsafeRawBufferPointer? {
        do {
            return try reader.nextChunk()
        } catch {
            throw ArchiveError(archive: archive, member: reader.memberName, reason: error)
        }
    }

    /// Reads what is left of the member into memory.
    ///
    /// - Parameter limit: the most bytes that the caller is willing to hold.
    /// - Throws: ``ArchiveError``, with ``ArchiveFault/overLimit(_:limit:found:)`` before anything is read.
    package mutating func readAll(limit: Int) throws(ArchiveError) -> [UInt8] {
        guard remaining <= Int64(limit) else {
            let reason = ArchiveFault.overLimit("bytes in memory", limit: Int64(limit), found: remaining)
            throw ArchiveError(archive: archive, member: reader.memberName, reason: reason)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(remaining))
        while let chunk = try next() { bytes.append(contentsOf: chunk) }
        return bytes
    }
}
