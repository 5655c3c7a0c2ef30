import Foundation
import ServiceRelease
import Testing

@testable import HostLifecycle

/// What is not ours is refused and never removed; what is ours is known by more than its name.
@Suite struct ForeignFilesTests {
    private typealias Fixture = InstallationTests.Fixture

    private func foreign(_ fixture: Fixture) -> [String] {
        ForeignFiles(home: fixture.home, package: "orders").found().map {
            String($0.dropFirst(fixture.home.root.count + 1))
        }
    }

    private func touch(_ path: String, _ text: String = "x") throws {
        try makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try replaceDocument(path, with: Array(text.utf8))
    }

    /// Two releases, with everything that a life leaves beside them.
    private func livedIn() throws -> (Fixture, bundle: String) {
        let fixture = try Fixture()
        var bundle = ""
        for version in ["1.0", "2.0"] {
            bundle = try fixture.addBundle(version, inputs: "\(version)aaaaaaaaaaaa")
            try fixture.install(bundle)
        }
        return (fixture, bundle)
    }

    @Test func whatToolsOfThisAndEarlierVersionsHaveMadeIsOurs() throws {
        let (fixture, _) = try livedIn()
        let home = fixture.home
        try ReleaseMarker(home: home, identifier: "3.0-1").begin("link the packages")
        try touch("\(home.release("3.0-1"))/lib/half")
        try touch("\(home.marker("4.0-1"))", "{\"ste")
        for path in [home.document("5.0-1"), home.marker("5.0-1")] { try touch("\(path).new", "") }
        for path in [home.aside("1.0-1"), "\(home.aside("1.0-1")).new", home.workshop("2.0-1+aaaaaaaa")] {
            try makeDirectory(path)
        }
        try touch("\(home.releases)/.transaction", "12 2.0-1\n")
        try makeDirectory("\(home.releases)/lost+found")
        try replaceLink("\(home.current).new", target: "releases/gone")
        // A document of a later format, and one that the earliest tools kept in the prefix.
        try makeDirectory(home.release("6.0-1"))
        try touch(home.document("6.0-1"), #"{"format": 9, "name": "orders", "version": "6.0", "release": "1"}"#)
        let document = #"{"format": 1, "name": "orders", "version": "0.1", "release": "1"}"#
        try touch("\(home.release("0.1-1"))/etc/conda-rpm/release.json", document)
        #expect(foreign(fixture) == [])
        // A document that is gone leaves the activation, which names its place.
        try removeTree(home.document("2.0-1"))
        #expect(foreign(fixture) == [])
        try removeTree(home.activation("2.0-1"))
        #expect(foreign(fixture) == ["current", "releases/2.0-1"])
    }

    /// rpm does not wait for the disk: after a power loss a file may be empty, full of NULs, or end early.
    @Test(arguments: ["", "\0\0\0\0", #"{"format": 1, "na"#])
    func whatAPowerLossHasLeftOfABundleIsOurs(text: String) throws {
        let (fixture, _) = try livedIn()
        let home = fixture.home
        try touch("\(home.bundles)/3.0-1/pkgs/noarch/a-1-0.conda", "")
        try touch(home.bundleDocument("3.0-1"), text)
        try touch("\(home.release("3.0-1"))/bin/python", "")
        #expect(foreign(fixture) == [])
        try touch("\(home.bundles)/3.0-1/app.py")
        #expect(foreign(fixture) == ["bundle/3.0-1", "releases/3.0-1"])
        try removeTree("\(home.bundles)/3.0-1/app.py")
        try touch(home.bundleDocument("3.0-1"), "{}\n")
        #expect(foreign(fixture) == ["bundle/3.0-1", "releases/3.0-1"])
    }

    @Test func whatOthersHaveMadeIsNot() throws {
        let (fixture, _) = try livedIn()
        let home = fixture.home
        for path in [
            "bundle/1.0-1.old/x", "bundle/note", "releases/20240101/app", "releases/.cache", "releases/.x.json",
            "releases/.x.aside/file", "releases/.x.incomplete", "releases/7.0-1/lib/program;12345678",
        ] { try touch("\(home.root)/\(path)") }
        try touch(home.document("1.0-1"), #"{"format": 1, "name": "bills", "version": "1.0", "release": "1"}"#)
        try removeTree(home.activation("1.0-1"))
        #expect(
            foreign(fixture) == [
                "bundle/1.0-1.old", "bundle/note", "releases/.1.0-1.json", "releases/.cache", "releases/.x.aside",
                "releases/.x.incomplete", "releases/.x.json", "releases/1.0-1", "releases/20240101", "releases/7.0-1",
            ])
        for target in ["/etc", "releases/20240101", "releases/../x", "elsewhere"] {
            try replaceLink(home.current, target: target)
            #expect(foreign(fixture).first == "current", "\(target)")
        }
    }

    /// As Capistrano makes it, and as a folder was taken over before.
    @Test(arguments: ["releases/20240101/app.py", "current/index.html", "bundle/gems/x", "releases/1.0-1/data"])
    func anInstallationRefusesItByNameAndChangesNothing(path: String) throws {
        let fixture = try Fixture()
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa")
        try touch("\(fixture.home.root)/\(path)")
        let error = #expect(throws: HostError.self) { try fixture.install(bundle) }
        let top = path.split(separator: "/").prefix(path.hasPrefix("current") ? 1 : 2).joined(separator: "/")
        #expect(error?.description.contains("\n  \(fixture.home.root)/\(top)") == true)
        #expect(error?.hint?.contains("move it elsewhere") == true)
        #expect(exists("\(fixture.home.root)/\(path)"))
        #expect(fixture.home.incompleteReleases().isEmpty && fixture.home.serving() == nil)
        let operations = Operations(home: fixture.home, bundle: bundle, events: fixture.events.add)
        #expect(throws: HostError.self) { try operations.repair() }
        try operations.remove()
        #expect(exists("\(fixture.home.root)/\(path)"))
    }

    @Test func removingLeavesItAloneAndSaysSo() throws {
        let (fixture, bundle) = try livedIn()
        let home = fixture.home
        let paths = [
            "releases/20240101/app.py", "releases/.secret", "releases/3.0-1/file", "releases/.3.0-1.incomplete",
            "releases/.4.0-1.removed", "releases/4.0-1/file", "releases/.20240101.json",
        ].map { "\(home.root)/\($0)" }
        for path in paths { try touch(path) }
        try touch("\(home.release("2.0-1"))/lib/written-by-the-service")
        try Operations(home: home, bundle: bundle, events: fixture.events.add).remove()
        for path in paths { #expect(exists(path)) }
        let left = try FileManager.default.contentsOfDirectory(atPath: home.releases).sorted()
        #expect(
            left == [
                ".20240101.json", ".3.0-1.incomplete", ".4.0-1.removed", ".secret", "20240101", "3.0-1", "4.0-1",
            ])
        #expect(!exists(home.current))
        let told = try #require(fixture.events.all.last)
        #expect(told.contains("\(home.releases)/.secret, \(home.releases)/20240101, \(home.releases)/3.0-1"))
        try Operations(home: home, bundle: bundle, events: fixture.events.add).settle()
        for path in paths { #expect(exists(path)) }
    }

    @Test func aLinkOfAnotherIsNotTakenAway() throws {
        let (fixture, bundle) = try livedIn()
        try replaceLink(fixture.home.current, target: "/etc")
        try Operations(home: fixture.home, bundle: bundle, events: fixture.events.add).remove()
        #expect(exists(fixture.home.current))
        #expect(!exists(fixture.home.releases))
    }

    /// Wherever a removal was killed, what is left still has a name, and goes with the next step.
    @Test func aKilledRemovalIsFinished() throws {
        let (fixture, bundle) = try livedIn()
        let home = fixture.home
        #expect(rename(home.document("1.0-1"), home.removalNote("1.0-1")) == 0)
        try removeTree(home.activation("1.0-1"))
        #expect(home.completeReleases() == ["2.0-1"] && foreign(fixture) == [])
        #expect(Status.read(home: home, release: try Release(bundle: bundle)).health == .healthy)
        try fixture.install(bundle)
        let left = try FileManager.default.contentsOfDirectory(atPath: home.releases).sorted()
        #expect(left == [".2.0-1.json", "2.0-1"])
    }

    @Test func aReleaseThatComesBackIsNotBeingRemovedAnyMore() throws {
        let (fixture, bundle) = try livedIn()
        let home = fixture.home
        #expect(rename(home.document("2.0-1"), home.removalNote("2.0-1")) == 0)
        try fixture.install(bundle)
        #expect(!exists(home.removalNote("2.0-1")))
        #expect(home.completeReleases() == ["1.0-1", "2.0-1"])
    }
}
