/// Where the central directory of a ZIP file lies, from the records at the file's end.
struct ZipEnd {
    private static let recordSize = 22
    private static let locatorSize = 20
    private static let maximumCommentSize = 65_535

    let entryCount: UInt64
    let directory: Range<Int64>

    /// Finds the end record: the last place where its signature stands and its comment reaches the file's end exactly.
    init(_ file: ArchiveFile) throws(ArchiveFault) {
        let tailSize = min(file.size, Int64(Self.recordSize + Self.maximumCommentSize))
        let tailStart = file.size - tailSize
        let tail = try file.bytes(tailStart..<file.size)
        guard let position = Self.find(tail) else {
            throw .truncated(.zip, "expected the end of the central directory, found none")
        }
        var cursor = ByteCursor(tail[(position + 4)...])
        let diskNumbers = try cursor.integer(UInt32.self)
        let entriesHere = try cursor.integer(UInt16.self)
        let entries = try cursor.integer(UInt16.self)
        let size = try cursor.integer(UInt32.self)
        let offset = try cursor.integer(UInt32.self)
        let recordOffset = tailStart + Int64(position)
        if entries == .max || size == .max || offset == .max || diskNumbers == .max {
            self = try ZipEnd(file, locatorBefore: recordOffset)
        } else {
            guard diskNumbers == 0, entriesHere == entries else { throw Self.split }
            let start = Int64(offset)
            try self.init(entries: UInt64(entries), start: UInt64(start), size: UInt64(size), end: recordOffset)
        }
    }

    /// Reads the ZIP64 records, which stand before the end record and take its place.
    private init(_ file: ArchiveFile, locatorBefore end: Int64) throws(ArchiveFault) {
        let locatorOffset = end - Int64(Self.locatorSize)
        guard locatorOffset >= 0 else { throw .truncated(.zip, "expected a ZIP64 locator, found none") }
        var locator = ByteCursor(try file.bytes(locatorOffset..<end))
        try locator.expect(0x0706_4B50, "a ZIP64 locator")
        let disk = try locator.integer(UInt32.self)
        let offset = try locator.integer(UInt64.self)
        guard disk == 0, try locator.integer(UInt32.self) <= 1 else { throw Self.split }
        guard offset <= UInt64(locatorOffset), UInt64(locatorOffset) - offset >= 56 else {
            throw .corrupt(.zip, "the ZIP64 end record lies outside of the file")
        }
        var record = ByteCursor(try file.bytes(Int64(offset)..<(Int64(offset) + 56)))
        try record.expect(0x0606_4B50, "a ZIP64 end record")
        try record.skip(12)
        guard try record.integer(UInt64.self) == 0 else { throw Self.split }
        let entriesHere = try record.integer(UInt64.self)
        let entries = try record.integer(UInt64.self)
        guard entriesHere == entries else { throw Self.split }
        let size = try record.integer(UInt64.self)
        let start = try record.integer(UInt64.self)
        try self.init(entries: entries, start: start, size: size, end: Int64(offset))
    }

    private init(entries: UInt64, start: UInt64, size: UInt64, end: Int64) throws(ArchiveFault) {
        let (directoryEnd, overflow) = start.addingReportingOverflow(size)
        guard !overflow, directoryEnd == UInt64(end) else {
            throw .corrupt(.zip, "the central directory does not end where its end record starts")
        }
        entryCount = entries
        directory = Int64(start)..<end
    }

    private static func find(_ tail: [UInt8]) -> Int? {
        let signature: [UInt8] = [0x50, 0x4B, 0x05, 0x06]
        var position = tail.count - recordSize
        while position >= 0 {
            let comment = Int(tail[position + 20]) | Int(tail[position + 21]) << 8
            if tail[position..<(position + 4)].elementsEqual(signature),
                position + recordSize + comment == tail.count
            {
                return position
            }
            position -= 1
        }
        return nil
    }

    private static let split = ArchiveFault.unsupported(.zip, "the archive is split over several files")
}
