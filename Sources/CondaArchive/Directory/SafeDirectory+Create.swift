import Glibc

extension SafeDirectory {
    /// Makes a directory, with its parents; one that is there already is left as it is.
    ///
    /// - Parameter mode: set exactly, whatever the umask, on a directory that is made here.
    /// - Returns: whether it was made.
    @discardableResult
    package func createDirectory(_ path: RelativePath, mode: UInt16 = 0o755) throws(DirectoryError) -> Bool {
        let operation = "create directory"
        let parent = try parent(of: path, creating: true, operation: operation)
        let (made, code) = withCString(path.name) { name in
            uninterrupted { mkdirat(parent.number, name, mode_t(mode)) }
        }
        guard made == 0 || code == EEXIST else { throw error(operation, path, code) }
        let descriptor = try directory(path, operation: operation)
        if made == 0, fchmod(descriptor.number, mode_t(mode)) != 0 { throw error(operation, path, errno) }
        return made == 0
    }

    /// Makes a new, empty file, with its parents; refuses when anything has that name already.
    ///
    /// - Parameter mode: set exactly, whatever the umask.
    package func createFile(_ path: RelativePath, mode: UInt16 = 0o644) throws(DirectoryError) -> WritableFile {
        let operation = "create file"
        let parent = try parent(of: path, creating: true, operation: operation)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let (number, code) = withCString(path.name) { name in
            uninterrupted { openat(parent.number, name, flags, mode_t(mode)) }
        }
        guard number >= 0 else { throw error(operation, path, code) }
        let file = WritableFile(descriptor: number, root: self.path, path: path)
        try file.setMode(mode)
        return file
    }

    /// Makes a symbolic link, with its parents; refuses when anything has that name already.
    ///
    /// A relative target that climbs out of the root is refused: nothing that a package can know lies there. An absolute
    /// one names something of the host and is allowed; this type never writes through either.
    package func createSymbolicLink(_ path: RelativePath, target: [UInt8]) throws(DirectoryError) {
        let operation = "create symbolic link"
        let link = LinkTarget(target)
        guard link.isAbsolute || link.resolved(from: path.parent) != .outside, !target.contains(0) else {
            throw error(operation, path, .leavesRoot(target: printable(target)))
        }
        let parent = try parent(of: path, creating: true, operation: operation)
        let (made, code) = withCString(path.name) { name in
            withCString(target) { text in
                uninterrupted { symlinkat(text, parent.number, name) }
            }
        }
        guard made == 0 else { throw error(operation, path, code) }
    }

    /// Gives an existing file below the root a second name, with its parents.
    ///
    /// Should `existing` be a symbolic link, the link itself gets the name, never what it points at.
    package func createHardLink(_ path: RelativePath, to existing: RelativePath) throws(DirectoryError) {
        try createHardLink(path, to: existing, in: self)
    }

    /// Gives an existing file below another root of the same file system a second name here.
    package func createHardLink(
        _ path: RelativePath, to existing: RelativePath, in other: SafeDirectory
    ) throws(DirectoryError) {
        let operation = "create hard link"
        let source = try other.parent(of: existing, creating: false, operation: operation)
        let parent = try parent(of: path, creating: true, operation: operation)
        let (made, code) = withCString(path.name) { name in
            withCString(existing.name) { existingName in
                uninterrupted { linkat(source.number, existingName, parent.number, name, 0) }
            }
        }
        guard made == 0 else { throw error(operation, path, code) }
    }
}
