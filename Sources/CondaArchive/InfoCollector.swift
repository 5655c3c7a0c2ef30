/// Gathers the documents of `info/` while an archive streams by.
struct InfoCollector {
    private let limits: ArchiveLimits
    private var files: [String: [UInt8]] = [:]
    private var names: [String] = []
    private var total = 0

    init(limits: ArchiveLimits) {
        self.limits = limits
    }

    /// Whether no later member of a `.tar.bz2` file could matter.
    ///
    /// Without `paths.json` the older documents may come anywhere; a noarch python package needs its `link.json`.
    var isComplete: Bool {
        guard let index = files["info/index.json"], files["info/paths.json"] != nil else { return false }
        if files["info/link.json"] != nil { return true }
        return (try? IndexKind(json: index, depth: limits.documentDepth).isNoarchPython) == false
    }

    /// Takes in one member of `info/`.
    mutating func collect(
        _ member: ArchiveMember, from reader: TarReader, keeping: (String) -> Bool
    ) throws(ArchiveFault) {
        let name = member.path
        let isDocument = ArchiveInfo.documentNames.contains(name)
        if member.kind != .directory { names.append(name) }
        guard isDocument || keeping(name) else { return }
        switch member.kind {
        case .directory:
            guard !isDocument else { throw .forbidden("expected a file, found a directory") }
        case .file:
            files[name] = try contents(member, reader)
        case .hardlink(let target):
            // A licence may share its file with one of the payload, which is not held here.
            if let shared = files[target.string] { files[name] = shared }
            guard !isDocument || files[name] != nil else {
                throw .forbidden("expected a file, found a hard link to '\(target)'")
            }
        case .symlink(let target):
            guard !isDocument else { throw .forbidden("expected a file, found a link to '\(printable(target))'") }
        }
    }

    private mutating func contents(_ member: ArchiveMember, _ reader: TarReader) throws(ArchiveFault) -> [UInt8] {
        guard member.size <= Int64(limits.infoMemberSize) else {
            throw .overLimit("bytes in memory", limit: Int64(limits.infoMemberSize), found: member.size)
        }
        total += Int(member.size)
        guard total <= limits.infoTotalSize else {
            throw .overLimit("bytes of info/ in memory", limit: Int64(limits.infoTotalSize), found: Int64(total))
        }
        var bytes: [UInt8] = []
        // What a header claims is not allocated before it arrives.
        bytes.reserveCapacity(min(Int(member.size), 1 << 20))
        while let chunk = try reader.nextChunk() { bytes.append(contentsOf: chunk) }
        return bytes
    }

    func info(archive: String, limits: ArchiveLimits) throws(ArchiveError) -> ArchiveInfo {
        guard files["info/index.json"] != nil else {
            throw ArchiveError(archive: archive, reason: .missing("info/index.json"))
        }
        return ArchiveInfo(archive: archive, files: files, memberNames: names, depth: limits.documentDepth)
    }
}
