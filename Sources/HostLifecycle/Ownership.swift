import Glibc

/// The rule of who may change what root reads or runs here, spelled once for this tool (`%pre` has it for the time before
/// there is one, the build for `rpm.prefix`).
///
/// Every directory from / to the home, also those that symbolic links lead through, and everything below the home that
/// is read or run belongs to root and is writable by nobody else: not by its group, not by others. A sticky bit makes no
/// directory trusted, and what an access control list allows shows in the group's bits (acl(5)). Where an ordinary user
/// runs the tool on a home of his own, what belongs to him is trusted as well.
///
/// No look is overtaken: directories are looked at from the root down, and in one that follows the rule nobody else can
/// put another thing in a place that was looked at.
struct Ownership: Sendable {
    /// Who is trusted.
    let users: Set<uid_t>
    /// The directory whose own ancestors are taken for granted; tests have no home below /.
    var base = "/"

    /// Root, and whoever runs the tool.
    static let ofThisProcess = Ownership(users: [0, geteuid()])

    /// Why a path is not trusted.
    struct Offence: Error, Hashable, Sendable {
        let path: String
        let owner: uid_t
        /// The twelve permission bits.
        let mode: mode_t
        /// `S_IFDIR` and its like.
        let kind: mode_t

        var isDirectory: Bool { kind == S_IFDIR }
        var isLink: Bool { kind == S_IFLNK }
    }

    /// Whether anybody else could change a file or directory; nil: nobody.
    func offence(_ path: String, _ status: stat) -> Offence? {
        let mode = status.st_mode & 0o7777
        let kind = status.st_mode & S_IFMT
        // The bits of a link mean nothing, and only who may write to its directory can change it.
        let isWritable = kind != S_IFLNK && mode & 0o022 != 0
        // Nothing that is made here has set-ID bits.
        let isSetID = kind == S_IFREG && mode & 0o6000 != 0
        guard !users.contains(status.st_uid) || isWritable || isSetID else { return nil }
        return Offence(path: path, owner: status.st_uid, mode: mode, kind: kind)
    }

    /// Refuses a path that somebody else could change, or that leads through a directory which somebody else could change.
    ///
    /// What does not exist is nobody's; then the directories above it count.
    /// - Throws: `HostError.untrusted`.
    func require(_ path: String) throws(HostError) {
        var walk = PathWalk(path: path)
        while let place = walk.next() {
            guard let found = status(place) else { return }
            if found.st_mode & S_IFMT == S_IFLNK {
                guard try walk.follow(place) else { throw .system(operation: "follow", path: place, code: ELOOP) }
            } else if isJudged(place), let offence = offence(place, found) {
                throw HostError(offence)
            }
        }
    }

    private func isJudged(_ place: String) -> Bool { base == "/" || place == base || place.hasPrefix(base + "/") }

    /// Refuses a tree of which somebody else could change anything; none is no failure.
    ///
    /// - Throws: `HostError.untrusted` for the first offence.
    func requireTree(_ path: String) throws(HostError) {
        try require(path)
        if let offence = try offences(below: realPath(path) ?? path).first { throw HostError(offence) }
    }

    /// All that somebody else could change below a directory, itself not included; links are not followed.
    func offences(below path: String) throws(HostError) -> [Offence] {
        var offences: [Offence] = []
        guard isDirectory(path) else { return offences }
        try FileTree(path).visit { (entry) throws(HostError) in
            if let offence = offence(entry.path, entry.status) { offences.append(offence) }
        }
        return offences
    }
}

/// The directories and links of a path, one after the other from the root down.
private struct PathWalk {
    private var done = ""
    private var rest: [Substring]
    private var links = 0
    private var isBegun = false

    init(path: String) {
        rest = path.split(separator: "/").reversed()
    }

    /// The next place to look at; nil at the end.
    mutating func next() -> String? {
        guard isBegun else {
            isBegun = true
            return "/"
        }
        while let part = rest.popLast() {
            switch part {
            case ".": continue
            case "..": done = done.lastIndex(of: "/").map { String(done[..<$0]) } ?? ""
            default:
                done += "/\(part)"
                return done
            }
        }
        return nil
    }

    /// Goes on where a link leads; false when it is one too many, of as many as the kernel follows.
    mutating func follow(_ link: String) throws(HostError) -> Bool {
        links += 1
        guard links <= 40 else { return false }
        var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        guard readlink(link, &target, Int(PATH_MAX)) > 0 else {
            throw .system(operation: "read", path: link, code: errno)
        }
        let text = target.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
        done = text.hasPrefix("/") ? "" : done.lastIndex(of: "/").map { String(done[..<$0]) } ?? ""
        rest += text.split(separator: "/").reversed()
        return true
    }
}
