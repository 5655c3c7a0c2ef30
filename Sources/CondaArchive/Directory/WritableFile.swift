import CLinux
import Glibc

/// A new file that is being written; it is closed when the value goes.
package struct WritableFile: ~Copyable {
    private let descriptor: Int32
    private let root: String
    private let path: RelativePath

    init(descriptor: Int32, root: String, path: RelativePath) {
        self.descriptor = descriptor
        self.root = root
        self.path = path
    }

    deinit {
        close(descriptor)
    }

    /// The number for system calls; valid as long as this value lives.
    package var number: Int32 { descriptor }

    /// Appends bytes.
    package borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(DirectoryError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = UnsafeRawBufferPointer(rebasing: rest)
            let (count, code) = uninterrupted { Glibc.write(descriptor, part.baseAddress, part.count) }
            guard count >= 0 else { throw error("write", code) }
            rest = rest.dropFirst(count)
        }
    }

    /// Gives the file the contents of another, which share their blocks on the disk until one of them changes.
    ///
    /// - Returns: false where the file system cannot do so (it can on XFS and Btrfs); then nothing was written.
    package borrowing func clone(_ source: Descriptor) -> Bool {
        uninterrupted { clone_file(descriptor, source.number) }.result == 0
    }

    /// Reserves room before writing, so that a full disk shows at once and the file lies in few extents.
    ///
    /// File systems that cannot do so are left alone.
    package borrowing func reserve(_ size: Int64) throws(DirectoryError) {
        guard size > 0 else { return }
        let (done, code) = uninterrupted { fallocate(descriptor, keepSize, 0, Int(size)) }
        guard done == 0 || code == EOPNOTSUPP || code == ENOSYS else { throw error("write", code) }
    }

    /// Sets the permission bits, whatever the umask.
    package borrowing func setMode(_ mode: UInt16) throws(DirectoryError) {
        guard fchmod(descriptor, mode_t(mode)) == 0 else { throw error("change mode of", errno) }
    }

    /// Sets when the file was last changed; to be called after the last write.
    package borrowing func setModificationTime(_ time: FileTime) throws(DirectoryError) {
        let times = [timespec(time), timespec(time)]
        guard futimens(descriptor, times) == 0 else { throw error("set the time of", errno) }
    }

    /// Lets the disk begin with what was written, so that less is left when all is synchronized.
    ///
    /// Only a hint: nobody waits, and file systems that cannot do so are left alone.
    package borrowing func startWriting() {
        _ = sync_file_range(descriptor, 0, 0, startWriteback)
    }

    /// Waits until the contents are on disk.
    package borrowing func synchronize() throws(DirectoryError) {
        let (done, code) = uninterrupted { fsync(descriptor) }
        guard done == 0 else { throw error("synchronize", code) }
    }

    /// `FALLOC_FL_KEEP_SIZE`: the file's length stays what was written.
    private var keepSize: Int32 { 1 }

    /// `SYNC_FILE_RANGE_WRITE`, which Swift does not see.
    private var startWriteback: UInt32 { 2 }

    private borrowing func error(_ operation: String, _ code: Int32) -> DirectoryError {
        DirectoryError(root: root, path: path.description, operation: operation, reason: .system(code))
    }
}
