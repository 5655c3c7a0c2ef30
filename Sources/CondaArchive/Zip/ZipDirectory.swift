/// The members of a ZIP file whose contents are stored, as in `.conda` files (CEP 35), or deflated, as in wheels.
///
/// Written by hand, and not libarchive: the host tool links statically, and RHEL has no static libarchive (2026-12-01).
/// Only the contents are left to a library, zlib.
struct ZipDirectory {
    private static let localHeaderSize: Int64 = 30

    /// The members in the order of the directory; their contents do not overlap.
    let entries: [ZipEntry]

    /// Reads and checks the central directory (ZIP64 included).
    ///
    /// - Parameter methods: how contents may be kept.
    /// - Throws: ``ArchiveFault`` for anything that is malformed, compressed otherwise, encrypted or out of bounds.
    init(
        _ file: ArchiveFile, limits: ArchiveLimits, methods: Set<ZipEntry.Method> = [.stored]
    ) throws(ArchiveFault) {
        let end = try ZipEnd(file)
        guard end.entryCount <= UInt64(limits.zipEntryCount) else {
            throw .overLimit(
                "members of the ZIP file", limit: Int64(limits.zipEntryCount),
                found: Int64(clamping: end.entryCount))
        }
        // Each entry has three fields of at most 64 KB.
        let bound = Int64(end.entryCount) * (46 + 3 * 65_535)
        guard end.directory.count <= bound else {
            throw .corrupt(.zip, "the central directory has \(end.directory.count) bytes for \(end.entryCount) members")
        }
        var cursor = ByteCursor(try file.bytes(end.directory))
        var entries: [ZipEntry] = []
        for _ in 0..<end.entryCount { entries.append(try Self.entry(&cursor, methods)) }
        guard cursor.remaining == 0 else { throw .corrupt(.zip, "the central directory has more than its members") }
        guard Set(entries.map(\.name)).count == entries.count else {
            throw .corrupt(.zip, "two members have one name")
        }
        self.entries = Self.bounded(entries, directoryStart: end.directory.lowerBound)
    }

    /// Tells each entry where the next member starts.
    private static func bounded(_ entries: [ZipEntry], directoryStart: Int64) -> [ZipEntry] {
        var entries = entries
        var bound = directoryStart
        for index in entries.indices.sorted(by: { entries[$0].headerOffset > entries[$1].headerOffset }) {
            entries[index].bound = bound
            bound = entries[index].headerOffset
        }
        return entries
    }

    private static func entry(
        _ cursor: inout ByteCursor, _ methods: Set<ZipEntry.Method>
    ) throws(ArchiveFault) -> ZipEntry {
        try cursor.expect(0x0201_4B50, "an entry of the central directory")
        try cursor.skip(1)
        let isUnix = try cursor.integer(UInt8.self) == 3
        try cursor.skip(2)
        let flags = try cursor.integer(UInt16.self)
        let number = try cursor.integer(UInt16.self)
        let time = try cursor.integer(UInt16.self)
        let date = try cursor.integer(UInt16.self)
        let checksum = try cursor.integer(UInt32.self)
        let packedSize = try cursor.integer(UInt32.self)
        let size = try cursor.integer(UInt32.self)
        let nameLength = try cursor.integer(UInt16.self)
        let extraLength = try cursor.integer(UInt16.self)
        let commentLength = try cursor.integer(UInt16.self)
        let disk = try cursor.integer(UInt16.self)
        try cursor.skip(2)
        let attributes = try cursor.integer(UInt32.self)
        let offset = try cursor.integer(UInt32.self)
        let name = String(decoding: try cursor.bytes(Int(nameLength)), as: UTF8.self)
        var extra = ByteCursor(try cursor.bytes(Int(extraLength)))
        try cursor.skip(Int(commentLength))
        guard flags & 0x2041 == 0 else { throw .unsupported(.zip, "'\(printable(name.utf8))' is encrypted") }
        guard let method = ZipEntry.Method(rawValue: number), methods.contains(method) else {
            let expected = methods.contains(.deflated) ? "deflated or stored" : "stored"
            throw .unsupported(
                .zip, "'\(printable(name.utf8))' is compressed (method \(number)), expected it \(expected)")
        }
        guard disk == 0 || disk == .max else { throw .unsupported(.zip, "the archive is split over several files") }
        let wide = try WideFields(&extra, size: size, packedSize: packedSize, offset: offset)
        guard method == .deflated || wide.size == wide.packedSize else {
            throw .corrupt(.zip, "'\(printable(name.utf8))' is stored but has two sizes")
        }
        return ZipEntry(
            name: name, method: method, checksum: checksum, size: wide.size, packedSize: wide.packedSize,
            headerOffset: wide.offset, mode: isUnix ? UInt16(attributes >> 16) : 0, modified: (date, time))
    }

