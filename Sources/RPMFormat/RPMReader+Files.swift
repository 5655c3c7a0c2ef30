import Glibc

/// One file, directory or link as a package's header lists it.
package struct RPMEntry: Sendable, Hashable {
    /// What kind of thing it is.
    package enum Kind: Sendable, Hashable {
        case file
        case directory
        case symlink(target: String)
        /// A device, a pipe or a socket.
        case special
    }

    /// Absolute path.
    package let path: String
    /// What kind of thing it is.
    package let kind: Kind
    /// Size in bytes.
    package let size: Int64
    /// Permission bits without the file type.
    package let mode: UInt16
    /// Digest of its contents as the header gives it, lower-case hexadecimal; nil where there is none.
    package let digest: String?
    /// Owner.
    package let user: String
    /// Owning group.
    package let group: String
    /// Seconds since 1970.
    package let modificationTime: UInt32
    /// How rpm treats it.
    package let flags: RPMFileFlags
    /// What `rpm -V` checks.
    package let verifyFlags: RPMVerifyFlags
}

extension RPMReader {
    /// OpenPGP's number of the algorithm of the file digests: 1 is MD5, 8 SHA-256, 10 SHA-512.
    package var fileDigestAlgorithm: Int { Int(clamping: header.number(.fileDigestAlgorithm) ?? 1) }

    /// All files in the header's order (sorted by path); decoded anew at each call.
    package var files: [RPMEntry] {
        let columns = FileColumns(header)
        return columns.paths.indices.map(columns.entry)
    }
}

/// The parallel arrays of a header's file list; an array that is too short reads as zeros and empty strings.
private struct FileColumns {
    let paths: [String]
    private let sizes, modes, times, flags, verifyFlags: [UInt64]
    private let digests, links, users, groups: [String]

    init(_ header: RPMHeader) {
        let directories = header.strings(.directoryNames)
        let indexes = header.numbers(.directoryIndexes)
        let names = header.strings(.baseNames)
        // Packages of rpm before 4 list whole paths.
        paths =
            names.isEmpty
            ? header.strings(.oldFileNames)
            : zip(names, indexes).map { name, index in
                (index < UInt64(directories.count) ? directories[Int(index)] : "/") + name
            }
        let longSizes = header.numbers(.longFileSizes)
        sizes = longSizes.isEmpty ? header.numbers(.fileSizes) : longSizes
        modes = header.numbers(.fileModes)
        times = header.numbers(.fileTimes)
        flags = header.numbers(.fileFlags)
        verifyFlags = header.numbers(.fileVerifyFlags)
        digests = header.strings(.fileDigests)
        links = header.strings(.fileLinks)
        users = header.strings(.fileUsers)
        groups = header.strings(.fileGroups)
    }

    func entry(_ index: Int) -> RPMEntry {
        func number(_ column: [UInt64]) -> UInt64 { index < column.count ? column[index] : 0 }
        func text(_ column: [String]) -> String { index < column.count ? column[index] : "" }
        let mode = UInt32(truncatingIfNeeded: number(modes))
        let kind: RPMEntry.Kind =
            switch mode & S_IFMT {
            case S_IFDIR: .directory
            case S_IFLNK: .symlink(target: text(links))
            case S_IFREG: .file
            default: .special
            }
        return RPMEntry(
            path: paths[index], kind: kind, size: Int64(clamping: number(sizes)),
            mode: UInt16(truncatingIfNeeded: mode & 0o7777), digest: text(digests).isEmpty ? nil : text(digests),
            user: text(users), group: text(groups), modificationTime: UInt32(truncatingIfNeeded: number(times)),
            flags: RPMFileFlags(rawValue: UInt32(truncatingIfNeeded: number(flags))),
            verifyFlags: RPMVerifyFlags(rawValue: UInt32(truncatingIfNeeded: number(verifyFlags))))
    }
}
