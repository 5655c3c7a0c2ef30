import CondaArchive
import CondaModel
import HostSystem

/// What was written for one regular file.
struct LinkedContents: Sendable {
    /// The digest of the contents in the archive.
    let digest: String
    /// The digest of the contents in the prefix.
    let digestInPrefix: String
    /// Bytes in the archive.
    let size: Int64
}

/// Writes one regular file from its archive into a directory, replacing the prefix on the way.
struct FileLinker {
    /// The package that the files are of, for messages.
    let package: String

    /// The directory that is written.
    let directory: SafeDirectory

    /// No file gets a later time; seconds since 1970.
    let latestTime: Int64?

    /// Whether every file is digested, though its package's list has a digest already.
    ///
    /// Half of the time of unpacking Zstandard goes into digests on processors without instructions for them.
    let checksContents: Bool

    /// Whether files of unpacked packages get a second name here; otherwise they are copied.
    let sharesFiles: Bool

    /// Whether nothing is written, and of the contents nothing is to be found out (``PrefixInstaller/rehearse(_:wheels:known:)``).
    var isRehearsal = false

    /// Bytes from which on the disk is told to begin at once.
    private static let worthStarting: Int64 = 256 << 10

    /// Writes a file, or only learns its digest when another package's file is in its place.
    func link(
        _ task: LinkTask, _ member: ArchiveMember, _ contents: inout MemberContents
    ) throws(PrefixError) -> LinkedContents {
        if isRehearsal { return LinkedContents(digest: "", digestInPrefix: "", size: member.size) }
        if let replacement = task.replacement {
            let bytes = try Self.readAll(&contents)
            let digest = trustedDigest(task, size: member.size) ?? Self.digest(of: bytes)
            return try linkReplaced(task, bytes, member.origin, replacement, digest: digest)
        }
        let listed = trustedDigest(task, size: member.size)
        guard task.isWritten else {
            let digest = if let listed { listed } else { try digest(&contents) }
            return LinkedContents(digest: digest, digestInPrefix: digest, size: member.size)
        }
        return try linkStreamed(task, member, &contents, listed: listed)
    }

    /// The digest of the package's list, where it need not be checked and nothing speaks against it.
    private func trustedDigest(_ task: LinkTask, size: Int64) -> String? {
        checksContents || task.listed.size != size ? nil : task.listed.sha256
    }

    private func linkStreamed(
        _ task: LinkTask, _ member: ArchiveMember, _ contents: inout MemberContents, listed: String?
    ) throws(PrefixError) -> LinkedContents {
        let file = try create(task, member.origin)
        var hash = Digest(.sha256)
        while let chunk = try Self.next(&contents) {
            if listed == nil { hash.update(chunk) }
            try PrefixError.writing { () throws(DirectoryError) in try file.write(chunk) }
        }
        try close(file, time: member.modificationTime, size: member.size)
        let digest = listed ?? hexadecimal(hash.finalize())
        return LinkedContents(digest: digest, digestInPrefix: digest, size: member.size)
    }

    /// Files with a placeholder are held in memory: a string to replace may start anywhere.
    func linkReplaced(
        _ task: LinkTask, _ contents: [UInt8], _ origin: Origin, _ replacement: PrefixReplacement, digest: String
    ) throws(PrefixError) -> LinkedContents {
        var bytes = contents
        let size = Int64(contents.count)
        let changed: Bool
        do throws(PrefixReplacement.PrefixTooLong) {
            changed = try replacement.apply(to: &bytes)
        } catch {
            throw .prefixTooLong(
                package: package, file: task.target.string, prefix: replacement.prefix,
                prefixLength: error.prefixLength,
                placeholderLength: error.placeholderLength)
        }
        if task.isWritten {
            let file = try create(task, origin)
            try PrefixError.writing { () throws(DirectoryError) in try file.write(bytes) }
            // A compiled module that was packaged with the old source must not pass for that of the new one.
            let shift: Int64 = changed ? 1 : 0
            let time = FileTime(seconds: origin.time.seconds + shift, nanoseconds: origin.time.nanoseconds)
            try close(file, time: time, size: size)
        }
        return LinkedContents(
            digest: digest, digestInPrefix: changed ? Self.digest(of: bytes) : digest, size: size)
    }

    /// What a written file takes over from where it came from.
    struct Origin {
        let mode: UInt16
        let time: FileTime
    }

    private func create(_ task: LinkTask, _ origin: Origin) throws(PrefixError) -> WritableFile {
        do throws(DirectoryError) {
            return try directory.createFile(task.place, mode: origin.mode)
        } catch {
            throw .directory(error)
        }
    }

    private func close(_ file: borrowing WritableFile, time: FileTime, size: Int64) throws(PrefixError) {
        do throws(DirectoryError) {
            try file.setModificationTime(clamped(time))
        } catch {
            throw .directory(error)
        }
        if size >= Self.worthStarting { file.startWriting() }
    }

    /// The time that a file gets: never later than the source epoch.
    func clamped(_ time: FileTime) -> FileTime {
        guard let latestTime, time.seconds >= latestTime else { return time }
        return FileTime(seconds: latestTime)
    }

    private func digest(_ contents: inout MemberContents) throws(PrefixError) -> String {
        var hash = Digest(.sha256)
        while let chunk = try Self.next(&contents) { hash.update(chunk) }
        return hexadecimal(hash.finalize())
    }

    private static func next(_ contents: inout MemberContents) throws(PrefixError) -> UnsafeRawBufferPointer? {
        do throws(ArchiveError) { return try contents.next() } catch { throw .archive(error) }
    }

    private static func readAll(_ contents: inout MemberContents) throws(PrefixError) -> [UInt8] {
        do throws(ArchiveError) { return try contents.readAll(limit: Int.max) } catch { throw .archive(error) }
    }

    /// The SHA-256 digest of bytes in lower-case hexadecimal.
    static func digest(of bytes: [UInt8]) -> String {
        hexadecimal(Digest.sha256(bytes))
    }
}

extension ArchiveMember {
    fileprivate var origin: FileLinker.Origin { .init(mode: safeMode, time: modificationTime) }
}
