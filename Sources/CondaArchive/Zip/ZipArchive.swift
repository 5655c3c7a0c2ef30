/// A ZIP file of files and directories, as wheels are (PEP 427), of which every member was checked but not yet read.
package struct ZipArchive: Sendable {
    /// One file or directory.
    package struct Member: Sendable {
        /// Where the member goes, below the root of the archive.
        package let location: RelativePath

        /// Whether it is a directory.
        package let isDirectory: Bool

        /// Whether somebody may execute it.
        package let isExecutable: Bool

        /// Bytes of contents.
        package let size: Int64

        /// When it was last changed; ZIP has no time zone, so its clock is taken for UTC.
        package let modificationTime: FileTime

        let entry: ZipEntry
    }

    /// The path of the file.
    package let path: String

    /// The members in the order of the directory; no two have one path, and none lies below another's file.
    package let members: [Member]

    private let file: ArchiveFile
    private let directory: ZipDirectory

    /// Opens an archive and reads its directory.
    ///
    /// - Throws: ``ArchiveError``.
    package init(path: String, limits: ArchiveLimits = .standard) throws(ArchiveError) {
        self.path = path
        do throws(ArchiveFault) {
            var limits = limits
            limits.zipEntryCount = limits.memberCount
            file = try ArchiveFile(path: path)
            directory = try ZipDirectory(file, limits: limits, methods: [.stored, .deflated])
            members = try Self.members(directory, limits, fileSize: file.size)
        } catch {
            throw ArchiveError(archive: path, reason: error)
        }
    }

    private static func members(
        _ directory: ZipDirectory, _ limits: ArchiveLimits, fileSize: Int64
    ) throws(ArchiveFault) -> [Member] {
        var members: [Member] = []
        var files: [RelativePath: Bool] = [:]
        var total: Int64 = 0
        let expansion = limits.expansion(ofArchiveSize: fileSize)
        for entry in directory.entries {
            let member = try Member(entry, limits)
            guard files.updateValue(!member.isDirectory, forKey: member.location) == nil else {
                throw .duplicate(member.location.description)
            }
            guard member.size <= expansion - total else {
                throw .overLimit("unpacked bytes", limit: expansion, found: Int64(clamping: total + member.size / 2))
            }
            total += member.size
            members.append(member)
        }
        for member in members {
            var parent = member.location.parent
            while let folder = parent {
                guard files[folder] != true else { throw .duplicate(folder.description) }
                parent = folder.parent
            }
        }
        return members
    }

    /// Opens a member for reading.
    ///
    /// - Throws: ``ArchiveError``.
    package func contents(of member: Member) throws(ArchiveError) -> ZipContents {
        do throws(ArchiveFault) {
            let region = try directory.contents(of: member.entry, in: file)
            let packed = FileSource(file: file, region: region)
            let source: any ByteSource =
                switch member.entry.method {
                case .stored: packed
                case .deflated: try InflateSource(packed, limit: member.size)
                }
            return ZipContents(source, member: member, archive: path)
        } catch {
            throw ArchiveError(archive: path, member: member.location.description, reason: error)
        }
    }

    /// Reads a member into memory.
    ///
    /// - Parameter limit: the most bytes that the caller is willing to hold.
    /// - Throws: ``ArchiveError``.
    package func read(_ member: Member, limit: Int) throws(ArchiveError) -> [UInt8] {
        guard member.size <= Int64(limit) else {
            let reason = ArchiveFault.overLimit("bytes in memory", limit: Int64(limit), found: member.size)
            throw ArchiveError(archive: path, member: member.location.description, reason: reason)
        }
        let contents = try contents(of: member)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(member.size))
        while let chunk = try contents.next() { bytes.append(contentsOf: chunk) }
        return bytes
    }
}

extension ZipArchive.Member {
    private static let typeBits: UInt16 = 0o170000

    fileprivate init(_ entry: ZipEntry, _ limits: ArchiveLimits) throws(ArchiveFault) {
        guard entry.name.utf8.count <= limits.pathLength else {
            throw .unsafePath(printable(entry.name.utf8), problem: .tooLong)
        }
        location = try RelativePath(entry.name)
        isDirectory = entry.name.hasSuffix("/")
        let expected: UInt16 = isDirectory ? 0o040000 : 0o100000
        guard [0, expected].contains(entry.mode & Self.typeBits) else {
            throw .forbidden("'\(location)' is neither a file nor a directory")
        }
        guard entry.size <= limits.memberSize, !isDirectory || entry.size == 0 else {
            throw .overLimit("bytes of '\(location)'", limit: isDirectory ? 0 : limits.memberSize, found: entry.size)
        }
        isExecutable = entry.mode & 0o111 != 0
        size = entry.size
        modificationTime = FileTime(date: entry.modified.date, time: entry.modified.time)
        self.entry = entry
    }
}

extension FileTime {
    /// A moment as MS-DOS has it, to two seconds; fields that no clock shows give some moment all the same.
    fileprivate init(date: UInt16, time: UInt16) {
        let year = 1980 + Int(date >> 9)
        let month = max(1, Int(date >> 5 & 15))
        // Years that start in March have their odd day at the end.
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + Int(date & 31) - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        let seconds = Int(time >> 11) * 3600 + Int(time >> 5 & 63) * 60 + Int(time & 31) * 2
        self.init(seconds: Int64(days * 86_400 + seconds))
    }
}
