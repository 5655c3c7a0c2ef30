import Glibc

extension SafeDirectory {
    /// What has this path, links not followed; nil when nothing has.
    package func status(_ path: RelativePath) throws(DirectoryError) -> FileStatus? {
        let operation = "inspect"
        let parent: Descriptor
        do {
            parent = try self.parent(of: path, creating: false, operation: operation)
        } catch  where error.reason == .system(ENOENT) {
            return nil
        }
        var status = stat()
        let (found, code) = withCString(path.name) { name in
            uninterrupted { fstatat(parent.number, name, &status, AT_SYMLINK_NOFOLLOW) }
        }
        if found == 0 { return FileStatus(status) }
        if code == ENOENT { return nil }
        throw error(operation, path, code)
    }

    /// Opens a regular file for reading; links, devices and fifos are refused without waiting on them.
    package func openFile(_ path: RelativePath) throws(DirectoryError) -> Descriptor {
        let operation = "open file"
        let parent = try parent(of: path, creating: false, operation: operation)
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let (number, code) = withCString(path.name) { name in
            uninterrupted { openat(parent.number, name, flags) }
        }
        guard number >= 0 else { throw error(operation, path, code == ELOOP ? .notARegularFile : .system(code)) }
        let descriptor = Descriptor(owning: number)
        var status = stat()
        guard fstat(number, &status) == 0 else { throw error(operation, path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw error(operation, path, .notARegularFile) }
        return descriptor
    }

    /// Reads a regular file into memory.
    ///
    /// - Parameter limit: the most bytes that the caller is willing to hold; more is an error.
    package func read(_ path: RelativePath, limit: Int) throws(DirectoryError) -> [UInt8] {
        var bytes: [UInt8] = []
        try read(path) { (chunk) throws(DirectoryError) in
            guard bytes.count + chunk.count <= limit else {
                throw error("read", path, .overLimit(limit: limit, found: Int64(bytes.count + chunk.count)))
            }
            bytes.append(contentsOf: chunk)
        }
        return bytes
    }

    /// Reads a regular file from its start to its end.
    ///
    /// - Parameter body: gets the bytes piece by piece; each is valid during the call, and not empty.
    package func read(
        _ path: RelativePath, _ body: (UnsafeRawBufferPointer) throws(DirectoryError) -> Void
    ) throws(DirectoryError) {
        let descriptor = try openFile(path)
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { chunk.deallocate() }
        while true {
            let (count, code) = uninterrupted { Glibc.read(descriptor.number, chunk.baseAddress, chunk.count) }
            guard count >= 0 else { throw error("read", path, code) }
            if count == 0 { return }
            try body(UnsafeRawBufferPointer(rebasing: chunk[..<count]))
        }
    }

    /// The text of a symbolic link.
    package func symbolicLinkTarget(_ path: RelativePath) throws(DirectoryError) -> [UInt8] {
        let parent = try parent(of: path, creating: false, operation: "read link")
        guard let target = readLink(path.name, in: parent) else { throw error("read link", path, EINVAL) }
        return target
    }

    /// The names in a directory in byte order; nil lists the root.
    package func names(in path: RelativePath?) throws(DirectoryError) -> [RelativePath] {
        let operation = "list directory"
        let held = try directory(path, operation: operation)
        // The stream takes a descriptor of its own: a duplicate would share the read position with other threads.
        let (number, code) = uninterrupted { openat(held.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard number >= 0 else { throw error(operation, path, code) }
        guard let stream = fdopendir(number) else {
            let code = errno
            close(number)
            throw error(operation, path, code)
        }
        defer { closedir(stream) }
        var names: [RelativePath] = []
        errno = 0
        while let entry = readdir(stream) {
            if let name = entryName(entry) { names.append(name) }
            errno = 0
        }
        guard errno == 0 else { throw error(operation, path, errno) }
        return names.sorted()
    }

    /// The entry's name, nil for `.` and `..`.
    private func entryName(_ entry: UnsafeMutablePointer<dirent>) -> RelativePath? {
        let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
        return try? RelativePath(bytes: bytes)
    }
}
