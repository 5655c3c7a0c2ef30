/// One member of an archive, as its tar header describes it.
package struct ArchiveMember: Sendable, Equatable {
    /// What a member is.
    package enum Kind: Sendable, Equatable {
        case file
        case directory
        /// The link's text as it stands; it may dangle, and it is not promised to stay below the root.
        case symlink(target: [UInt8])
        /// Another name of a file that came earlier in the same archive.
        case hardlink(target: RelativePath)
    }

    /// Where the member goes, below the root of the package.
    package let location: RelativePath

    /// What the member is.
    package let kind: Kind

    /// The twelve permission bits of the header, untouched.
    package let mode: UInt16

    /// Bytes of contents, holes included; 0 for anything but a file.
    package let size: Int64

    /// When the file was last changed.
    package let modificationTime: FileTime

    /// `location` as text; use `location` for names that may not be UTF-8.
    package var path: String { location.string }

    /// The permission bits without set-user-ID, set-group-ID and sticky, and as the usual umask of 022 leaves them.
    package var safeMode: UInt16 { Self.safe(mode) }

    /// What is kept of the permissions that a package states: 0664 becomes 0644, 0775 becomes 0755.
    ///
    /// conda's unpacking takes the umask off each mode (`TarfileNoSameOwner.chmod` of conda-package-streaming). Here it
    /// is always that of a usual root, so that a release is the same whoever installs it.
    package static func safe(_ mode: UInt16) -> UInt16 { mode & 0o755 }
}

/// A moment as files carry it.
package struct FileTime: Sendable, Hashable, Comparable {
    /// Seconds since 1970 UTC; negative before.
    package var seconds: Int64

    /// Nanoseconds after `seconds`, 0 to 999,999,999.
    package var nanoseconds: Int32

    package init(seconds: Int64, nanoseconds: Int32 = 0) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    package static func < (left: FileTime, right: FileTime) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
