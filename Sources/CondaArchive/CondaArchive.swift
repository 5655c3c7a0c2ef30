/// One conda package file of either format, read as a stream and never unpacked to disk on the way.
///
/// The value holds no open file; each operation opens the archive and closes it, so thousands of values are cheap, and
/// several threads may work on one.
package struct CondaArchive: Sendable {
    /// The path of the file.
    package let path: String

    /// The format, told by the file's first bytes.
    package let format: ArchiveFormat

    /// Bytes of the file.
    package let size: Int64

    let limits: ArchiveLimits

    /// Opens an archive far enough to tell its format.
    ///
    /// - Parameters:
    ///   - path: the file; its name does not matter.
    ///   - limits: bounds on what the archive may make its reader do.
    /// - Throws: ``ArchiveError`` when the file cannot be read or is of neither format.
    package init(path: String, limits: ArchiveLimits = .standard) throws(ArchiveError) {
        self.path = path
        self.limits = limits
        do throws(ArchiveFault) {
            let file = try ArchiveFile(path: path)
            let magic = try file.bytes(0..<min(4, file.size))
            guard let format = ArchiveFormat(magic: magic) else {
                throw .unknownFormat(found: magic.isEmpty ? "nothing" : "'\(printable(magic))'")
            }
            self.format = format
            size = file.size
        } catch {
            throw ArchiveError(archive: path, reason: error)
        }
    }

    /// Visits the members that belong into a prefix, in the archive's order; those of `info/` are not among them.
    ///
    /// Memory is bounded whatever the sizes: contents stream through the decompressor's buffer. When the call returns,
    /// every checksum of every layer has been verified; until then a visitor's results are provisional.
    ///
    /// - Parameters:
    ///   - threads: threads that unpack a `.tar.bz2` file, the caller's included, about 10 MB of memory each. More than
    ///     one pays where a large archive would be the last of many; elsewhere visit several archives at once.
    ///   - body: gets each member with its contents, of which it may leave any part unread. What it throws ends the visit
    ///     and is thrown on as it is.
    /// - Throws: ``ArchiveError``, or what `body` throws.
    package func forEachMember(
        threads: Int = 1, _ body: (ArchiveMember, inout MemberContents) throws -> Void
    ) throws {
        let reader = try self.reader(of: .payload, threads: threads)
        while let member = try next(reader) {
            guard try isPayload(member, reader) else { continue }
            var contents = MemberContents(reader: reader, archive: path)
            try body(member, &contents)
        }
    }

    /// Reads the package's metadata.
    ///
    /// Of a `.conda` file only the `info` part is read. Reading a `.tar.bz2` file stops at the first member of the
    /// payload once all documents that matter were seen, which in nearly every package come first.
    ///
    /// - Parameter keeping: chooses members of `info/` to hold in memory beside the documents that are known here,
    ///   such as licences, by their path (`info/licenses/LICENSE`).
    /// - Throws: ``ArchiveError``.
    package func readInfo(keeping: (String) -> Bool = { _ in false }) throws(ArchiveError) -> ArchiveInfo {
        let reader = try self.reader(of: .info)
        var collector = InfoCollector(limits: limits)
        while let member = try next(reader) {
            guard member.location.isInside("info") else {
                guard format == .tarBzip2 || member.kind == .directory else {
                    throw error(.forbidden("the info part holds '\(member.location)', expected only info/"), reader)
                }
                if collector.isComplete { break }
                continue
            }
            do throws(ArchiveFault) {
                try collector.collect(member, from: reader, keeping: keeping)
            } catch {
                throw self.error(error, reader)
            }
        }
        return try collector.info(archive: path, limits: limits)
    }

    func next(_ reader: TarReader) throws(ArchiveError) -> ArchiveMember? {
        do {
            return try reader.nextMember()
        } catch {
            throw self.error(error, reader)
        }
    }

    /// Tells payload from `info/` and refuses what no package may bring into a prefix.
    private func isPayload(_ member: ArchiveMember, _ reader: TarReader) throws(ArchiveError) -> Bool {
        // Some build tools leave licences in the payload's part of a `.conda` file.
        if member.location.isInside("info") { return false }
        guard !member.location.isInside("conda-meta") else {
            throw error(.forbidden("conda-meta/ belongs to the prefix, a package must not write there"), reader)
        }
        if case .hardlink(let target) = member.kind, target.isInside("info") {
            throw error(.forbidden("a hard link into info/, which is not part of the prefix"), reader)
        }
        return true
    }

    func error(_ reason: ArchiveFault, _ reader: TarReader) -> ArchiveError {
        ArchiveError(archive: path, member: reader.memberName, reason: reason)
    }
}
