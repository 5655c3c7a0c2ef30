import CondaArchive
import Foundation
import Testing

@Suite("ZIP files with any members")
struct ZipArchiveTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private func read(_ zip: ZipFixture, limits: ArchiveLimits = .standard) throws -> [String: [UInt8]] {
        let archive = try ZipArchive(path: scratch.write(zip.bytes(), to: "file.zip"), limits: limits)
        return Dictionary(
            uniqueKeysWithValues: try archive.members.map {
                ($0.location.string, try archive.read($0, limit: 1 << 20))
            })
    }

    private static let makeZip = """
        import sys, time, zipfile
        with zipfile.ZipFile(sys.argv[1], 'w') as file:
            def add(name, data, mode=0o100644, kind=zipfile.ZIP_DEFLATED):
                entry = zipfile.ZipInfo(name, (2024, 2, 29, 23, 59, 58))
                entry.external_attr = mode << 16
                file.writestr(entry, data, kind)
            add('package/module.py', 'x = 1\\n' * 5000)
            add('package/data \\u00e9.bin', bytes(range(256)), kind=zipfile.ZIP_STORED)
            add('package/empty', '')
            add('package/folder/', '', 0o040755)
            add('tool', '#!python\\n', 0o100755)
        """

    @Test func whatPythonWritesIsRead() throws {
        let path = scratch.path + "/python.zip"
        _ = try Python.lines(Self.makeZip, [path])
        let archive = try ZipArchive(path: path)
        #expect(
            archive.members.map(\.location.string) == [
                "package/module.py", "package/data é.bin", "package/empty", "package/folder", "tool",
            ])
        #expect(archive.members.map(\.isDirectory) == [false, false, false, true, false])
        #expect(archive.members.map(\.isExecutable) == [false, false, false, true, true])
        #expect(archive.members.allSatisfy { $0.modificationTime == FileTime(seconds: 1_709_251_198) })
        let module = Array(String(repeating: "x = 1\n", count: 5000).utf8)
        #expect(try archive.read(archive.members[0], limit: 1 << 20) == module)
        #expect(try archive.read(archive.members[1], limit: 256) == (0...255).map { UInt8($0) })
        #expect(throws: ArchiveError.self) { try archive.read(archive.members[1], limit: 255) }
    }

    @Test func everythingWrongIsRefused() throws {
        let faults: [((inout ZipFixture) -> Void, String)] = [
            ({ $0.entries[0].name = "/etc/passwd" }, "is absolute"),
            ({ $0.entries[0].name = "a/../../b" }, "has a `..` component"),
            ({ $0.entries[0].name = "./b" }, "a second member has the path 'b'"),
            ({ $0.add("b/below", []) }, "a second member has the path 'b'"),
            ({ $0.entries[0].method = 12 }, "expected it deflated or stored"),
            ({ $0.entries[0].method = 8 }, "deflate data"),
            ({ $0.entries[0].checksum = 7 }, "CRC-32"),
            ({ $0.entries[0].flags = 1 }, "is encrypted"),
            ({ $0.entries[0].mode = 0o120777 }, "is neither a file nor a directory"),
            ({ $0.entries[0].declaredSize = 60 }, "overlaps what follows it"),
            ({ $0.entries[1].offset = 0 }, "contradicts the directory"),
        ]
        for (edit, expected) in faults {
            var zip = ZipFixture()
            zip.add("a", Array("first".utf8))
            zip.add("b", Array("second".utf8))
            edit(&zip)
            let error = #expect(throws: ArchiveError.self) { try read(zip) }
            #expect(error?.description.contains(expected) == true, "\(expected): \(String(describing: error))")
        }
    }

    @Test func twoMembersMayNotShareTheirBytes() throws {
        var zip = ZipFixture()
        zip.add("a", Array("first".utf8))
        zip.add("a", Array("first".utf8)) { $0.offset = 0 }
        zip.entries[1].name = "a/"
        #expect(throws: ArchiveError.self) { try read(zip) }
    }

    @Test func aBombIsRefusedByItsDirectory() throws {
        var limits = ArchiveLimits.standard
        limits.freeExpansion = 1 << 20
        limits.expansionRatio = 2
        var zip = ZipFixture()
        zip.add("bomb", [0x03, 0x00]) {
            $0.method = 8
            $0.unpackedSize = 0x7FFF_FFFF
        }
        let error = #expect(throws: ArchiveError.self) { try read(zip, limits: limits) }
        #expect(error?.description.contains("unpacked bytes: at most 1048576 allowed") == true)
    }
}
