import CondaModel
import Glibc

@testable import CondaArchive

/// One input of the fuzzer: its first byte chooses a parser, which gets the rest.
///
/// A parser may refuse what it gets with an `ArchiveFault` or `ArchiveError`. Everything else, a crash before all, is a
/// find.
struct FuzzInput {
    /// The parsers, by the letter that chooses them.
    enum Parser: UInt8, CaseIterable {
        /// A `.conda` or `.tar.bz2` file with all that is in it.
        case archive = 0x61
        /// `has_prefix`, after the list of files and a zero byte.
        case hasPrefix = 0x68
        /// `index.json`.
        case index = 0x69
        /// `link.json`.
        case link = 0x6C
        /// `paths.json`.
        case paths = 0x70
        /// A tar stream, which in an archive is behind a compressor's checksums.
        case tar = 0x74
        /// A wheel's ZIP file.
        case zip = 0x7A
    }

    /// Something that a parser must never let pass.
    struct Violation: Error, CustomStringConvertible {
        let description: String
    }

    /// Small bounds keep inputs quick that ask for much.
    static let limits: ArchiveLimits = {
        var limits = ArchiveLimits.standard
        limits.memberSize = 1 << 20
        limits.freeExpansion = 4 << 20
        limits.extendedHeaderSize = 1 << 16
        limits.zstandardWindowLog = 20
        return limits
    }()

    let parser: Parser
    let bytes: [UInt8]

    /// Takes an input apart; nil when its letter chooses nothing.
    init?(_ input: some Collection<UInt8>) {
        guard let letter = input.first, let parser = Parser(rawValue: letter) else { return nil }
        self.parser = parser
        bytes = Array(input.dropFirst())
    }

    /// Runs the parser.
    ///
    /// - Parameter scratch: a file that may be overwritten, for parsers that read files.
    func run(scratch: String) throws {
        switch parser {
        case .archive: try runArchive(scratch)
        case .hasPrefix: try runHasPrefix()
        case .index: _ = try PackageRecord(indexJSON: bytes)
        case .link: _ = try LinkJSON(json: bytes)
        case .paths: try Self.check(try PathsJSON(json: bytes).entries.map(\.path))
        case .tar: try runTar()
        case .zip: try runZip(scratch)
        }
    }

    private func runArchive(_ scratch: String) throws {
        try write(to: scratch)
        let archive = try CondaArchive(path: scratch, limits: Self.limits)
        let info = try archive.readInfo()
        _ = try info.index()
        try Self.check(try info.paths().entries.map(\.path))
        _ = try info.link()
        _ = try info.about()
        try archive.forEachMember { member, contents in
            try Self.check([member.location])
            let count = try contents.readAll(limit: Int(Self.limits.memberSize)).count
            guard count == Int(member.size) || member.kind != .file else {
                throw Violation(description: "\(member.path) promises \(member.size) bytes and has \(count)")
            }
        }
    }

    private func runHasPrefix() throws {
        let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        let files = ["info/files": parts[0], "info/has_prefix": parts.count > 1 ? parts[1] : []]
        try Self.check(
            try ArchiveInfo(archive: "fuzz", files: files, memberNames: [], depth: 64).paths().entries.map(\.path))
    }

    private func runTar() throws {
        let reader = TarReader(MemorySource(bytes), limits: Self.limits, expansion: Self.limits.freeExpansion)
        while let member = try reader.nextMember() {
            try Self.check([member.location])
            while try reader.nextChunk() != nil {}
        }
    }

    private func runZip(_ scratch: String) throws {
        try write(to: scratch)
        let archive = try ZipArchive(path: scratch)
        for member in archive.members { _ = try archive.read(member, limit: Int(Self.limits.memberSize)) }
    }

    /// No path may leave the directory that it is for.
    private static func check(_ paths: [RelativePath]) throws {
        for path in paths { try check(path: path.bytes) }
    }

    /// Refuses what `RelativePath` should have refused.
    static func check(path: [UInt8]) throws {
        let components = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isBad = components.contains { $0.isEmpty || $0 == [0x2E] || $0 == [0x2E, 0x2E] || $0.contains(0) }
        if isBad { throw Violation(description: "the path '\(String(decoding: path, as: UTF8.self))' was let pass") }
    }

    private func write(to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Violation(description: "cannot write \(path)") }
        defer { close(descriptor) }
        guard Glibc.write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Violation(description: "cannot write \(path)")
        }
    }
}
