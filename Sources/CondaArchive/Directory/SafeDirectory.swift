import Glibc
import Synchronization

/// A directory below which files are made and read without ever leaving it.
///
/// Every step goes from one directory descriptor to the next with `O_NOFOLLOW`, so neither a package nor somebody
/// who changes the tree meanwhile can redirect a write. Descriptors of recently used directories are kept, so that a
/// thousand files in one directory cost one walk. The value may be used from several threads at once.
package final class SafeDirectory: Sendable {
    /// What happens when a directory on the way is a symbolic link.
    package enum LinkTraversal: Sendable {
        /// It is refused.
        case refused
        /// It is followed as long as it is relative and stays below the root: packages do put files into
        /// `lib64/` where another package made that a link to `lib`.
        case insideRoot
    }

    /// The root as it was given; it is trusted, and links in it are followed.
    package let path: String

    let traversal: LinkTraversal
    private let root: OpenedDirectory
    private let opened = Mutex(DirectoryCache())

    /// Opens a root directory.
    ///
    /// - Parameters:
    ///   - path: the root, absolute or relative to the working directory.
    ///   - creating: makes the last component with mode 0755 when it does not exist.
    ///   - traversal: what to do about symbolic links below the root.
    /// - Throws: ``DirectoryError``.
    package init(
        path: String, creating: Bool = false, traversal: LinkTraversal = .refused
    ) throws(DirectoryError) {
        self.path = path
        self.traversal = traversal
        if creating, mkdir(path, 0o755) != 0, errno != EEXIST {
            let code = errno
            throw DirectoryError(root: path, path: "", operation: "create directory", reason: .system(code))
        }
        let (number, code) = uninterrupted { open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard number >= 0 else {
            throw DirectoryError(root: path, path: "", operation: "open directory", reason: .system(code))
        }
        root = OpenedDirectory(descriptor: Descriptor(owning: number), physical: nil)
    }

    /// The descriptor of the root, for calls on the whole file system (`fstatvfs`, `syncfs`).
    package var rootDescriptor: Descriptor { root.descriptor }

    /// Opens the directory that holds a path, for one system call on the path's last component.
    func parent(
        of path: RelativePath, creating: Bool, operation: String
    ) throws(DirectoryError) -> Descriptor {
        var walk = DirectoryWalk(directory: self, creating: creating, operation: operation, subject: path)
        return try walk.open(path.parent).descriptor
    }

    /// Opens a directory itself; nil is the root.
    func directory(_ path: RelativePath?, operation: String) throws(DirectoryError) -> Descriptor {
        var walk = DirectoryWalk(directory: self, creating: false, operation: operation, subject: path)
        return try walk.open(path).descriptor
    }

    func cached(_ path: RelativePath?) -> OpenedDirectory? {
        guard let path else { return root }
        return opened.withLock { $0[path] }
    }

    func remember(_ directory: OpenedDirectory, at path: RelativePath) {
        opened.withLock { $0.insert(directory, at: path) }
    }

    /// Forgets every kept descriptor: after a directory went or moved, a kept one may be another than the path's.
    func forgetOpened() {
        opened.withLock { $0 = DirectoryCache() }
    }

    func error(_ operation: String, _ path: RelativePath?, _ code: Int32) -> DirectoryError {
        error(operation, path, .system(code))
    }

    func error(_ operation: String, _ path: RelativePath?, _ reason: DirectoryError.Reason) -> DirectoryError {
        DirectoryError(root: self.path, path: path?.description ?? "", operation: operation, reason: reason)
    }
}

/// A directory below a root, with the link-free path that it was reached by (nil for the root).
struct OpenedDirectory: Sendable {
    let descriptor: Descriptor
    let physical: RelativePath?
}

/// The directories used last, bounded so that few descriptors are held.
struct DirectoryCache: Sendable {
    private static let capacity = 64
    private var directories: [RelativePath: OpenedDirectory] = [:]

    subscript(path: RelativePath) -> OpenedDirectory? { directories[path] }

    mutating func insert(_ directory: OpenedDirectory, at path: RelativePath) {
        if directories.count >= Self.capacity { directories.removeAll(keepingCapacity: true) }
        directories[path] = directory
    }
}
