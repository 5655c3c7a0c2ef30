import Foundation
import Testing

@testable import CondaArchive

@Suite("A .tar.bz2 archive as a .conda file")
struct TransmuteTests {
    /// Every kind of member, and what ustar's fields cannot hold.
    private static let package: PackageFixture = {
        var package = PackageFixture()
        package.info.append(("info/licenses/LICENSE", "text"))
        package.payload = { tar in
            tar.add("bin/", type: "5", mode: 0o755)
            tar.add("bin/tool", data: Array("#!/bin/sh\n".utf8), mode: 0o4755)
            tar.add("bin/again", type: "1", link: "bin/tool")
            tar.add("lib/empty")
            tar.add("lib/link", type: "2", link: "../bin/tool")
            tar.add("lib/block", data: [UInt8](repeating: 7, count: 1024))
            let folder = String(repeating: "d", count: 90)
            tar.pax([("path", "\(folder)/\(String(repeating: "n", count: 60))")])
            tar.add("x", data: Array("split over two fields".utf8))
            tar.pax([("path", String(repeating: "n", count: 150)), ("mtime", "12.25")])
            tar.add("x", data: Array("too long".utf8))
            tar.pax([("linkpath", String(repeating: "t", count: 130)), ("mtime", "-1.5")])
            tar.add("long", type: "2", link: "x")
            tar.add(bytes: Array("odd-".utf8) + [0xFF, 0xFE], data: [0])
            tar.pax(raw: TarFixture.record("path", [UInt8](repeating: 0xE4, count: 120)))
            tar.add("x", data: Array("not UTF-8".utf8))
            tar.pax([("GNU.sparse.size", "1600"), ("GNU.sparse.map", "1000,3"), ("GNU.sparse.name", "blob")])
            tar.add("GNUSparseFile.0/blob", data: Array("abc".utf8))
        }
        return package
    }()

    private static func transmuted(_ package: PackageFixture, _ scratch: Scratch) throws -> CondaArchive {
        let path = "\(scratch.path)/sample-1.0-0.conda"
        try scratch.archive(package.tarBzip2()).transmute(to: path, name: "sample-1.0-0")
        return try CondaArchive(path: path)
    }

    @Test func everyMemberIsTheSame() throws {
        let scratch = try Scratch()
        let found = try Self.transmuted(Self.package, scratch)
        #expect(found.format == .conda)
        let expected = try scratch.archive(Self.package.tarBzip2())
        #expect(try found.visitAll() == expected.visitAll())
        #expect(try found.visitAll().count == 12)
        let keep: (String) -> Bool = { $0.hasPrefix("info/licenses/") }
        #expect(try found.readInfo(keeping: keep).files == expected.readInfo(keeping: keep).files)
    }

    @Test func theSamePackageGivesTheSameBytes() throws {
        let scratch = try Scratch()
        let first = try Self.transmuted(Self.package, scratch).digest()
        #expect(try Self.transmuted(Self.package, scratch).digest() == first)
    }

    /// Python reads what we wrote: an opinion other than our reader's.
    @Test func pythonReadsTheFile() throws {
        let scratch = try Scratch()
        let archive = try Self.transmuted(Self.package, scratch)
        let program = """
            import sys, zipfile
            file = zipfile.ZipFile(sys.argv[1])
            assert file.testzip() is None
            for info in file.infolist(): print(info.filename, info.compress_type, oct(info.external_attr >> 16))
            """
        #expect(
            try Python.lines(program, [archive.path]) == [
                "metadata.json 0 0o100644", "pkg-sample-1.0-0.tar.zst 0 0o100644",
                "info-sample-1.0-0.tar.zst 0 0o100644",
            ])
    }

    /// The tar stream as Python's tarfile sees it, member by member.
    @Test func pythonReadsTheHeaders() throws {
        let scratch = try Scratch()
        let members = try scratch.archive(Self.package.tarBzip2()).visitAll()
        var stream: [UInt8] = []
        for member in members {
            stream += TarWriter.header(member.member) + member.contents + TarWriter.padding(member.member.size)
        }
        let path = try scratch.write(stream + TarWriter.end, to: "stream.tar")
        let program = """
            import sys, tarfile
            for m in tarfile.open(sys.argv[1], encoding="utf-8", errors="surrogateescape"):
                name = m.name.encode("utf-8", "surrogateescape").hex()
                link = m.linkname.encode("utf-8", "surrogateescape").hex()
                print(name, m.type.decode(), oct(m.mode), m.size, float(m.mtime), link or "-")
            """
        let expected = members.map { visited -> String in
            let member = visited.member
            let time = Double(member.modificationTime.seconds) + Double(member.modificationTime.nanoseconds) / 1e9
            let (type, link): (Int, [UInt8]) =
                switch member.kind {
                case .file: (0, [])
                case .hardlink(let target): (1, target.bytes)
                case .symlink(let target): (2, target)
                case .directory: (5, [])
                }
            let text = link.isEmpty ? "-" : hex(link)
            return
                "\(hex(member.location.bytes)) \(type) 0o\(String(member.mode, radix: 8)) \(member.size) \(time) \(text)"
        }
        #expect(try Python.lines(program, [path]) == expected)
    }

    private func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }

    @Test func aLinkBetweenThePartsIsRefused() throws {
        var package = PackageFixture()
        package.payload = { tar in
            tar.add("share/LICENSE", data: [1])
            tar.add("info/licenses/LICENSE", type: "1", link: "share/LICENSE")
        }
        let scratch = try Scratch()
        let found = fault { _ = try Self.transmuted(package, scratch) }
        guard case .unsupported(.tar, _) = found else {
            Issue.record("expected a refusal, found \(String(describing: found))")
            return
        }
    }

    @Test func aDamagedArchiveIsRefused() throws {
        let scratch = try Scratch()
        let bytes = Self.package.tarBzip2().dropLast(20)
        let archive = try scratch.archive(Array(bytes))
        #expect(fault { try archive.transmute(to: "\(scratch.path)/out", name: "a") } != nil)
    }
}
