import CondaModel
import Fuzzing

@testable import CondaArchive

/// The readers of `CondaArchive`.
enum ArchiveReader: String, FuzzedReader {
    /// A `.conda` or `.tar.bz2` file with all that is in it.
    case archives
    /// `has_prefix`, after the list of files and a zero byte.
    case hasPrefix = "has-prefix"
    /// `index.json`, and as what else it may pass: `about.json`.
    case indexJSON = "index-json"
    case linkJSON = "link-json"
    case pathsJSON = "paths-json"
    /// A tar stream, which in an archive is behind a compressor's checksums.
    case tars
    /// A wheel's ZIP file.
    case wheels

    /// Small bounds keep inputs quick that ask for much.
    static let limits: ArchiveLimits = {
        var limits = ArchiveLimits.standard
        limits.memberSize = 1 << 20
        limits.freeExpansion = 4 << 20
        limits.extendedHeaderSize = 1 << 16
        limits.zstandardWindowLog = 20
        return limits
    }()

    func read(_ input: [UInt8]) throws {
        switch self {
        case .archives: try Self.readArchive(input)
        case .hasPrefix: try Self.readHasPrefix(input)
        case .indexJSON:
            _ = try? AboutJSON(json: input)
            _ = try PackageRecord(indexJSON: input)
        case .linkJSON: _ = try LinkJSON(json: input)
        case .pathsJSON: try Self.check(try PathsJSON(json: input).entries.map(\.path))
        case .tars: try Self.readTar(input)
        case .wheels: try Self.readZip(input)
        }
    }
}

extension ArchiveReader {
    private static func readArchive(_ input: [UInt8]) throws {
        let scratch = try ScratchFile(input)
        let archive = try CondaArchive(path: scratch.path, limits: limits)
        let info = try archive.readInfo()
        _ = try info.index()
        try check(try info.paths().entries.map(\.path))
        _ = try info.link()
        _ = try info.about()
        try archive.forEachMember { member, contents in
            try check([member.location])
            let count = try contents.readAll(limit: Int(limits.memberSize)).count
            try promise(
                count == Int(member.size) || member.kind != .file,
                "\(member.path) promises \(member.size) bytes and has \(count)")
        }
    }

    private static func readHasPrefix(_ input: [UInt8]) throws {
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        let files = ["info/files": parts[0], "info/has_prefix": parts.count > 1 ? parts[1] : []]
        try check(
            try ArchiveInfo(archive: "fuzz", files: files, memberNames: [], depth: 64).paths().entries.map(\.path))
    }

    private static func readTar(_ input: [UInt8]) throws {
        let reader = TarReader(MemorySource(input), limits: limits, expansion: limits.freeExpansion)
        while let member = try reader.nextMember() {
            try check([member.location])
            while try reader.nextChunk() != nil {}
        }
    }

    private static func readZip(_ input: [UInt8]) throws {
        let scratch = try ScratchFile(input)
        let archive = try ZipArchive(path: scratch.path)
        for member in archive.members { _ = try archive.read(member, limit: Int(limits.memberSize)) }
    }

    /// No path may leave the directory that it is for.
    private static func check(_ paths: [RelativePath]) throws {
        for path in paths { try check(path: path.bytes) }
    }

    /// Refuses what `RelativePath` should have refused.
    static func check(path: [UInt8]) throws {
        let components = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isBad = components.contains { $0.isEmpty || $0 == [0x2E] || $0 == [0x2E, 0x2E] || $0.contains(0) }
        try promise(!isBad, "the path '\(String(decoding: path, as: UTF8.self))' was let pass")
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { ArchiveReader.feed(start, count) }
#endif
