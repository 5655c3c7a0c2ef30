import CondaArchive
import CondaChannel
import CondaModel
import Foundation
import RPMFormat
import Testing

@testable import Workflow

@Suite struct VerifiedArchivesTests {
    private func package(_ scratch: Scratch, _ text: String = "archive") throws -> FetchedPackage {
        let path = "\(scratch.path)/archive"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        var record = PackageRecord(name: "a", version: try Version("1"), build: "0")
        record.sha256 = try FileContents.sha256(path)
        return FetchedPackage(record: record, path: path)
    }

    @Test func anArchiveIsComparedOnce() async throws {
        let scratch = try Scratch()
        let verified = VerifiedArchives(CacheDirectory(path: "\(scratch.path)/cache"))
        let package = try package(scratch)
        func check(later: Bool) async throws -> FetchedPackage {
            try await verified.check([package], areVerified: false, later: later)[0]
        }
        let first = try await check(later: true)
        #expect(!first.isVerified)
        // Nobody has told yet that it was compared.
        #expect(try await !check(later: true).isVerified)
        verified.insert([first])
        #expect(try await check(later: true).isVerified)
        #expect(try await check(later: false).isVerified)
    }

    /// micromamba would refuse the archive on the host.
    @Test func anMD5ThatIsNotTheArchivesIsForgotten() throws {
        let scratch = try Scratch()
        var package = try package(scratch)
        package.record.md5 = "888b2af1bc4a8b0d7d0de5ea23e4f3d2"
        #expect(try package.withComparedMD5().record.md5 == nil)
        let found = try #require(try ArchiveDigest.of(path: package.path, includingMD5: true).md5)
        package.record.md5 = found.uppercased()
        #expect(try package.withComparedMD5() == package)
    }

    @Test func anArchiveThatWasTouchedIsComparedAgain() async throws {
        let scratch = try Scratch()
        let verified = VerifiedArchives(CacheDirectory(path: "\(scratch.path)/cache"))
        let package = try package(scratch)
        #expect(try await verified.check([package], areVerified: false, later: false)[0].isVerified)
        // The same size, and the same time of modification.
        let times = try FileManager.default.attributesOfItem(atPath: package.path)[.modificationDate]
        let handle = try #require(FileHandle(forWritingAtPath: package.path))
        try handle.write(contentsOf: Data("damaged".utf8))
        try handle.close()
        try FileManager.default.setAttributes(
            [.modificationDate: try #require(times)], ofItemAtPath: package.path)
        #expect(try await !verified.check([package], areVerified: false, later: true)[0].isVerified)
        await #expect(throws: RPMError.self) {
            try await verified.check([package], areVerified: false, later: false)
        }
    }

    @Test func aFileIsDigestedAgainWhenItWasTouched() throws {
        let scratch = try Scratch()
        let verified = VerifiedArchives(CacheDirectory(path: "\(scratch.path)/cache"))
        let path = "\(scratch.path)/tool"
        for text in ["one", "two", "two"] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: path))
            #expect(try verified.digest(of: path) == FileContents.sha256(path))
            #expect(try verified.digest(of: path) == FileContents.sha256(path))
        }
        #expect(throws: (any Error).self) { try verified.digest(of: "\(scratch.path)/none") }
    }

    @Test func aCacheThatCannotBeWrittenOnlyCostsTime() async throws {
        let scratch = try Scratch()
        try Data().write(to: URL(fileURLWithPath: "\(scratch.path)/cache"))
        let verified = VerifiedArchives(CacheDirectory(path: "\(scratch.path)/cache"))
        let package = try package(scratch)
        #expect(try await verified.check([package], areVerified: false, later: false)[0].isVerified)
        #expect(try await !verified.check([package], areVerified: false, later: true)[0].isVerified)
        verified.insertList(package.record.sha256)
        #expect(!verified.hasTrueList(package.record.sha256))
    }
}
