import CondaArchive
import HostSystem
import Testing

@Suite("Archives of both formats")
struct CondaArchiveTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    @Test("The payload comes without the metadata, in order", arguments: ArchiveFormat.allCases)
    func visitsPayload(format: ArchiveFormat) throws {
        let archive = try scratch.archive(PackageFixture().bytes(format))
        #expect(archive.format == format)
        let visited = try archive.visitAll()
        #expect(visited.map(\.member.path) == ["bin", "bin/tool", "lib/link"])
        #expect(visited[1].contents == Array("#!/bin/sh\n".utf8))
        #expect(visited[2].member.kind == .symlink(target: Array("../bin/tool".utf8)))
    }

    @Test("The metadata decodes", arguments: ArchiveFormat.allCases)
    func readsInfo(format: ArchiveFormat) throws {
        var package = PackageFixture()
        package.info += [
            ("info/about.json", #"{"summary": "A sample", "license": "MIT", "home": null}"#),
            (
                "info/link.json",
                #"{"noarch": {"type": "python", "entry_points": ["a = b:c"]}, "package_metadata_version": 1}"#
            ),
            ("info/licenses/LICENSE", "text"),
        ]
        let info = try scratch.archive(package.bytes(format)).readInfo { $0.hasPrefix("info/licenses/") }
        #expect(try info.index().version.description == "1.0")
        #expect(try info.about()?.summary == "A sample")
        #expect(try info.link() == LinkJSON(noarchType: "python", entryPoints: ["a = b:c"]))
        #expect(info.files["info/licenses/LICENSE"] == Array("text".utf8))
        #expect(info.memberNames.count == 5)
    }

    @Test func theLargestVisitNeedsNoMoreThanAChunk() throws {
        var package = PackageFixture()
        package.payload = { $0.add("zeros", data: [UInt8](repeating: 0, count: 3_000_000)) }
        for format in ArchiveFormat.allCases {
            let archive = try scratch.archive(package.bytes(format))
            var largest = 0
            var total = 0
            try archive.forEachMember { _, contents in
                while let chunk = try contents.next() {
                    largest = max(largest, chunk.count)
                    total += chunk.count
                }
            }
            #expect(total == 3_000_000)
            #expect(largest <= 1 << 20)
        }
    }

    @Test("A package must not write into conda-meta", arguments: ArchiveFormat.allCases)
    func refusesCondaMeta(format: ArchiveFormat) throws {
        var package = PackageFixture()
        package.payload = { $0.add("conda-meta/history") }
        let archive = try scratch.archive(package.bytes(format))
        guard case .forbidden = fault({ _ = try archive.visitAll() }) else {
            Issue.record("expected conda-meta/history to be refused")
            return
        }
    }

    @Test func aBombIsRefusedByItsRatio() throws {
        var limits = ArchiveLimits.standard
        limits.freeExpansion = 1 << 20
        limits.expansionRatio = 100
        var package = PackageFixture()
        package.payload = { $0.add("zeros", data: [UInt8](repeating: 0, count: 4 << 20)) }
        for format in ArchiveFormat.allCases {
            let archive = try scratch.archive(package.bytes(format), limits: limits)
            guard case .overLimit("unpacked bytes", _, _) = fault({ _ = try archive.visitAll() }) else {
                Issue.record("expected the expansion of \(format) to be bounded")
                return
            }
        }
    }

    @Test("A visitor's own error ends the visit unchanged", arguments: ArchiveFormat.allCases)
    func throwsOn(format: ArchiveFormat) throws {
        struct Stop: Error {}
        let archive = try scratch.archive(PackageFixture().bytes(format))
        #expect(throws: Stop.self) { try archive.forEachMember { _, _ in throw Stop() } }
    }

    @Test func errorsNameArchiveMemberAndReason() throws {
        var package = PackageFixture()
        package.payload = { $0.add("dev/null", type: "3") }
        let archive = try scratch.archive(package.bytes(.conda))
        let error = #expect(throws: ArchiveError.self) { try archive.visitAll() }
        #expect(error?.description == "\(archive.path): dev/null: a character device has no place in a package")
        #expect(error?.hint != nil)
    }

    @Test func aFileOfNeitherFormatIsRefused() throws {
        guard case .unknownFormat("'<htm'") = fault({ _ = try scratch.archive(Array("<html>".utf8)) }) else {
            Issue.record("expected an unknown format")
            return
        }
        #expect(fault { _ = try scratch.archive([]) } == .unknownFormat(found: "nothing"))
        #expect(fault { _ = try CondaArchive(path: scratch.path) } != nil)
        guard case .unreadable("open", _) = fault({ _ = try CondaArchive(path: scratch.path + "/none") }) else {
            Issue.record("expected the open to fail")
            return
        }
    }

    @Test func digestsCoverTheWholeFile() throws {
        let archive = try scratch.archive(Array("BZh".utf8) + [UInt8](repeating: 7, count: 700_000))
        let bytes = Array("BZh".utf8) + [UInt8](repeating: 7, count: 700_000)
        let digest = try archive.digest(includingMD5: true)
        #expect(
            digest.sha256
                == Digest.sha256(bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
        #expect(digest.md5?.count == 32)
        #expect(digest.size == 700_003)
        try archive.verify(sha256: digest.sha256.uppercased())
        try archive.verify(sha256: nil, md5: digest.md5)
        #expect(
            fault { try archive.verify(sha256: String(repeating: "0", count: 64)) }
                == .digestMismatch(
                    algorithm: "SHA-256", expected: String(repeating: "0", count: 64), found: digest.sha256))
    }
}

