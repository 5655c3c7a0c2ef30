import Glibc

/// A checked description with its files in the order in which header and payload hold them.
struct PackagePlan: Sendable {
    /// What a package is for.
    enum Kind: Sendable, Hashable {
        /// Its files go onto a host.
        case binary
        /// Its files, which stand in no directory, go to rpmbuild; the names of the `Source` lines in their order.
        case source(names: [String])
    }

    /// What is written.
    let description: RPMDescription
    /// All files, those of trees too, sorted by the bytes of their paths, as rpmbuild sorts them.
    let files: [RPMFile]
    /// The files that no program makes, in the same order.
    let plainFiles: [RPMFile]
    /// What the package is for.
    let kind: Kind

    /// Checks a description.
    init(_ description: RPMDescription, kind: Kind = .binary) throws(RPMError) {
        try description.check()
        self.description = description
        self.kind = kind
        plainFiles = Self.sorted(description.files)
        files = description.trees.isEmpty ? plainFiles : Self.sorted(plainFiles + description.trees.flatMap(\.files))
        try checkPaths()
        if hasLargeFiles, !description.compatibility.allowsLargeFiles {
            let file = files.first { $0.size >= Self.largeFileSize }
            throw .unsupported(
                what: "\(file?.path ?? "") has \(file?.size ?? 0) bytes",
                limit: "the target's rpm reads files up to 4294967294 bytes (rpm 4.12 and later read larger ones)")
        }
    }

    /// Sorts places rather than files, which are large: there may be a hundred thousand.
    private static func sorted(_ files: [RPMFile]) -> [RPMFile] {
        let paths = files.map { ContiguousArray($0.path.utf8) }
        return files.indices.sorted { paths[$0].precedes(paths[$1]) }.map { files[$0] }
    }

    /// From this size on, a file needs 64-bit sizes and another form of the payload.
    private static let largeFileSize: Int64 = 0xffff_ffff

    /// Whether the package needs `rpmlib(LargeFiles)`; if not it must not have 64-bit sizes, which old readers refuse.
    var hasLargeFiles: Bool { files.contains { $0.size >= Self.largeFileSize } }

    /// Whether this is a source package.
    var isSource: Bool { kind != .binary }

    /// Whether a file is marked `%config`.
    var hasConfiguration: Bool { files.contains { $0.headerFlags.contains(.config) } }

    /// Bytes that the files take when installed.
    var installedSize: Int64 { files.reduce(0) { $0 + $1.size } }

    /// The time that the header gives a file: its own, but never later than the build.
    func time(of file: RPMFile) -> UInt32 { min(file.modificationTime ?? description.buildTime, description.buildTime) }

    /// Refuses a path that is there twice, or below something that is not a directory.
    private func checkPaths() throws(RPMError) {
        for (file, next) in zip(files, files.dropFirst()) where file.path.utf8.elementsEqual(next.path.utf8) {
            throw .conflict(path: file.path, problem: "the package has it twice")
        }
        // Bytes, not text: two spellings of one letter are two names.
        let leaves = Set(files.lazy.filter { $0.contents != .directory }.map { Array($0.path.utf8) })
        var good: Set<[UInt8]> = []
        for file in files {
            var parent = Array(file.path.utf8)
            while let slash = parent.lastIndex(of: UInt8(ascii: "/")), slash > 0 {
                parent.removeSubrange(slash...)
                if leaves.contains(parent) {
                    let path = String(decoding: parent, as: UTF8.self)
                    throw .conflict(path: file.path, problem: "\(path) above it is not a directory")
                }
                if !good.insert(parent).inserted { break }
            }
        }
    }
}

extension RPMFile {
    /// Bytes that the header gives the file; a link has the length of its target, a directory none.
    var size: Int64 {
        switch contents {
        case .directory: 0
        case .symlink(let target): Int64(target.utf8.count)
        case .data(let bytes): Int64(bytes.count)
        case .file(_, let size, _): size
        }
    }

    /// Type and permission bits together.
    var headerMode: UInt16 {
        switch contents {
        case .directory: UInt16(S_IFDIR) | mode
        case .symlink: UInt16(S_IFLNK) | 0o777
        case .data, .file: UInt16(S_IFREG) | mode
        }
    }

    /// Link target, empty where the file is no link.
    var linkTarget: String {
        if case .symlink(let target) = contents { target } else { "" }
    }

    /// Whether the payload has the file.
    var isInPayload: Bool { !flags.contains(.ghost) }

    /// Whether the payload has bytes whose digest the header gives.
    var hasDigest: Bool {
        switch contents {
        case .directory, .symlink: false
        case .data, .file: isInPayload
        }
    }

    /// The digest that need not be computed, lower-case hexadecimal.
    var knownDigest: String? {
        if isVerified, hasDigest, case .file(_, _, let sha256?) = contents { sha256 } else { nil }
    }

    /// The flags as rpmbuild would leave them: directories are neither configuration nor documentation.
    var headerFlags: RPMFileFlags {
        contents == .directory ? flags.subtracting([.config, .doc, .license]) : flags
    }

    /// What rpm can verify: nothing of a ghost's contents.
    var headerVerifyFlags: RPMVerifyFlags {
        isInPayload ? verifyFlags : verifyFlags.subtracting([.digest, .size, .link, .modificationTime])
    }
}
