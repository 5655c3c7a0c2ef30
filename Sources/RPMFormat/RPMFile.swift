/// One file, directory or symbolic link of a package.
package struct RPMFile: Sendable, Hashable {
    /// What stands at the path.
    package enum Contents: Sendable, Hashable {
        /// A directory that the package owns.
        case directory
        /// A symbolic link; the target is stored as given.
        case symlink(target: String)
        /// A small file given by its bytes.
        case data([UInt8])
        /// A file on this machine, `size` bytes long, read while the payload is written.
        ///
        /// `sha256` (lower-case hexadecimal) is what the file must have, where that is known already.
        case file(path: String, size: Int64, sha256: String?)
    }

    /// Absolute, normalised path on the host.
    package var path: String
    /// What stands there.
    package var contents: Contents
    /// Permission bits, without the file type: `0o755`.
    package var mode: UInt16
    /// Owner's name on the host.
    package var user: String
    /// Owning group's name on the host.
    package var group: String
    /// Seconds since 1970; the package's build time where nil or later than it.
    package var modificationTime: UInt32?
    /// How rpm treats the file.
    package var flags: RPMFileFlags
    /// What `rpm -V` checks.
    package var verifyFlags: RPMVerifyFlags
    /// Whether the digest of a ``Contents/file(path:size:sha256:)`` was compared with the file already; it is believed then,
    /// and not computed again.
    package var isVerified = false

    /// Describes an entry.
    package init(
        path: String, contents: Contents, mode: UInt16 = 0o644, user: String = "root", group: String = "root",
        modificationTime: UInt32? = nil, flags: RPMFileFlags = [], verifyFlags: RPMVerifyFlags = .all
    ) {
        self.path = path
        self.contents = contents
        self.mode = mode
        self.user = user
        self.group = group
        self.modificationTime = modificationTime
        self.flags = flags
        self.verifyFlags = verifyFlags
    }
}

/// How rpm treats a file (`RPMFILE_*`).
package struct RPMFileFlags: OptionSet, Sendable, Hashable {
    /// The bits as headers hold them.
    package let rawValue: UInt32

    /// Takes bits as headers hold them.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// `%config`: a changed file is kept as `.rpmsave` when the package brings another.
    package static let config = RPMFileFlags(rawValue: 1 << 0)
    /// `%doc`.
    package static let doc = RPMFileFlags(rawValue: 1 << 1)
    /// `%config(missingok)`: may be absent.
    package static let missingOK = RPMFileFlags(rawValue: 1 << 3)
    /// `%config(noreplace)`, together with ``config``: a changed file stays, the package's comes as `.rpmnew`.
    package static let noReplace = RPMFileFlags(rawValue: 1 << 4)
    /// The spec file of a source package.
    package static let specFile = RPMFileFlags(rawValue: 1 << 5)
    /// `%ghost`: owned, but not in the payload.
    package static let ghost = RPMFileFlags(rawValue: 1 << 6)
    /// `%license`: installed even without documentation.
    package static let license = RPMFileFlags(rawValue: 1 << 7)
    /// `%readme`.
    package static let readme = RPMFileFlags(rawValue: 1 << 8)
    /// `%artifact`: a by-product of packaging.
    package static let artifact = RPMFileFlags(rawValue: 1 << 12)
}

/// What `rpm -V` checks of a file (`RPMVERIFY_*`).
package struct RPMVerifyFlags: OptionSet, Sendable, Hashable {
    /// The bits as headers hold them.
    package let rawValue: UInt32

    /// Takes bits as headers hold them.
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Contents.
    package static let digest = RPMVerifyFlags(rawValue: 1 << 0)
    /// Size.
    package static let size = RPMVerifyFlags(rawValue: 1 << 1)
    /// Link target.
    package static let link = RPMVerifyFlags(rawValue: 1 << 2)
    /// Owner.
    package static let user = RPMVerifyFlags(rawValue: 1 << 3)
    /// Group.
    package static let group = RPMVerifyFlags(rawValue: 1 << 4)
    /// Modification time.
    package static let modificationTime = RPMVerifyFlags(rawValue: 1 << 5)
    /// Permissions.
    package static let mode = RPMVerifyFlags(rawValue: 1 << 6)
    /// Everything that rpm knows, now and later.
    package static let all = RPMVerifyFlags(rawValue: .max)
}
