import Glibc

/// One walk from a root down to a directory, component by component.
struct DirectoryWalk {
    /// As many links as Linux follows in one path.
    private static let maximumLinks = 40

    let directory: SafeDirectory
    let creating: Bool
    let operation: String
    let subject: RelativePath?
    private var links = 0

    init(directory: SafeDirectory, creating: Bool, operation: String, subject: RelativePath?) {
        self.directory = directory
        self.creating = creating
        self.operation = operation
        self.subject = subject
    }

    /// Opens a directory below the root, nil being the root itself.
    mutating func open(_ path: RelativePath?) throws(DirectoryError) -> OpenedDirectory {
        if let known = directory.cached(path) { return known }
        guard let path else { throw fault(.system(EBADF)) }
        let parent = try open(path.parent)
        let found = try step(from: parent, to: path)
        directory.remember(found, at: path)
        return found
    }

    private mutating func step(
        from parent: OpenedDirectory, to path: RelativePath
    ) throws(DirectoryError) -> OpenedDirectory {
        let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
        let (number, code) = openComponent(parent, path, flags)
        if number >= 0 { return entered(number, path.name, of: parent) }
        switch code {
        case ENOENT where creating:
            return try make(path, in: parent, flags)
        case ENOTDIR, ELOOP:
            return try follow(path, in: parent)
        default:
            throw fault(.system(code))
        }
    }

    private func openComponent(_ parent: OpenedDirectory, _ path: RelativePath, _ flags: Int32) -> (Int32, Int32) {
        withCString(path.name) { name in
            uninterrupted { openat(parent.descriptor.number, name, flags) }
        }
    }

    private func entered(_ number: Int32, _ name: ArraySlice<UInt8>, of parent: OpenedDirectory) -> OpenedDirectory {
        OpenedDirectory(
            descriptor: Descriptor(owning: number), physical: RelativePath(name: name, below: parent.physical))
    }

    /// Makes a directory that a member needs but the archive does not list; 0755 whatever the umask.
    private mutating func make(
        _ path: RelativePath, in parent: OpenedDirectory, _ flags: Int32
    ) throws(DirectoryError) -> OpenedDirectory {
        let (made, code) = withCString(path.name) { name in
            uninterrupted { mkdirat(parent.descriptor.number, name, 0o755) }
        }
        guard made == 0 || code == EEXIST else { throw fault(.system(code)) }
        let (number, openCode) = openComponent(parent, path, flags)
        guard number >= 0 else {
            // Somebody else put a link or a file there since the first look.
            if openCode == ENOTDIR || openCode == ELOOP { return try follow(path, in: parent) }
            throw fault(.system(openCode))
        }
        if made == 0 { fchmod(number, 0o755) }
        return entered(number, path.name, of: parent)
    }

    private mutating func follow(
        _ path: RelativePath, in parent: OpenedDirectory
    ) throws(DirectoryError) -> OpenedDirectory {
        guard let target = readLink(path.name, in: parent.descriptor) else {
            throw fault(.notADirectory(path.description))
        }
        guard directory.traversal == .insideRoot else { throw fault(.symbolicLinkOnTheWay(path.description)) }
        links += 1
        guard links <= Self.maximumLinks else { throw fault(.system(ELOOP)) }
        switch LinkTarget(target).resolved(from: parent.physical) {
        case .outside: throw fault(.leavesRoot(target: printable(target)))
        case .root: return try open(nil)
        case .below(let place): return try open(place)
        }
    }

    private func fault(_ reason: DirectoryError.Reason) -> DirectoryError {
        directory.error(operation, subject, reason)
    }
}

/// The text of a link, nil when the name is not a link.
func readLink(_ name: ArraySlice<UInt8>, in directory: Descriptor) -> [UInt8]? {
    var target = [CChar](repeating: 0, count: Int(PATH_MAX))
    let (count, _) = withCString(name) { name in
        uninterrupted { readlinkat(directory.number, name, &target, target.count) }
    }
    return count < 0 ? nil : target[..<count].map { UInt8(bitPattern: $0) }
}
