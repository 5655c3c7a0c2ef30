/// What the members of one archive add up to, and which paths they took.
struct MemberLedger {
    private let limits: ArchiveLimits
    private var headers = 0
    private var totalSize: Int64 = 0
    private var kinds: [RelativePath: Taken] = [:]

    private enum Taken {
        case file
        case directory
        case link
    }

    init(limits: ArchiveLimits) {
        self.limits = limits
    }

    /// Counts a header, extended ones included: a million of those is an attack as well.
    mutating func count() throws(ArchiveFault) {
        headers += 1
        guard headers <= limits.memberCount else {
            throw .overLimit("members", limit: Int64(limits.memberCount), found: Int64(headers))
        }
    }

    /// Checks the length of a path or link target.
    func checkLength(_ path: [UInt8]) throws(ArchiveFault) {
        guard path.count < limits.pathLength else { throw .unsafePath(printable(path), problem: .tooLong) }
    }

    /// Turns what the header says into what the member is.
    ///
    /// A hard link must name a file that came earlier in this archive, so that it can never reach anything else.
    func resolve(_ kind: MemberKind, at location: RelativePath) throws(ArchiveFault) -> ArchiveMember.Kind {
        switch kind {
        case .file, .oldSparse: return .file
        case .directory: return .directory
        case .symlink(let target):
            try checkLength(target)
            return .symlink(target: target)
        case .hardlink(let rawTarget):
            try checkLength(rawTarget)
            let target = try RelativePath(bytes: rawTarget)
            guard kinds[target] == .file else {
                throw .forbidden("a hard link to '\(target)', which is not an earlier file of the archive")
            }
            return .hardlink(target: target)
        }
    }

    /// Enters a member; a directory may come twice, anything else only once.
    mutating func record(_ member: ArchiveMember) throws(ArchiveFault) {
        guard member.size <= limits.memberSize else {
            throw .overLimit("bytes of a member", limit: limits.memberSize, found: member.size)
        }
        totalSize += member.size
        guard totalSize <= limits.totalSize else {
            throw .overLimit("bytes of all members", limit: limits.totalSize, found: totalSize)
        }
        let taken = Self.taken(member.kind)
        let earlier = kinds.updateValue(taken, forKey: member.location)
        guard earlier == nil || (earlier == .directory && taken == .directory) else {
            throw .duplicate(member.location.description)
        }
    }

    private static func taken(_ kind: ArchiveMember.Kind) -> Taken {
        switch kind {
        case .file, .hardlink: .file
        case .directory: .directory
        case .symlink: .link
        }
    }
}
