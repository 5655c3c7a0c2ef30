import Foundation
import ServiceRelease
import Testing

@testable import HostLifecycle

/// The rule of who may change what root reads or runs.
@Suite struct OwnershipTests {
    private typealias Fixture = InstallationTests.Fixture

    /// A folder of its own; what is above it is taken for granted.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        var ownership: Ownership { Ownership(users: [geteuid()], base: path) }

        init() throws {
            for name in ["real/deep", "other"] { try makeDirectory("\(path)/\(name)") }
            try replaceDocument("\(path)/real/deep/file", with: [])
        }

        func setMode(_ name: String, _ mode: mode_t) { #expect(chmod("\(path)/\(name)", mode) == 0) }

        func link(_ name: String, to target: String) throws {
            try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
        }

        /// The path below this folder that is refused, with its mode.
        func refused(_ name: String) -> String? {
            do throws(HostError) {
                try ownership.require("\(path)/\(name)")
                return nil
            } catch {
                guard case .untrusted(let found, _, let mode, _) = error else { return "\(error)" }
                return "\(mode) \(found.dropFirst(path.count + 1))"
            }
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    @Test(arguments: [0o775, 0o757, 0o1777, 0o2775, 0o772])
    func everyDirectoryOnTheWayCounts(mode: mode_t) throws {
        let folder = try Folder()
        #expect(folder.refused("real/deep/file") == nil)
        #expect(folder.refused("real/deep/not-there/yet") == nil)
        folder.setMode("real", mode)
        let text = String(mode, radix: 8)
        let expected = "\(text.count == 3 ? "0" : "")\(text) real"
        for name in ["real", "real/deep", "real/deep/file", "real/./deep//../deep", "real/not-there/yet"] {
            #expect(folder.refused(name) == expected)
        }
        #expect(folder.refused("other") == nil)
    }

    @Test func linksAreFollowedAndTheirOwnDirectoriesCount() throws {
        let folder = try Folder()
        try folder.link("absolute", to: "\(folder.path)/real/deep")
        try folder.link("relative", to: "other/../absolute")
        try folder.link("other/up", to: "../real")
        try folder.link("circle", to: "circle")
        for name in ["absolute/file", "relative/file", "other/up/deep"] { #expect(folder.refused(name) == nil) }
        folder.setMode("real", 0o777)
        for name in ["absolute/file", "relative/file", "other/up/deep"] {
            #expect(folder.refused(name) == "0777 real")
        }
        folder.setMode("real", 0o755)
        folder.setMode("other", 0o775)
        #expect(folder.refused("other/up/deep") == "0775 other")
        #expect(folder.refused("relative/file") == "0775 other")
        #expect(folder.refused("absolute/file") == nil)
        #expect(folder.refused("circle")?.contains("cannot follow") == true)
    }

    @Test func anotherOwnerIsRefusedWithTheRemedy() throws {
        let folder = try Folder()
        let strict = Ownership(users: [geteuid() + 1], base: folder.path)
        let error = #expect(throws: HostError.self) { try strict.require("\(folder.path)/real/deep") }
        #expect(error?.description.contains("\(folder.path) belongs to ") == true)
        #expect(error?.description.contains("mode 0755") == true)
        #expect(error?.hint?.contains("chown -h root:root '\(folder.path)' && chmod go-w '\(folder.path)'") == true)
    }

    /// The way to folders for temporary files leads through one that is everybody's.
    @Test func theWholeWayFromTheRootIsLookedAt() throws {
        let root = "/tmp/\(UUID().uuidString)"
        let error = #expect(throws: HostError.self) { try Ownership.ofThisProcess.require(root) }
        #expect(error?.description.hasPrefix("/tmp belongs to ") == true)
        #expect(throws: HostError.self) { try ServiceHome(root: root).requireTrusted() }
    }

    @Test func allThatIsInATreeCounts() throws {
        let folder = try Folder()
        try folder.link("real/nowhere", to: "/not/there")
        func offences() throws -> [String] {
            try folder.ownership.offences(below: folder.path).map {
                "\($0.octalMode) \($0.path.dropFirst(folder.path.count + 1))"
            }
        }
        #expect(try offences() == [])
        folder.setMode("real/deep/file", 0o4755)
        folder.setMode("real/deep", 0o2755)
        folder.setMode("other", 0o775)
        #expect(try offences() == ["0775 other", "4755 real/deep/file"])
        try folder.ownership.seal(folder.path, takesOver: false)
        #expect(try offences() == [])
        #expect(status("\(folder.path)/real/deep/file").map { $0.st_mode & 0o7777 } == 0o755)
        #expect(try Ownership(users: []).offences(below: folder.path).count == 5)
    }

    /// Before anything changes, also its lock.
    @Test(arguments: ["", "/releases", "/bundle", "/bundle/1.0-1", "/bundle/1.0-1/micromamba", "/releases/.x.json.new"])
    func anInstallationRefusesAHomeThatOthersCanChange(place: String) throws {
        let fixture = try Fixture()
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa")
        try makeDirectory(fixture.home.releases)
        try replaceDocument("\(fixture.home.releases)/.x.json.new", with: [])
        let path = "\(fixture.home.root)\(place)"
        #expect(chmod(path, 0o777) == 0)
        let error = #expect(throws: HostError.self) { try fixture.install(bundle) }
        #expect(error?.description.hasPrefix("\(path) belongs to ") == true)
        #expect(fixture.home.serving() == nil && fixture.home.incompleteReleases().isEmpty)
        let status = Status.read(home: fixture.home, release: try Release(bundle: bundle))
        #expect(status.health == .down && status.reasons.contains { $0.hasPrefix("\(path) belongs to ") })
        let operations = Operations(home: fixture.home, bundle: bundle, events: fixture.events.add)
        #expect(throws: HostError.self) { try operations.repair() }
        #expect(throws: HostError.self) { try operations.activate("1.0-1") }
        #expect(throws: HostError.self) { try operations.rollback(to: nil, isForced: true) }
        #expect(throws: HostError.self) { try operations.remove() }
        #expect(throws: HostError.self) { try operations.run("true", [], environment: [:]) }
        #expect(throws: HostError.self) { try Verification(home: fixture.home).run() }
        #expect(chmod(path, 0o755) == 0)
        try fixture.install(bundle)
        #expect(fixture.home.serving() == "1.0-1")
    }

    @Test func whatAnInstallationLeavesFollowsTheRule() throws {
        let fixture = try Fixture()
        let script =
            Fixture.micromamba
            + "\nmkdir -m 2777 \"$prefix/open\"; : >\"$prefix/open/file\"; chmod 6766 \"$prefix/open/file\"\n"
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa", script: script))
        #expect(try fixture.home.ownership.offences(below: fixture.home.root) == [])
        #expect(status("\(fixture.home.release("1.0-1"))/open/file").map { $0.st_mode & 0o7777 } == 0o744)
    }

    @Test func anExposedFileIsFoundAndKeepsAReleaseFromServing() throws {
        let fixture = try Fixture()
        let home = fixture.home
        for version in ["1.0", "2.0"] {
            try fixture.install(fixture.addBundle(version, inputs: "\(version)aaaaaaaaaaaa"))
        }
        let bundle = "\(home.bundles)/2.0-1"
        let operations = Operations(home: home, bundle: bundle, events: fixture.events.add)
        for version in ["1.0", "2.0"] { #expect(chmod("\(home.release("\(version)-1"))/list", 0o664) == 0) }
        var error = #expect(throws: HostError.self) { try Verification(home: home).run() }
        #expect(error?.description.contains("exposed list: it belongs to ") == true)
        #expect(error?.description.contains("mode 0664") == true)
        error = #expect(throws: HostError.self) { try operations.rollback(to: nil) }
        #expect(error?.description.contains("exposed list") == true)
        #expect(throws: HostError.self) { try operations.rollback(to: nil, isForced: true) }
        // No package has it: nothing can be put in its place.
        error = #expect(throws: HostError.self) { try operations.repair() }
        #expect(error?.hint?.contains("\(home.release("2.0-1"))/list") == true)
        #expect(chmod("\(home.release("2.0-1"))/list", 0o644) == 0)
        try operations.repair()
        #expect(try Verification(home: home).run().identifier == "2.0-1")
    }

    @Test func foldersThatOthersCouldWriteToAreClosed() throws {
        let fixture = try Fixture()
        let home = fixture.home
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa")
        try fixture.install(bundle)
        let release = home.release("1.0-1")
        for place in ["", "/bin", "/conda-meta"] { #expect(chmod("\(release)\(place)", 0o1777) == 0) }
        #expect(chmod("\(release)/conda-meta/history", 0o666) == 0)
        let error = #expect(throws: HostError.self) { try Verification(home: home).run() }
        for name in [".", "bin", "conda-meta", "conda-meta/history"] {
            #expect(error?.description.contains("exposed \(name): ") == true)
        }
        try Operations(home: home, bundle: bundle, events: fixture.events.add).repair()
        #expect(fixture.events.all.contains("repaired 4 files"))
        #expect(try home.ownership.offences(of: release) == [])
        #expect(try Verification(home: home).run().identifier == "1.0-1")
    }

    /// What is beside the release knows how its records and its activation were.
    @Test func alteredRecordsAreFoundAndMadeAnew() throws {
        let fixture = try Fixture()
        let home = fixture.home
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa", frozen: true)
        try fixture.install(bundle)
        let before = try String(contentsOfFile: home.activation("1.0-1"), encoding: .utf8)
        try replaceDocument(home.activation("1.0-1"), with: Array("PATH=\"/home/eve\"\n".utf8))
        try replaceDocument("\(home.release("1.0-1"))/conda-meta/frozen", with: Array("{}".utf8))
        let error = #expect(throws: HostError.self) { try Verification(home: home).run() }
        #expect(error?.description.contains("changed activate.env") == true)
        #expect(error?.description.contains("changed conda-meta/frozen") == true)
        try Operations(home: home, bundle: bundle, events: fixture.events.add).repair()
        #expect(try String(contentsOfFile: home.activation("1.0-1"), encoding: .utf8) == before)
        #expect(try Verification(home: home).run().basis == "the archives of \(bundle)")
        try replaceDocument(home.document("1.0-1"), with: Array(try Release(bundle: bundle).json() + [0x20]))
        try removeTree(bundle)
        #expect(try Verification(home: home).run().basis == "its own records: its bundle is not here any more")
    }

    @Test func aDocumentThatSaysOtherThanTheBundleIsFound() throws {
        let fixture = try Fixture()
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa")
        try fixture.install(bundle)
        var document = try fixture.home.readDocument("1.0-1")
        document.checks = [.run("/home/eve/check")]
        try replaceDocument(fixture.home.document("1.0-1"), with: try document.json())
        let error = #expect(throws: HostError.self) { try Verification(home: fixture.home).run() }
        #expect(error?.description.contains("changed ../.1.0-1.json") == true)
        try Operations(home: fixture.home, bundle: bundle, events: fixture.events.add).repair()
        #expect(try fixture.home.readDocument("1.0-1").checks.isEmpty)
    }

    /// Names that are no text, and links that lead out.
    @Test func aTreeIsRemovedAndNothingBehindItsLinks() throws {
        let folder = try Folder()
        try folder.link("real/out", to: "\(folder.path)/other")
        try replaceDocument("\(folder.path)/other/kept", with: [])
        let name: [CChar] = Array("\(folder.path)/real/deep/".utf8CString.dropLast()) + [-1, -2, 0]
        let descriptor = open(name, O_CREAT | O_WRONLY | O_CLOEXEC, 0o644)
        #expect(descriptor != -1 && close(descriptor) == 0)
        try removeTree("\(folder.path)/real")
        #expect(!exists("\(folder.path)/real") && exists("\(folder.path)/other/kept"))
        try removeTree("\(folder.path)/real")
        try folder.link("link", to: "other")
        try removeTree("\(folder.path)/link")
        #expect(!exists("\(folder.path)/link") && exists("\(folder.path)/other/kept"))
    }
}
