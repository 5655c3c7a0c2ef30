import CondaArchive
import Testing

/// A tar file that must be refused, and what its refusal must be.
struct HostileTar: Sendable, CustomTestStringConvertible {
    var name: String
    var expected: @Sendable (ArchiveFault) -> Bool
    var build: @Sendable (inout TarFixture) -> Void

    var testDescription: String { name }

    init(
        _ name: String, _ expected: @escaping @Sendable (ArchiveFault) -> Bool,
        _ build: @escaping @Sendable (inout TarFixture) -> Void
    ) {
        self.name = name
        self.expected = expected
        self.build = build
    }

    @Sendable static func unsafePath(_ fault: ArchiveFault) -> Bool {
        if case .unsafePath = fault { true } else { false }
    }
    @Sendable static func forbidden(_ fault: ArchiveFault) -> Bool {
        if case .forbidden = fault { true } else { false }
    }
    @Sendable static func duplicate(_ fault: ArchiveFault) -> Bool {
        if case .duplicate = fault { true } else { false }
    }
    @Sendable static func corrupt(_ fault: ArchiveFault) -> Bool {
        if case .corrupt(.tar, _) = fault { true } else { false }
    }
    @Sendable static func unsupported(_ fault: ArchiveFault) -> Bool {
        if case .unsupported(.tar, _) = fault { true } else { false }
    }
    @Sendable static func overLimit(_ fault: ArchiveFault) -> Bool {
        if case .overLimit = fault { true } else { false }
    }
    @Sendable static func truncated(_ fault: ArchiveFault) -> Bool {
        if case .truncated(.tar, _) = fault { true } else { false }
    }

    static let paths: [HostileTar] = [
        .init("absolute path", unsafePath) { $0.add("/etc/passwd") },
        .init("parent reference", unsafePath) { $0.add("lib/../../x") },
        .init("empty path", unsafePath) { $0.add("") },
        .init("root as a file", unsafePath) { $0.add("./") },
        .init("absolute directory", unsafePath) { $0.add("/tmp/", type: "5") },
        .init("absolute path in a prefix field", unsafePath) {
            $0.add("x") { TarFixture.put("/etc".utf8, at: 345, in: &$0) }
        },
        .init("parent reference in pax", unsafePath) {
            $0.pax([("path", "../x")])
            $0.add("x")
        },
        .init("NUL in pax", unsafePath) {
            $0.pax(raw: TarFixture.record("path", [0x61, 0, 0x62]))
            $0.add("x")
        },
        .init("absolute long name", unsafePath) {
            $0.add("././@LongLink", type: "L", data: Array("/x\u{0}".utf8), dialect: .gnu)
            $0.add("x")
        },
        .init("absolute name of a sparse member", unsafePath) {
            $0.pax([("GNU.sparse.name", "/x"), ("GNU.sparse.size", "0"), ("GNU.sparse.map", "")])
            $0.add("x")
        },
        .init("path beyond PATH_MAX", unsafePath) {
            $0.pax([("path", String(repeating: "a/", count: 3_000) + "x")])
            $0.add("x")
        },
        .init("link target beyond PATH_MAX", unsafePath) {
            $0.pax([("linkpath", String(repeating: "a/", count: 3_000) + "x")])
            $0.add("x", type: "2")
        },
        .init("link without a target", corrupt) { $0.add("x", type: "2") },
        .init("NUL in a link", unsafePath) {
            $0.pax(raw: TarFixture.record("linkpath", [0x61, 0, 0x62]))
            $0.add("x", type: "2")
        },
    ]

    static let members: [HostileTar] = [
        .init("hard link to an absolute path", unsafePath) { $0.add("x", type: "1", link: "/etc/shadow") },
        .init("hard link out of the root", unsafePath) { $0.add("x", type: "1", link: "../shadow") },
        .init("hard link to nothing", forbidden) { $0.add("x", type: "1", link: "y") },
        .init("hard link to a later file", forbidden) {
            $0.add("x", type: "1", link: "y")
            $0.add("y")
        },
        .init("hard link to a symbolic link", forbidden) {
            $0.add("y", type: "2", link: "/etc/shadow")
            $0.add("x", type: "1", link: "y")
        },
        .init("hard link to a directory", forbidden) {
            $0.add("y", type: "5")
            $0.add("x", type: "1", link: "y")
        },
        .init("hard link to itself", forbidden) { $0.add("x", type: "1", link: "x") },
        .init("hard link with contents", unsupported) {
            $0.add("y")
            $0.add("x", type: "1", data: [1], link: "y")
        },
        .init("character device", forbidden) { $0.add("x", type: "3") },
        .init("block device", forbidden) { $0.add("x", type: "4") },
        .init("fifo", forbidden) { $0.add("x", type: "6") },
        .init("unknown type", unsupported) { $0.add("x", type: "Z") },
        .init("multi-volume member", unsupported) { $0.add("x", type: "M") },
        .init("same file twice", duplicate) {
            $0.add("x")
            $0.add("./x")
        },
        .init("file in place of a directory", duplicate) {
            $0.add("x", type: "5")
            $0.add("x")
        },
        .init("link in place of a directory", duplicate) {
            $0.add("x/", type: "5")
            $0.add("x", type: "2", link: "/tmp")
        },
    ]

