import Foundation
import ServiceRelease
import Testing

@testable import HostLifecycle

/// What serves comes back from where it was set aside, wherever rpm was killed while it removed it.
@Suite struct SettlingTests {
    private typealias Fixture = InstallationTests.Fixture

    /// 1.0 serves and was set aside; rpm has removed what `remove` says.
    private func killed(_ remove: (Fixture) throws -> Void) throws -> (Fixture, Operations) {
        let fixture = try Fixture()
        try fixture.beginUpgrade()
        try remove(fixture)
        return (fixture, Operations(home: fixture.home, bundle: "\(fixture.home.bundles)/1.0-1") { _ in })
    }

    @Test func aStartPutsBackWhatIsMissingAndNothingElse() throws {
        let (fixture, operations) = try killed { try removeTree("\($0.home.release("1.0-1"))/bin") }
        let home = fixture.home
        try replaceDocument("\(home.release("1.0-1"))/written-since", with: [])
        try replaceDocument("\(home.release("1.0-1"))/activate.env", with: Array("A=\"b\"\n".utf8))
        // An installation that restarts the service holds the lock.
        let lock = try HomeLock(home)
        try operations.restoreServing()
        _ = consume lock
        #expect(exists("\(home.release("1.0-1"))/bin/program"))
        #expect(exists("\(home.release("1.0-1"))/written-since"))
        #expect(try String(contentsOfFile: home.activation("1.0-1"), encoding: .utf8) == "A=\"b\"\n")
        // rpm may go on to remove it.
        #expect(exists("\(home.aside("1.0-1"))/bin/program"))
    }

    @Test func whatRpmWasUnpackingDoesNotComeBack() throws {
        let (fixture, operations) = try killed { try removeTree("\($0.home.release("1.0-1"))/bin") }
        let home = fixture.home
        try replaceDocument("\(home.aside("1.0-1"))/bin/program;0123abcd", with: [])
        try operations.settle()
        #expect(exists("\(home.release("1.0-1"))/bin/program"))
        #expect(!exists("\(home.release("1.0-1"))/bin/program;0123abcd"))
    }

    @Test func aReleaseOfWhichNothingIsLeftComesBack() throws {
        let (fixture, operations) = try killed {
            try removeTree($0.home.release("1.0-1"))
            try removeTree("\($0.home.bundles)/1.0-1")
        }
        #expect(fixture.home.serving() == nil)
        try operations.restoreServing()
        #expect(fixture.home.serving() == "1.0-1")
        try operations.settle()
        #expect(!exists(fixture.home.aside("1.0-1")))
        #expect(exists("\(fixture.home.release("1.0-1"))/bin/program"))
    }

    /// rpm still believes that it owns it, and will remove it when it is asked to.
    @Test func whatRPMMayRemoveOnceMoreStaysAside() throws {
        let (fixture, operations) = try killed { try removeTree("\($0.home.release("1.0-1"))/bin") }
        try operations.settle()
        #expect(exists("\(fixture.home.release("1.0-1"))/bin/program"))
        #expect(exists(fixture.home.aside("1.0-1")))
        try fixture.removePackage("1.0")
        try operations.settle()
        #expect(exists("\(fixture.home.release("1.0-1"))/bin/program"))
    }

    @Test func aSecondUpgradeSetsAsideAWholeTree() throws {
        let (fixture, operations) = try killed { try removeTree("\($0.home.release("1.0-1"))/bin") }
        try operations.setAside(but: "3.0-1")
        #expect(exists("\(fixture.home.aside("1.0-1"))/bin/program"))
        // Its bundle may be gone already while rpm still has the package in its database.
        try removeTree("\(fixture.home.bundles)/1.0-1")
        try removeTree(fixture.home.aside("1.0-1"))
        try operations.setAside(but: "3.0-1")
        #expect(exists("\(fixture.home.aside("1.0-1"))/bin/program"))
    }

    @Test func anInstallationOfTheSameReleaseForgetsTheEarlierTree() throws {
        let fixture = try Fixture()
        try fixture.beginUpgrade()
        try removeTree("\(fixture.home.release("1.0-1"))/bin/program")
        try fixture.install("\(fixture.home.bundles)/1.0-1")
        #expect(!exists("\(fixture.home.release("1.0-1"))/bin/program"))
        #expect(!exists(fixture.home.aside("1.0-1")))
    }

    /// An upgrade failed, and its package was erased again.
    @Test func whatNobodyCanFinishIsForgotten() throws {
        let fixture = try Fixture()
        try fixture.beginUpgrade()
        let home = fixture.home
        let second = try fixture.unpack("2.0", checks: [.run("exit 1")])
        #expect(throws: HostError.self) { try fixture.install(second) }
        let operations = Operations(home: home, bundle: "\(home.bundles)/1.0-1") { _ in }
        try operations.settle()
        #expect(home.incompleteReleases().map(\.identifier) == ["2.0-1"])
        try fixture.removePackage("2.0")
        try operations.settle()
        #expect(home.incompleteReleases().isEmpty && !exists(home.release("2.0-1")))
        #expect(Status.read(home: home, release: try Release(bundle: "\(home.bundles)/1.0-1")).health == .healthy)
    }
}
