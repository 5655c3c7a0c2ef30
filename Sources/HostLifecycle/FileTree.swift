import Glibc

/// All that is below a directory, gone through by descriptors: whoever exchanges a directory for a link meanwhile does not
/// lead the walk elsewhere.
struct FileTree {
    /// One name below the root.
    struct Entry {
        /// For messages: a name may hold bytes that are no text.
        let path: String
        let status: stat
        /// The descriptor of the directory that holds it.
        fileprivate let directory: Int32
        fileprivate let name: [CChar]

        var isDirectory: Bool { status.st_mode & S_IFMT == S_IFDIR }
    }

    private let root: String

    init(_ root: String) {
        self.root = root
    }

    /// Visits every name below the root, a directory before what is in it.
    func visit(_ body: (Entry) throws(HostError) -> Void) throws(HostError) {
        try Self.visit(try openRoot(), root, before: body) { (_) throws(HostError) in }
    }

    /// Removes the root with all that is in it.
    func remove() throws(HostError) {
        try Self.visit(try openRoot(), root) { (entry) throws(HostError) in
            if !entry.isDirectory { try Self.remove(entry, flags: 0) }
        } after: { (entry) throws(HostError) in
            try Self.remove(entry, flags: AT_REMOVEDIR)
        }
        try check("remove", root) { rmdir(root) == -1 && errno != ENOENT ? -1 : 0 }
    }

    private static func remove(_ entry: Entry, flags: Int32) throws(HostError) {
        try check("remove", entry.path) {
            unlinkat(entry.directory, entry.name, flags) == -1 && errno != ENOENT ? -1 : 0
        }
    }

    private func openRoot() throws(HostError) -> Int32 {
        let descriptor = open(root, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor != -1 else { throw .system(operation: "open", path: root, code: errno) }
        return descriptor
    }

    /// Takes the descriptor over.
    private static func visit(
        _ descriptor: Int32, _ path: String, before: (Entry) throws(HostError) -> Void,
        after: (Entry) throws(HostError) -> Void
    ) throws(HostError) {
        guard let stream = fdopendir(descriptor) else {
            let code = errno
            close(descriptor)
            throw .system(operation: "read", path: path, code: code)
        }
        defer { closedir(stream) }
        for name in try names(stream, path) {
            guard let entry = try entry(name, in: descriptor, path) else { continue }
            try before(entry)
            guard entry.isDirectory else { continue }
            let below = openat(descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            guard below != -1 else { throw .system(operation: "open", path: entry.path, code: errno) }
            try visit(below, entry.path, before: before, after: after)
            try after(entry)
        }
    }

    /// nil for what has gone meanwhile.
    private static func entry(_ name: [CChar], in directory: Int32, _ path: String) throws(HostError) -> Entry? {
        let place = "\(path)/\(name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" })"
        var status = stat()
        guard fstatat(directory, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            if errno == ENOENT { return nil }
            throw .system(operation: "inspect", path: place, code: errno)
        }
        return Entry(path: place, status: status, directory: directory, name: name)
    }

    /// The names of a directory, each with its NUL, in the order of their bytes.
    private static func names(_ stream: OpaquePointer, _ path: String) throws(HostError) -> [[CChar]] {
        var names: [[CChar]] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                $0.prefix { $0 != 0 }.map { CChar(bitPattern: $0) }
            }
            if name != [0x2E] && name != [0x2E, 0x2E] { names.append(name + [0]) }
            errno = 0
        }
        guard errno == 0 else { throw .system(operation: "read", path: path, code: errno) }
        return names.sorted { $0.lexicographicallyPrecedes($1) }
    }
}
