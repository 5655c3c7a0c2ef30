import CondaArchive
import Testing

/// Numbers that are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}

@Suite("Damaged archives end in an error or a result")
struct MutationTests {
    /// Small bounds keep what a mutation can ask for small as well.
    private static let limits: ArchiveLimits = {
        var limits = ArchiveLimits.standard
        limits.memberSize = 1 << 20
        limits.freeExpansion = 4 << 20
        limits.extendedHeaderSize = 1 << 16
        limits.zstandardWindowLog = 20
        return limits
    }()

    static func mutate(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
            let position = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes.removeSubrange(position...)
            case 3: bytes.remove(at: position)
            case 4: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
            default:
                let count = min(Int.random(in: 1...64, using: &random), bytes.count - position)
                bytes.insert(contentsOf: bytes[position..<(position + count)], at: position)
            }
        }
        return bytes
    }

    private static func read(_ archive: CondaArchive) throws {
        let info = try archive.readInfo()
        _ = try info.index()
        _ = try info.paths()
        _ = try info.link()
        _ = try info.about()
        _ = try archive.visitAll()
    }

    private static let package: PackageFixture = {
        var package = PackageFixture()
        package.info.append(("info/link.json", #"{"noarch": {"type": "python", "entry_points": ["a = b:c"]}}"#))
        package.payload = { tar in
            tar.pax([("path", "lib/" + String(repeating: "n", count: 120))])
            tar.add("x", data: Array("contents".utf8))
            tar.pax([("GNU.sparse.size", "1600"), ("GNU.sparse.map", "1000,3"), ("GNU.sparse.name", "blob")])
            tar.add("GNUSparseFile.0/blob", data: Array("abc".utf8))
            tar.add("link", type: "2", link: "blob")
            tar.add("hard", type: "1", link: "blob")
        }
        return package
    }()

    @Test("as files", arguments: ArchiveFormat.allCases)
    func survivesDamagedFiles(format: ArchiveFormat) throws {
        let scratch = try Scratch()
        let valid = Self.package.bytes(format)
        try Self.read(try scratch.archive(valid))
        var random = SeededGenerator(seed: 20_240_501)
        for round in 0..<500 {
            let path = try scratch.write(Self.mutate(valid, &random), to: "mutated")
            do {
                try Self.read(try CondaArchive(path: path, limits: Self.limits))
            } catch {
                #expect(error is ArchiveError, "round \(round): \(error)")
            }
        }
    }

    /// Behind the compressors' checksums, where mutations of the file do not get.
    @Test func survivesDamagedTarStreams() {
        let valid = Self.package.tar()
        var random = SeededGenerator(seed: 7)
        var accepted = 0
        for _ in 0..<1_000 {
            var bytes = Self.mutate(valid, &random)
            if Bool.random(using: &random) { Self.repairChecksums(&bytes) }
            let found = fault { _ = try readTar(bytes, limits: Self.limits, expansion: 4 << 20) }
            if found == nil { accepted += 1 }
        }
        #expect(accepted > 0)
    }

    @Test func survivesDamagedDocuments() {
        let valid = Array(
            #"{"paths_version": 1, "paths": [{"_path": "a\ud83d\ude00", "size_in_bytes": 1, "no_link": true}]}"#.utf8)
        var random = SeededGenerator(seed: 11)
        for _ in 0..<1_000 {
            let bytes = Self.mutate(valid, &random)
            let found = fault { _ = try PathsJSON(json: bytes) }
            if case .forbidden(let detail) = found { Issue.record("\(detail)") }
        }
    }

    /// Signs every block that looks like a header, so that damage gets behind the checksum.
    private static func repairChecksums(_ bytes: inout [UInt8]) {
        for start in stride(from: 0, to: bytes.count - 511, by: 512) {
            var block = Array(bytes[start..<(start + 512)])
            guard block[257..<262].elementsEqual("ustar".utf8) else { continue }
            TarFixture.sign(&block)
            bytes.replaceSubrange(start..<(start + 512), with: block)
        }
    }
}
