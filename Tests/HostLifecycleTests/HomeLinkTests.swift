import CondaPrefix
import Foundation
import ServiceRelease
import Testing

@testable import HostLifecycle

/// A home that is a link to another disk, as administrators place large ones, and one that has two names.
@Suite struct HomeLinkTests {
    private typealias Fixture = InstallationTests.Fixture

    /// The home's path as a link to a folder with a mode of its own.
    private func linkedHome(_ fixture: Fixture) throws -> String {
        let disk = "\(fixture.home.root)-disk"
        try makeDirectory(disk)
        #expect(chmod(disk, 0o711) == 0)
        try FileManager.default.createSymbolicLink(atPath: fixture.home.root, withDestinationPath: disk)
        return disk
    }

    @Test func aReleaseComesServesAndGoes() throws {
        let fixture = try Fixture()
        let disk = try linkedHome(fixture)
        defer { try? FileManager.default.removeItem(atPath: disk) }
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa")
        try fixture.install(bundle)
        #expect(fixture.home.serving() == "1.0-1")
        #expect(try fixture.home.readDocument("1.0-1").prefix == fixture.home.root)
        #expect(status(disk).map { $0.st_mode & 0o777 } == 0o711)
        try Operations(home: fixture.home, bundle: bundle, events: fixture.events.add).remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk) == ["bundle"])
        #expect(exists(fixture.home.root))
    }

    /// `rpm --prefix`, then an upgrade without it: the files of the earlier release hold the other name.
    @Test func aReleaseKeepsTheNameItWasLinkedFor() throws {
        let fixture = try Fixture()
        let disk = try linkedHome(fixture)
        defer { try? FileManager.default.removeItem(atPath: disk) }
        let real = ServiceHome(root: disk, ownership: fixture.home.ownership)
        let first = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa")
        try Installation(home: real, bundle: first, isUnpacked: true, events: fixture.events.add).run()
        try fixture.install(fixture.addBundle("2.0", inputs: "bbbbbbbbbbbb"))
        for home in [real, fixture.home] {
            #expect(home.place("1.0-1") == real.release("1.0-1"))
            #expect(home.place("2.0-1") == fixture.home.release("2.0-1"))
        }
        // A record that was copied from elsewhere names no place of this home.
        var copied = try real.readDocument("2.0-1")
        copied.prefix = "/no/such"
        try replaceDocument(real.document("2.0-1"), with: try copied.json())
        #expect(fixture.home.place("2.0-1") == fixture.home.release("2.0-1"))
    }

    /// What a killed try left working is found by its mark, whatever path leads to the home now.
    @Test func whatWasLeftByTheOtherNameIsEnded() throws {
        let fixture = try Fixture()
        let disk = try linkedHome(fixture)
        defer { try? FileManager.default.removeItem(atPath: disk) }
        try makeDirectory(fixture.home.releases)
        let mark = "fedcba9876543210fedcba9876543210"
        let state = IncompleteRelease(identifier: "1.0-1", step: "link the packages", mark: mark)
        try replaceDocument(fixture.home.marker("1.0-1"), with: [UInt8](try JSONEncoder().encode(state)))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sleep")
        process.arguments = ["60"]
        process.environment = ["PREFIX": "\(disk)/releases/1.0-1", ProcessMark.variable: mark]
        try process.run()
        defer { process.terminate() }
        #expect(LeftoverProcesses(home: fixture.home).end() == .none)
        process.waitUntilExit()
        #expect(process.terminationReason == .uncaughtSignal)
    }

    @Test func aLinkThatLeadsNowhereIsAnError() throws {
        let fixture = try Fixture()
        try FileManager.default.createSymbolicLink(atPath: fixture.home.root, withDestinationPath: "/no/such/disk")
        #expect(throws: HostError.self) { try makeDirectory(fixture.home.releases) }
    }
}
