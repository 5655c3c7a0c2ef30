/// Reads the members of a tar stream in order: v7, ustar, pax and GNU, sparse members included.
///
/// Everything is checked that a hostile archive could bend: paths, kinds, duplicates, hard links, sizes, counts and the
/// end marker. Contents are handed out from the source's own memory.
///
/// Written by hand, and not libarchive: the host tool links statically, and RHEL has no static libarchive (2026-12-01).
package final class TarReader {
    private let limits: ArchiveLimits
    private var blocks: BlockReader
    private var ledger: MemberLedger
    private var data = MemberData()
    private var global = PaxRecords()
    private var atEnd = false

    /// The member being read, for messages.
    package private(set) var memberName: String?

    /// - Parameters:
    ///   - source: the unpacked tar stream.
    ///   - limits: bounds on members.
    ///   - expansion: the most bytes that the stream may have.
    package init(_ source: any ByteSource, limits: ArchiveLimits, expansion: Int64) {
        self.limits = limits
        blocks = BlockReader(source, limit: expansion)
        ledger = MemberLedger(limits: limits)
    }

    /// Bytes of the current member not yet handed out.
    package var remaining: Int64 { data.remaining }

    /// The next bytes of the current member, nil at its end; valid until the next call.
    package func nextChunk() throws(ArchiveFault) -> UnsafeRawBufferPointer? {
        try data.next(from: &blocks)
    }

    /// Goes to the next member, passing over what is left of the current one; nil after the last.
    package func nextMember() throws(ArchiveFault) -> ArchiveMember? {
        if atEnd { return nil }
        try blocks.skip(data.rest)
        data = MemberData()
        memberName = nil
        var records = global
        while let header = try nextHeader() {
            switch header.typeFlag {
            case UInt8(ascii: "x"), UInt8(ascii: "X"):
                try records.read(extendedHeader(header))
            case UInt8(ascii: "g"):
                try global.read(extendedHeader(header))
                records = global
            case UInt8(ascii: "L"):
                records.path = try longName(header)
            case UInt8(ascii: "K"):
                records.linkPath = try longName(header)
            default:
                if let member = try member(header, records) { return member }
                records = global
            }
        }
        return try finish()
    }

    /// The next header; nil at the end marker, which must be there: without it nobody could tell a cut archive.
    private func nextHeader() throws(ArchiveFault) -> TarHeader? {
        let first = try block()
        if let header = try TarHeader(first) {
            try ledger.count()
            return header
        }
        guard try blocks.skipZeros(Int64(TarHeader.blockSize)) else {
            throw .corrupt(.tar, "a block of zeros is followed by data, expected the end of the archive")
        }
        return nil
    }

    private func block() throws(ArchiveFault) -> [UInt8] {
        do {
            return try blocks.bytes(TarHeader.blockSize)
        } catch .truncated(.tar, _) {
            throw .truncated(.tar, "expected a header or the end marker, found the end of the data")
        }
    }

    private func finish() throws(ArchiveFault) -> ArchiveMember? {
        atEnd = true
        try blocks.drain()
        return nil
    }

    private func extendedHeader(_ header: TarHeader) throws(ArchiveFault) -> [UInt8] {
        guard header.size <= Int64(limits.extendedHeaderSize) else {
            throw .overLimit(
                "bytes of an extended header", limit: Int64(limits.extendedHeaderSize), found: header.size)
        }
        let bytes = try blocks.bytes(Int(header.size))
        try blocks.skip(MemberData.padding(header.size))
        return bytes
    }

    private func longName(_ header: TarHeader) throws(ArchiveFault) -> [UInt8] {
        var name = try extendedHeader(header)
        while name.last == 0 { name.removeLast() }
        return name
    }

    /// Makes the member of a header that is not an extension; nil for the root directory itself.
    private func member(_ header: TarHeader, _ records: PaxRecords) throws(ArchiveFault) -> ArchiveMember? {
        let rawPath = records.sparse.name ?? records.path ?? header.path
        memberName = printable(rawPath)
        try ledger.checkLength(rawPath)
        let location = try RelativePath.belowRoot(rawPath)
        let kind = try MemberKind(header, rawPath: rawPath, linkPath: records.linkPath ?? header.linkPath)
        guard let location else {
            guard kind == .directory else { throw .unsafePath(printable(rawPath), problem: .empty) }
            return nil
        }
        let physical = records.size ?? header.size
        data = try memberData(kind, physical, records.sparse)
        let member = ArchiveMember(
            location: location, kind: try ledger.resolve(kind, at: location), mode: header.mode,
            size: data.remaining,
            modificationTime: records.modificationTime ?? FileTime(seconds: header.modificationTime))
        try ledger.record(member)
        return member
    }

    private func memberData(
        _ kind: MemberKind, _ physical: Int64, _ sparse: PaxSparse
    ) throws(ArchiveFault) -> MemberData {
        guard physical <= limits.memberSize else {
            throw .overLimit("bytes of a member", limit: limits.memberSize, found: physical)
        }
        switch kind {
        case .directory:
            // POSIX: the size of a directory is an allocation hint, no data follows.
            return MemberData()
        case .symlink, .hardlink:
            guard physical == 0 else { throw .unsupported(.tar, "a link with \(physical) bytes of contents") }
            return MemberData()
        case .file where sparse.hasMapInData:
            return try SparseMapReader.pax(&blocks, sparse, physical: physical, limits: limits)
        case .file where sparse.isPresent:
            return MemberData(map: try sparse.map(dataSize: physical), physical: physical)
        case .file:
            return MemberData(physical: physical)
        case .oldSparse(let fields):
            return try SparseMapReader.gnu(&blocks, fields, physical: physical, limits: limits)
        }
    }
}
