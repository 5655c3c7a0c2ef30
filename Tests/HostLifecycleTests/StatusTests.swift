import Foundation
import ServiceRelease
import Testing

@testable import HostLifecycle

/// What `status` asks, and of which release.
@Suite struct StatusTests {
    private typealias Fixture = InstallationTests.Fixture

    /// 1.0 asks for a file, 2.0 for another one.
    private func upgraded() throws -> (Fixture, Release) {
        let fixture = try Fixture()
        try makeDirectory(fixture.home.root)
        for version in ["1.0", "2.0"] { try replaceFile("\(fixture.home.root)/answers-\(version)", with: []) }
        var bundle = ""
        for version in ["1.0", "2.0"] {
            bundle = try fixture.addBundle(
                version, inputs: "\(version)aaaaaaaaaaaa", health: ["test -e \(fixture.home.root)/answers-\(version)"])
            try fixture.install(bundle)
        }
        return (fixture, try Release(bundle: bundle))
    }

    @Test func afterARollbackItAsksTheReleaseThatServes() throws {
        let (fixture, installed) = try upgraded()
        try Operations(home: fixture.home, bundle: "", events: fixture.events.add).rollback(to: nil)
        try removeTree("\(fixture.home.root)/answers-2.0")
        let answering = Status.read(home: fixture.home, release: installed)
        #expect(answering.serving == "1.0-1" && answering.installed == "2.0-1" && answering.health == .degraded)
        #expect(answering.reasons == ["the installed RPM is 2.0-1, but 1.0-1 serves"])
        try removeTree("\(fixture.home.root)/answers-1.0")
        let silent = Status.read(home: fixture.home, release: installed)
        #expect(silent.reasons.count == 2)
        #expect(silent.reasons.last?.contains("answers-1.0' failed") == true)
    }

    @Test func aRecordThatIsGoneIsTold() throws {
        let (fixture, installed) = try upgraded()
        try removeTree(fixture.home.document("2.0-1"))
        let status = Status.read(home: fixture.home, release: installed)
        #expect(status.health == .degraded)
        #expect(status.reasons.count == 1)
        #expect(status.reasons[0].contains("what 2.0-1 should run and answer is not known: cannot read"))
    }
}
