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
        for version in ["1.0", "2.0"] { try replaceDocument("\(fixture.home.root)/answers-\(version)", with: []) }
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

    /// 2.0 with a command, a script of the interpreter beside it.
    private func withCommand() throws -> (Fixture, bundle: String, prefix: String) {
        let fixture = try Fixture()
        let bundle = try fixture.addBundle("2.0", inputs: "aaaaaaaaaaaa")
        var release = try Release(bundle: bundle)
        release.commands = ["take"]
        try replaceDocument("\(bundle)/release.json", with: release.json())
        try fixture.install(bundle)
        let prefix = fixture.home.release("2.0-1")
        try replaceDocument("\(prefix)/bin/take", with: Array("#!\(prefix)/bin/python3\n".utf8), mode: 0o755)
        try replaceDocument("\(prefix)/bin/python3", with: [], mode: 0o755)
        return (fixture, bundle, prefix)
    }

    @Test(arguments: [
        ("activate.env", "activate.env is missing, which its units read"), ("bin/take", "bin/take is missing"),
        ("bin/python3", "bin/python3 is missing, which runs bin/take"),
    ])
    func whereNothingCanRunItIsDown(file: String, reason: String) throws {
        let (fixture, bundle, prefix) = try withCommand()
        let release = try Release(bundle: bundle)
        #expect(Status.read(home: fixture.home, release: release).health == .healthy)
        try removeTree("\(prefix)/\(file)")
        let status = Status.read(home: fixture.home, release: release)
        #expect(status.health == .down && status.serving == "2.0-1")
        #expect(status.reasons.first?.hasSuffix(reason) == true, "\(status.reasons)")
    }

    @Test(arguments: [("share/manual", Status.Health.degraded), ("lib/library", .down)])
    func whatIsMissingTellsHowBadItIs(file: String, health: Status.Health) throws {
        let (fixture, bundle, prefix) = try withCommand()
        for (name, files) in [("tool", ["bin/take", "lib/library"]), ("manual", ["share/manual"])] {
            let paths = files.map { #"{"_path": "\#($0)", "path_type": "hardlink"}"# }.joined(separator: ", ")
            let document = """
                {"name": "\(name)", "version": "1", "build": "0", "build_number": 0, "subdir": "noarch", "depends": [],
                 "fn": "\(name)-1-0.conda", "url": "file:///x/noarch/\(name)-1-0.conda", "channel": "file:///x",
                 "files": [\(files.map { "\"\($0)\"" }.joined(separator: ", "))],
                 "paths_data": {"paths_version": 1, "paths": [\(paths)]}}
                """
            try replaceDocument("\(prefix)/conda-meta/\(name)-1-0.json", with: Array(document.utf8))
        }
        for path in ["lib", "share"] { try makeDirectory("\(prefix)/\(path)") }
        for path in ["lib/library", "share/manual"] { try replaceDocument("\(prefix)/\(path)", with: []) }
        let release = try Release(bundle: bundle)
        #expect(Status.read(home: fixture.home, release: release).reasons == [])
        try removeTree("\(prefix)/\(file)")
        let status = Status.read(home: fixture.home, release: release)
        #expect(status.health == health)
        #expect(
            status.reasons.first?.contains("\(file) of \(health == .down ? "tool" : "manual")-1-0 is missing") == true)
    }
}
