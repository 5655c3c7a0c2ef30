/// The contents of one member of a ZIP file, whose size and CRC-32 are compared with the directory's at the end.
package final class ZipContents {
    private let source: any ByteSource
    private let member: ZipArchive.Member
    private let archive: String
    private var checksum = CRC32()
    private var total: Int64 = 0

    init(_ source: any ByteSource, member: ZipArchive.Member, archive: String) {
        self.source = source
        self.member = member
        self.archive = archive
    }

    /// Returns the next bytes, nil at the end; they are valid until the next call.
    ///
    /// - Throws: ``ArchiveError`` when the member is truncated or corrupt here.
    package func next() throws(ArchiveError) -> UnsafeRawBufferPointer? {
        do throws(ArchiveFault) {
            let chunk = try source.next()
            guard chunk.isEmpty else {
                checksum.update(chunk)
                total += Int64(chunk.count)
                return chunk
            }
            guard total == member.size else {
                throw .corrupt(.zip, "expected \(member.size) bytes, found \(total)")
            }
            guard checksum.value == member.entry.checksum else {
                throw .corrupt(.zip, "the contents' CRC-32 differs from the one in the directory")
            }
            return nil
        } catch {
            throw ArchiveError(archive: archive, member: member.location.description, reason: error)
        }
    }
}
