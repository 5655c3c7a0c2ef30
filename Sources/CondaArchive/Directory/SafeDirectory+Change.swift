import CLinux
import Glibc

extension SafeDirectory {
    /// Removes a file or a link, never what a link points at.
    ///
    /// - Returns: whether there was something to remove.
    @discardableResult
    package func removeFile(_ path: RelativePath) throws(DirectoryError) -> Bool {
        try remove(path, flags: 0, operation: "remove")
    }

    /// Removes a directory.
    ///
    /// - Returns: false when there is none, or when something is still in it.
    @discardableResult
    package func removeEmptyDirectory(_ path: RelativePath) throws(DirectoryError) -> Bool {
        do {
            let removed = try remove(path, flags: AT_REMOVEDIR, operation: "remove directory")
            if removed { forgetOpened() }
            return removed
        } catch  where error.reason == .system(ENOTEMPTY) || error.reason == .system(EEXIST) {
            return false
        }
    }

    private func remove(_ path: RelativePath, flags: Int32, operation: String) throws(DirectoryError) -> Bool {
        let parent: Descriptor
        do {
            parent = try self.parent(of: path, creating: false, operation: operation)
        } catch  where error.reason == .system(ENOENT) {
            return false
        }
        let (removed, code) = withCString(path.name) { name in
            uninterrupted { unlinkat(parent.number, name, flags) }
        }
        if removed == 0 { return true }
        if code == ENOENT { return false }
        throw error(operation, path, code)
    }

    /// Moves one name over another in one step, as `rename(2)`.
    package func rename(_ source: RelativePath, to destination: RelativePath) throws(DirectoryError) {
        let operation = "rename"
        let from = try parent(of: source, creating: false, operation: operation)
        let to = try parent(of: destination, creating: true, operation: operation)
        let (moved, code) = withCString(source.name) { oldName in
            withCString(destination.name) { newName in
                uninterrupted { renameat(from.number, oldName, to.number, newName) }
            }
        }
        guard moved == 0 else { throw error(operation, destination, code) }
        forgetOpened()
    }

    /// Sets the permission bits of a regular file.
    package func setMode(_ path: RelativePath, _ mode: UInt16) throws(DirectoryError) {
        let descriptor = try openFile(path)
        guard fchmod(descriptor.number, mode_t(mode)) == 0 else { throw error("change mode of", path, errno) }
    }

    /// Sets when a file, link or directory was last changed; links are not followed.
    package func setModificationTime(_ path: RelativePath, _ time: FileTime) throws(DirectoryError) {
        let operation = "set the time of"
        let parent = try parent(of: path, creating: false, operation: operation)
        let times = [timespec(tv_sec: 0, tv_nsec: leaveUnchanged), timespec(time)]
        let (changed, code) = withCString(path.name) { name in
            uninterrupted { utimensat(parent.number, name, times, AT_SYMLINK_NOFOLLOW) }
        }
        guard changed == 0 else { throw error(operation, path, code) }
    }

    /// Waits until the names in a directory are on disk; nil is the root.
    package func synchronize(_ path: RelativePath?) throws(DirectoryError) {
        let descriptor = try directory(path, operation: "synchronize")
        let (done, code) = uninterrupted { fsync(descriptor.number) }
        guard done == 0 else { throw error("synchronize", path, code) }
    }

    /// Waits until everything on the root's file system is on disk: one call instead of one per file.
    package func synchronizeFileSystem() throws(DirectoryError) {
        let (done, code) = uninterrupted { syncfs(rootDescriptor.number) }
        guard done == 0 else { throw error("synchronize", nil, code) }
    }
}

/// `UTIME_OMIT` of Linux, whose macro Swift does not import.
private let leaveUnchanged = (1 << 30) - 2

extension timespec {
    init(_ time: FileTime) {
        self.init(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
    }
}
