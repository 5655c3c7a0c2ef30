import Foundation
import ServiceRelease
import Testing

@testable import HostLifecycle

/// rpm's own temporary files go, and nothing that only looks like one.
@Suite struct UnpackingRemainsTests {
    private typealias Fixture = InstallationTests.Fixture

    private func touch(_ path: String) throws {
        try makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
        try replaceDocument(path, with: [])
    }

    @Test(
        arguments: [
            ("program;5f3a09c1", "program"), ("a;b;00000000", "a;b"), ("program;5F3A09C1", nil),
            ("program;5f3a09c", nil),
            ("program;5f3a09c12", nil), (";5f3a09c1", nil), ("program", nil), ("program;5f3a09cg", nil),
        ] as [(String, String?)])
    func theFormIsExact(name: String, final: String?) {
        #expect(UnpackingRemains.finalName(name) == final)
    }

    @Test func whatAKilledUnpackingLeavesGoesWithTheNextInstallation() throws {
        let fixture = try Fixture()
        let home = fixture.home
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa"))
        let kept = ["1.0-1/notes;12345678", "1.0-1/release.json;1234"].map { "\(home.bundles)/\($0)" }
        let gone = [
            "bundle/1.0-1/release.json;12345678", "bundle/1.0-1/pkgs/noarch/a-1-0.conda;12345678",
            "bundle/3.0-1/conda-rpm-host;0badcafe", "releases/3.0-1/bin/python;0badcafe",
        ].map { "\(home.root)/\($0)" }
        for path in kept + gone { try touch(path) }
        try makeDirectory("\(home.release("3.0-1"))/lib/empty")
        try fixture.install(fixture.addBundle("2.0", inputs: "bbbbbbbbbbbb"))
        for path in kept { #expect(exists(path)) }
        for path in gone { #expect(!exists(path)) }
        #expect(!exists(home.release("3.0-1")) && !exists("\(home.bundles)/3.0-1"))
        #expect(fixture.events.all.contains("removed 4 files that a killed rpm was unpacking"))
    }

    @Test func aPayloadKeepsWhatItHas() throws {
        let fixture = try Fixture()
        let bundle = try fixture.unpack("1.0")
        let prefix = fixture.home.release("1.0-1")
        try touch("\(prefix)/bin/program;5f3a09c1")
        try touch("\(prefix)/var/queue;5f3a09c1")
        try fixture.install(bundle)
        #expect(!exists("\(prefix)/bin/program;5f3a09c1"))
        #expect(exists("\(prefix)/var/queue;5f3a09c1"))
    }

    @Test func whatIsOutsideOfTheHomeGoesByTheNamesOfTheRelease() throws {
        let fixture = try Fixture()
        let home = fixture.home
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa")
        var release = try Release(bundle: bundle)
        (release.commands, release.services, release.timers) = (["take"], ["web@1"], ["nightly"])
        try replaceDocument("\(bundle)/release.json", with: release.json())
        let gone = [
            "usr/bin/take;5f3a09c1", "usr/bin/orders-release;5f3a09c1", "usr/lib/systemd/system/web@.service;5f3a09c1",
            "usr/lib/systemd/system/nightly.timer;5f3a09c1", "usr/share/licenses/orders/a/LICENSE;5f3a09c1",
        ].map { "\(home.root)/system/\($0)" }
        let kept = ["usr/bin/other;5f3a09c1", "usr/bin/take", "usr/lib/systemd/system/web@.service;5f3a"].map {
            "\(home.root)/system/\($0)"
        }
        for path in gone + kept { try touch(path) }
        #expect(try UnpackingRemains(home: home, system: "\(home.root)/system").remove() == gone.count)
        for path in gone { #expect(!exists(path)) }
        for path in kept { #expect(exists(path)) }
    }

    /// Its package is in no database: rpm was killed when the files had their names.
    @Test func aBundleThatNoInstallationHasBegunGoes() throws {
        let fixture = try Fixture()
        let home = fixture.home
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa"))
        _ = try fixture.addBundle("2.0", inputs: "bbbbbbbbbbbb")
        _ = try fixture.unpack("3.0")
        try touch("\(home.bundles)/4.0-1/conda-rpm-host")
        try touch("\(home.bundles)/4.0-1/pkgs/noarch/a-1-0.conda")
        try ReleaseMarker(home: home, identifier: "2.0-1").begin("link the packages")
        try fixture.install(fixture.addBundle("5.0", inputs: "cccccccccccc"))
        #expect(ForeignFiles.names(in: home.bundles) == ["1.0-1", "2.0-1", "5.0-1"])
        #expect(!exists(home.release("3.0-1")))
        // The earlier package is still there when its upgrade begins, whatever became of its release.
        try fixture.install(fixture.addBundle("1.0", inputs: "dddddddddddd"))
        #expect(home.serving() == "1.0-1+dddddddd")
    }
}
