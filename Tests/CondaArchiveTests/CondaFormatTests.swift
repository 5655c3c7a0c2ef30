import CondaArchive
import Testing

@Suite("The .conda format")
struct CondaFormatTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func read(_ bytes: [UInt8]) throws {
        let archive = try scratch.archive(bytes)
        _ = try archive.readInfo()
        _ = try archive.visitAll()
    }

    @Test("ZIP64 records and comments are read", arguments: [true, false], [[], Array("comment".utf8)])
    func readsForms(wide: Bool, comment: [UInt8]) throws {
        try read(
            PackageFixture().conda {
                $0.wide = wide
                $0.comment = comment
            })
    }

    @Test func aPackageWithoutFormatVersionIsRead() throws {
        try read(PackageFixture(metadata: nil).conda())
    }

    @Test(
        "A wrong format version is refused",
        arguments: [
            #"{"conda_pkg_format_version": 3}"#, "{}", "[]", "", #"{"conda_pkg_format_version": "2"}"#,
            #"{"conda_pkg_format_version": 2} x"#,
        ])
    func refusesVersions(metadata: String) throws {
        #expect(fault { try read(PackageFixture(metadata: metadata).conda()) } != nil)
    }

    @Test func stateOfEachPartIsChecked() throws {
        let faults: [((inout ZipFixture) -> Void, String)] = [
            ({ $0.entries.removeLast() }, "expected a member 'info-*.tar.zst', found none"),
            ({ $0.entries.remove(at: 1) }, "expected a member 'pkg-*.tar.zst', found none"),
            ({ $0.add("info-other-1-0.tar.zst", []) }, "expected one info-*.tar.zst, found 2"),
            ({ $0.add("metadata.json", []) }, "two members have one name"),
            ({ $0.entries[1].method = 8 }, "is compressed (method 8), expected it stored"),
            ({ $0.entries[1].flags = 1 }, "is encrypted"),
            ({ $0.entries[1].checksum = 1 }, "CRC-32"),
            ({ $0.entries[2].checksum = 1 }, "CRC-32"),
            ({ $0.entries[0].checksum = 1 }, "CRC-32"),
            ({ $0.entries[1].localName = "pkg-sample-1.0-1.tar.zst" }, "contradicts the directory"),
            ({ $0.entries[1].declaredSize = 0x7FFF_FFFF }, "truncated ZIP data"),
            ({ $0.declaredCount = 4 }, "ZIP data"),
            ({ $0.declaredCount = 2 }, "more than its members"),
            ({ $0.declaredCount = 9_999 }, "at most 64 allowed, found 9999"),
        ]
        for (edit, expected) in faults {
            let found = fault { try read(PackageFixture().conda(edit: edit)) }
            #expect(
                found?.description.contains(expected) == true,
                "expected \(expected), found \(String(describing: found))")
        }
    }

    @Test func aCutAtAnyByteIsRefused() throws {
        let bytes = PackageFixture().conda()
        for length in stride(from: 0, to: bytes.count, by: 3) {
            #expect(fault { try read(Array(bytes[..<length])) } != nil, "cut at \(length) of \(bytes.count)")
        }
    }

    @Test func aCutPackedStreamIsRefused() throws {
        var zip = ZipFixture()
        zip.add("pkg-x.tar.zst", Array(Compression.zstd(PackageFixture().payloadTar.finished()).dropLast(4)))
        zip.add("info-x.tar.zst", Compression.zstd(PackageFixture().infoTar.finished()))
        guard case .truncated(.zstandard, _) = fault({ try read(zip.bytes()) }) else {
            Issue.record("expected truncated Zstandard data")
            return
        }
    }

    @Test func membersInTheWrongPartAreRefused() throws {
        let package = PackageFixture(info: [("bin/tool", "")])
        #expect(
            fault { try read(package.conda()) } == .forbidden("the info part holds 'bin/tool', expected only info/"))
    }

    @Test func licencesInThePayloadArePassedOver() throws {
        var package = PackageFixture()
        package.payload = { tar in
            tar.add("info/licenses/LICENSE", data: [1])
            tar.add("a")
        }
        let archive = try scratch.archive(package.conda())
        #expect(try archive.visitAll().map(\.member.path) == ["a"])
        #expect(try archive.licenses(limit: 10) == [.init(path: "info/licenses/LICENSE", text: [1])])
    }

    @Test func readingMetadataDoesNotTouchThePayload() throws {
        let archive = try scratch.archive(PackageFixture().conda { $0.entries[1].data = Array("not zstd".utf8) })
        #expect(try archive.readInfo().index().name == "sample")
        #expect(fault { _ = try archive.visitAll() } != nil)
    }
}