@Suite("Where .tar.bz2 metadata stops")
struct EarlyStopTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    /// A package whose payload is too large to be decoded along with the metadata, and corrupt further on.
    private func corruptBehindInfo(_ package: PackageFixture) throws -> CondaArchive {
        var package = package
        package.payload = { tar in
            tar.add("first")
            tar.add("noise", data: CompressionTests.sample)
        }
        var bytes = Compression.bzip2(package.tar(), level: 1)
        bytes[bytes.count - 20] ^= 0xFF
        return try scratch.archive(bytes)
    }

    @Test func stopsAtThePayload() throws {
        let archive = try corruptBehindInfo(PackageFixture())
        #expect(try archive.readInfo().index().name == "sample")
        #expect(fault { _ = try archive.visitAll() } != nil)
    }

    @Test func readsOnForTheLinksOfNoarchPython() throws {
        var package = PackageFixture()
        package.index = package.index.replacing("\"depends\"", with: "\"noarch\": \"python\", \"depends\"")
        #expect(fault { _ = try corruptBehindInfo(package).readInfo() } != nil)
        package.info.append(("info/link.json", #"{"noarch": {"type": "python"}}"#))
        #expect(try corruptBehindInfo(package).readInfo().link()?.noarchType == "python")
    }

    @Test func readsOnForOldDocuments() throws {
        let package = PackageFixture(info: [("info/files", "bin/tool\n")])
        #expect(fault { _ = try corruptBehindInfo(package).readInfo() } != nil)
    }

    @Test func findsMetadataBehindThePayload() throws {
        let archive = try scratch.archive(PackageFixture().tarBzip2(infoFirst: false))
        #expect(try archive.readInfo().index().name == "sample")
        #expect(try archive.visitAll().count == 3)
    }

    @Test func aPackageWithoutIndexIsRefused() throws {
        var tar = PackageFixture().payloadTar
        tar.add("info/paths.json", data: Array("{}".utf8))
        let archive = try scratch.archive(Compression.bzip2(tar.finished()))
        #expect(fault { _ = try archive.readInfo() } == .missing("info/index.json"))
    }

    @Test func documentsMustBeFiles() throws {
        var tar = TarFixture()
        tar.add("info/index.json", type: "2", link: "/etc/passwd")
        let archive = try scratch.archive(Compression.bzip2(tar.finished()))
        guard case .forbidden = fault({ _ = try archive.readInfo() }) else {
            Issue.record("expected a link in place of index.json to be refused")
            return
        }
    }

    @Test func metadataInMemoryIsBounded() throws {
        var limits = ArchiveLimits.standard
        limits.infoMemberSize = 100
        let archive = try scratch.archive(PackageFixture().conda(), limits: limits)
        guard case .overLimit("bytes in memory", 100, _) = fault({ _ = try archive.readInfo() }) else {
            Issue.record("expected the document's size to be bounded")
            return
        }
    }
}