    static let headers: [HostileTar] = [
        .init("wrong checksum", corrupt) {
            $0.add("x")
            var bytes = $0.bytes
            bytes[0] ^= 1
            $0 = TarFixture()
            $0.append(bytes)
        },
        .init("letters for a size", corrupt) { $0.add("x") { TarFixture.put("0000000000z".utf8, at: 124, in: &$0) } },
        .init("negative size", corrupt) { $0.add("x") { TarFixture.put(TarFixture.binary(-1, 12), at: 124, in: &$0) } },
        .init("size beyond 64 bits", corrupt) {
            $0.add("x") { TarFixture.put([0x80] + [UInt8](repeating: 0xFF, count: 11), at: 124, in: &$0) }
        },
        .init("size of nine exabytes", overLimit) {
            $0.add("x") { TarFixture.put(TarFixture.binary(.max, 12), at: 124, in: &$0) }
        },
        .init("size beyond the data", truncated) {
            $0.add("x") { TarFixture.put("00000100000".utf8, at: 124, in: &$0) }
        },
        .init("negative pax size", corrupt) {
            $0.pax([("size", "-1")])
            $0.add("x")
        },
        .init("pax record longer than its data", corrupt) {
            $0.pax(raw: Array("99 path=x\n".utf8))
            $0.add("x")
        },
        .init("pax record of length 0", corrupt) {
            $0.pax(raw: Array("0 path=x\n".utf8))
            $0.add("x")
        },
        .init("pax record without an end", corrupt) {
            $0.pax(raw: Array("9 path=xy".utf8))
            $0.add("x")
        },
        .init("pax record without a value", corrupt) {
            $0.pax(raw: Array("7 path\n".utf8))
            $0.add("x")
        },
        .init("pax length that overflows", corrupt) {
            $0.pax(raw: Array("99999999999999999999 path=x\n".utf8))
            $0.add("x")
        },
        .init("extended header of a gigabyte", overLimit) {
            $0.add("x", type: "x") { TarFixture.put(TarFixture.octal(1 << 30, 11).utf8, at: 124, in: &$0) }
        },
        .init("long name of a gigabyte", overLimit) {
            $0.add("x", type: "L") { TarFixture.put(TarFixture.octal(1 << 30, 11).utf8, at: 124, in: &$0) }
        },
        .init("zeros followed by data", corrupt) {
            $0.add("x")
            $0.append([UInt8](repeating: 0, count: 512))
            $0.add("y")
        },
        .init("garbage for a header", corrupt) { $0.append([UInt8](repeating: 0x41, count: 512)) },
    ]
}

@Suite("Hostile tar streams")
struct HostileTarTests {
    @Test("is refused", arguments: HostileTar.paths + HostileTar.members + HostileTar.headers)
    func refuses(hostile: HostileTar) throws {
        var tar = TarFixture()
        hostile.build(&tar)
        let found = fault { _ = try readTar(tar.finished()) }
        #expect(found.map(hostile.expected) == true, "found \(String(describing: found))")
    }

    @Test func aCutAtAnyByteIsRefused() throws {
        var tar = TarFixture()
        tar.add("a", data: [UInt8](repeating: 1, count: 700))
        tar.pax([("path", "b")])
        tar.add("x")
        let end = tar.bytes.count
        for length in 0...end {
            guard case .truncated(.tar, _) = fault({ _ = try readTar(Array(tar.finished()[..<length])) }) else {
                Issue.record("cut at \(length) of \(end)")
                return
            }
        }
    }

    @Test func headersAreCounted() throws {
        var limits = ArchiveLimits.standard
        limits.memberCount = 3
        var tar = TarFixture()
        for index in 0..<2 {
            tar.pax([("comment", "x")])
            tar.add("a\(index)")
        }
        #expect(fault { _ = try readTar(tar.finished(), limits: limits) } == .overLimit("members", limit: 3, found: 4))
    }

    @Test func sizesAddUp() throws {
        var limits = ArchiveLimits.standard
        limits.totalSize = 1_000
        var tar = TarFixture()
        for index in 0..<3 { tar.add("a\(index)", data: [UInt8](repeating: 1, count: 400)) }
        let found = fault { _ = try readTar(tar.finished(), limits: limits) }
        #expect(found == .overLimit("bytes of all members", limit: 1_000, found: 1_200))
    }

    @Test func theStreamItselfIsBounded() throws {
        var tar = TarFixture()
        tar.add("a", data: [UInt8](repeating: 1, count: 5_000))
        guard
            case .overLimit("unpacked bytes", 4_000, _) = fault({
                _ = try readTar(tar.finished(), chunkSize: 1_000, expansion: 4_000)
            })
        else {
            Issue.record("expected the unpacked bytes to be bounded")
            return
        }
    }
}
