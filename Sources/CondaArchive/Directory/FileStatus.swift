import Glibc

/// What the file system says about one name.
package struct FileStatus: Sendable, Equatable {
    /// The kinds that matter to an installer.
    package enum Kind: Sendable, Equatable {
        case file
        case directory
        case symbolicLink
        /// A device, fifo or socket.
        case other
    }

    /// What the name is.
    package let kind: Kind

    /// The twelve permission bits.
    package let mode: UInt16

    /// Bytes.
    package let size: Int64

    /// When the contents were last changed.
    package let modificationTime: FileTime

    /// When anything about the file was last changed, by the file system's clock.
    package let changeTime: FileTime

    /// Device and inode number together tell whether two names are one file.
    package let device: UInt64

    /// See `device`.
    package let inode: UInt64

    /// Names of this file.
    package let linkCount: Int

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            default: .other
            }
        mode = UInt16(status.st_mode & 0o7777)
        size = Int64(status.st_size)
        modificationTime = FileTime(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: Int32(status.st_mtim.tv_nsec))
        changeTime = FileTime(seconds: Int64(status.st_ctim.tv_sec), nanoseconds: Int32(status.st_ctim.tv_nsec))
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        linkCount = Int(status.st_nlink)
    }
}
