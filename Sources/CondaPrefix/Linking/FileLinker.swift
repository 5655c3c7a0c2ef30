import CondaArchive
import CondaModel
import Crypto

/// What was written for one regular file.
struct LinkedContents: Sendable {
    /// The digest of the contents in the archive.
    let digest: String
    /// The digest of the contents in the prefix.
    let digestInPrefix: String
    /// Bytes in the archive.
    let size: Int64
    /// Bytes in the prefix.
    let sizeInPrefix: Int64
}

/// Writes one regular file from its archive into a directory, replacing the prefix on the way.
struct FileLinker {
    /// The directory that is written.
    let directory: SafeDirectory

    /// No file gets a later time; seconds since 1970.
    let latestTime: Int64?

    /// Writes a file, or only digests it when another package's file is in its place.
    func link(
        _ task: LinkTask, _ member: ArchiveMember, _ contents: inout MemberContents
    ) throws(PrefixError) -> LinkedContents {
        if let replacement = task.replacement {
            return try linkReplaced(task, member, &contents, replacement)
        }
        guard task.isWritten else {
            let (digest, size) = try digest(&contents)
            return LinkedContents(digest: digest, digestInPrefix: digest, size: size, sizeInPrefix: size)
        }
        return try linkStreamed(task, member, &contents)
    }

    private func linkStreamed(
        _ task: LinkTask, _ member: ArchiveMember, _ contents: inout MemberContents
    ) throws(PrefixError) -> LinkedContents {
        let file = try create(task, member)
        var hash = SHA256()
        var size: Int64 = 0
        while let chunk = try Self.next(&contents) {
            hash.update(bufferPointer: chunk)
            try PrefixError.writing { () throws(DirectoryError) in try file.write(chunk) }
            size += Int64(chunk.count)
        }
        try close(file, time: member.modificationTime)
        let digest = hexadecimal(hash.finalize())
        return LinkedContents(digest: digest, digestInPrefix: digest, size: size, sizeInPrefix: size)
    }

    /// Files with a placeholder are held in memory: a string to replace may start anywhere.
    private func linkReplaced(
        _ task: LinkTask, _ member: ArchiveMember, _ contents: inout MemberContents, _ replacement: PrefixReplacement
    ) throws(PrefixError) -> LinkedContents {
        var bytes = try Self.readAll(&contents)
        let digest = Self.digest(of: bytes)
        let size = Int64(bytes.count)
        let changed: Bool
        do throws(PrefixReplacement.PrefixTooLong) {
            changed = try replacement.apply(to: &bytes)
        } catch {
            throw .prefixTooLong(
                package: "", file: task.target.string, prefix: replacement.prefix, prefixLength: error.prefixLength,
                placeholderLength: error.placeholderLength)
        }
        if task.isWritten {
            let file = try create(task, member)
            try PrefixError.writing { () throws(DirectoryError) in try file.write(bytes) }
            // A compiled module that was packaged with the old source must not pass for that of the new one.
            let shift: Int64 = changed ? 1 : 0
            let time = member.modificationTime
            try close(file, time: FileTime(seconds: time.seconds + shift, nanoseconds: time.nanoseconds))
        }
        return LinkedContents(
            digest: digest, digestInPrefix: changed ? Self.digest(of: bytes) : digest, size: size,
            sizeInPrefix: Int64(bytes.count))
    }

    private func create(_ task: LinkTask, _ member: ArchiveMember) throws(PrefixError) -> WritableFile {
        do throws(DirectoryError) {
            return try directory.createFile(task.place, mode: member.safeMode)
        } catch {
            throw .directory(error)
        }
    }

    private func close(_ file: borrowing WritableFile, time: FileTime) throws(PrefixError) {
        do throws(DirectoryError) {
            try file.setModificationTime(clamped(time))
        } catch {
            throw .directory(error)
        }
    }

    /// The time that a file gets: never later than the source epoch.
    func clamped(_ time: FileTime) -> FileTime {
        guard let latestTime, time.seconds >= latestTime else { return time }
        return FileTime(seconds: latestTime)
    }

    private func digest(_ contents: inout MemberContents) throws(PrefixError) -> (String, Int64) {
        var hash = SHA256()
        var size: Int64 = 0
        while let chunk = try Self.next(&contents) {
            hash.update(bufferPointer: chunk)
            size += Int64(chunk.count)
        }
        return (hexadecimal(hash.finalize()), size)
    }

    private static func next(_ contents: inout MemberContents) throws(PrefixError) -> UnsafeRawBufferPointer? {
        do throws(ArchiveError) { return try contents.next() } catch { throw .archive(error) }
    }

    private static func readAll(_ contents: inout MemberContents) throws(PrefixError) -> [UInt8] {
        do throws(ArchiveError) { return try contents.readAll(limit: Int.max) } catch { throw .archive(error) }
    }

    /// The SHA-256 digest of bytes in lower-case hexadecimal.
    static func digest(of bytes: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: bytes))
    }
}
