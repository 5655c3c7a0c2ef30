import CondaPrefix
import Foundation
import Testing

@testable import HostLifecycle

@Suite struct ServiceHomeTests {
    /// A home in a folder of its own, removed with the test.
    private final class Fixture {
        let home: ServiceHome

        init() throws {
            let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
            home = ServiceHome(root: root)
            try makeDirectory(home.releases)
        }

        func addRelease(_ identifier: String, age: Int) throws {
            try makeDirectory(home.release(identifier))
            let document = home.document(identifier)
            try replaceDocument(document, with: Array("{}".utf8))
            let date = Date(timeIntervalSince1970: 1_700_000_000 - Double(age))
            try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: document)
        }

        deinit { try? FileManager.default.removeItem(atPath: home.root) }
    }

    @Test func nothingServesInAnEmptyHome() throws {
        let fixture = try Fixture()
        #expect(fixture.home.serving() == nil)
        #expect(fixture.home.completeReleases().isEmpty)
    }

    @Test func releasesAreListedOldestFirstAndWithoutIncompleteOnes() throws {
        let fixture = try Fixture()
        try fixture.addRelease("1.0-1", age: 100)
        try fixture.addRelease("2.0-1", age: 10)
        try fixture.addRelease("0.9-1", age: 50)
        try fixture.addRelease("3.0-1", age: 0)
        try ReleaseMarker(home: fixture.home, identifier: "3.0-1").begin("link the packages")
        #expect(fixture.home.completeReleases() == ["1.0-1", "0.9-1", "2.0-1"])
        #expect(
            fixture.home.incompleteReleases() == [
                IncompleteRelease(identifier: "3.0-1", step: "link the packages", mark: ProcessMark.own)
            ])
    }

    @Test func theMarkerKeepsTheStepAndTheReason() throws {
        let fixture = try Fixture()
        let marker = ReleaseMarker(home: fixture.home, identifier: "1.0-1")
        try marker.begin("run the checks")
        try marker.fail(
            HostError.checkFailed(check: "import flask", user: "orders", status: "exit code 1", output: "no module"),
            at: "run the checks")
        let found = try #require(fixture.home.incompleteReleases().first)
        #expect(found.step == "run the checks")
        #expect(found.reason == "the check 'import flask' failed as orders with exit code 1:\n  no module")
    }

    @Test func aMarkerThatWasCutIsStillAMarker() throws {
        let fixture = try Fixture()
        try replaceDocument(fixture.home.marker("1.0-1"), with: Array("{\"ste".utf8))
        #expect(fixture.home.incompleteReleases().first?.identifier == "1.0-1")
    }

    @Test func theLinkTellsWhatServes() throws {
        let fixture = try Fixture()
        try fixture.addRelease("1.0-1", age: 1)
        try replaceLink(fixture.home.current, target: "releases/1.0-1")
        #expect(fixture.home.serving() == "1.0-1")
        try replaceLink(fixture.home.current, target: "releases/gone")
        #expect(fixture.home.serving() == nil)
        try replaceLink(fixture.home.current, target: "/somewhere/else")
        #expect(fixture.home.serving() == nil)
    }

    @Test func directoriesAreReadableWhateverTheUmask() throws {
        let fixture = try Fixture()
        let before = umask(0o077)
        defer { umask(before) }
        try makeDirectory("\(fixture.home.root)/a/b")
        #expect(try #require(status("\(fixture.home.root)/a")).st_mode & 0o777 == 0o755)
    }
}