    /// Where the contents of a member lie, from its local header, which must agree with the directory.
    func contents(of entry: ZipEntry, in file: ArchiveFile) throws(ArchiveFault) -> Range<Int64> {
        let headerEnd = entry.headerOffset.addingReportingOverflow(Self.localHeaderSize)
        guard !headerEnd.overflow, headerEnd.partialValue <= file.size else {
            throw .truncated(
                .zip, "'\(printable(entry.name.utf8))' starts at \(entry.headerOffset) of \(file.size) bytes")
        }
        var header = ByteCursor(try file.bytes(entry.headerOffset..<headerEnd.partialValue))
        try header.expect(0x0403_4B50, "a local header")
        try header.skip(4)
        let method = try header.integer(UInt16.self)
        try header.skip(16)
        let nameLength = Int64(try header.integer(UInt16.self))
        let extraLength = Int64(try header.integer(UInt16.self))
        let nameStart = headerEnd.partialValue
        let start = nameStart + nameLength + extraLength
        let (end, overflow) = start.addingReportingOverflow(entry.packedSize)
        guard !overflow, end <= file.size else {
            let name = printable(entry.name.utf8)
            throw .truncated(.zip, "'\(name)' has \(entry.packedSize) bytes at \(start), found a file of \(file.size)")
        }
        let name = String(decoding: try file.bytes(nameStart..<(nameStart + nameLength)), as: UTF8.self)
        guard method == entry.method.rawValue, name == entry.name else {
            throw .corrupt(.zip, "the local header of '\(printable(entry.name.utf8))' contradicts the directory")
        }
        guard end <= entry.bound else {
            throw .corrupt(.zip, "'\(printable(entry.name.utf8))' overlaps what follows it")
        }
        return start..<end
    }
}

/// The sizes and the offset of an entry; fields that do not fit 32 bits stand in the ZIP64 extra field.
private struct WideFields {
    private(set) var size: Int64
    private(set) var packedSize: Int64
    private(set) var offset: Int64

    init(_ extra: inout ByteCursor, size: UInt32, packedSize: UInt32, offset: UInt32) throws(ArchiveFault) {
        self.size = Int64(size)
        self.packedSize = Int64(packedSize)
        self.offset = Int64(offset)
        guard size == .max || packedSize == .max || offset == .max else { return }
        while extra.remaining >= 4 {
            let tag = try extra.integer(UInt16.self)
            var field = ByteCursor(try extra.bytes(Int(try extra.integer(UInt16.self))))
            guard tag == 0x0001 else { continue }
            if size == .max { self.size = try Self.wide(&field) }
            if packedSize == .max { self.packedSize = try Self.wide(&field) }
            if offset == .max { self.offset = try Self.wide(&field) }
            return
        }
        throw .corrupt(.zip, "expected a ZIP64 field, found none")
    }

    private static func wide(_ field: inout ByteCursor) throws(ArchiveFault) -> Int64 {
        let value = try field.integer(UInt64.self)
        guard let value = Int64(exactly: value) else { throw .corrupt(.zip, "a size of \(value) bytes") }
        return value
    }
}
