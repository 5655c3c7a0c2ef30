import CondaPrefix
import Foundation
import ServiceRelease
import Testing

@testable import HostLifecycle

/// Whom checks run as.
@Suite struct CheckUserTests {
    private typealias Fixture = InstallationTests.Fixture

    private func release(_ user: String?) throws -> Release {
        let fixture = try Fixture()
        var release = try Release(bundle: try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa"))
        release.checkUser = user
        return release
    }

    @Test func rootIsOnlyWhoTheReleaseMakesRoot() throws {
        #expect(try CheckUser(release(nil), caller: 0).name == "nobody")
        #expect(try CheckUser(release("root"), caller: 0).name == nil)
        #expect(try CheckUser(release("no-such-user-here"), caller: 1000).name == nil)
        let error = #expect(throws: HostError.self) { try CheckUser(release("no-such-user-here"), caller: 0) }
        #expect(error?.description == "the checks run as 'no-such-user-here', and this host has no such user")
        #expect(error?.hint?.contains("check_user") == true)
    }

    @Test func whoeverHasNoChecksNeedsNoUser() throws {
        let fixture = try Fixture()
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa")
        var release = try Release(bundle: bundle)
        release.checkUser = "no-such-user-here"
        try replaceDocument("\(bundle)/release.json", with: try release.json())
        try fixture.install(bundle)
        #expect(Status.read(home: fixture.home, release: release).health == .healthy)
    }

    @Test func accountsAreReadFromTheFiles() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? removeTree(folder) }
        try makeDirectory(folder)
        let passwd = """
            # a comment
            +@netgroup::::::
            broken:x:1
            orders:x:991:990:service user:relative:/sbin/nologin
            orders2:x:992:992::/var/lib/orders:/sbin/nologin
            """
        try replaceDocument("\(folder)/passwd", with: Array(passwd.utf8))
        try replaceDocument("\(folder)/group", with: Array("a:x:5:orders,x\nb:x:6:orders2\nc:x:7:x,orders\nbad".utf8))
        var expected = Account(name: "orders", user: 991, group: 990)
        expected.groups = [5, 7]
        #expect(Account.find("orders", in: folder) == expected)
        #expect(Account.find("orders2", in: folder)?.home == "/var/lib/orders")
        #expect(Account.name(of: 992, in: folder) == "orders2")
        for name in ["broken", "+@netgroup", "no-such-user-here"] { #expect(Account.find(name, in: folder) == nil) }
    }

    /// Without a right of root's, and without a way back to one.
    @Test func checksHaveNoPowers() throws {
        let fixture = try Fixture()
        let checks: [Check] = [
            .run("test \"$(id -u)\" != 0"), .run("test -z \"$(id -G | tr ' ' '\\n' | grep -x 0)\""),
            .run("grep -q 'CapPrm:.0000000000000000' /proc/self/status"),
            .run("grep -q 'NoNewPrivs:.1' /proc/self/status"),
            .run("grep -q 'CapAmb:.0000000000000000' /proc/self/status"),
            .run("! touch file 2>&1"), .run("echo seen >/dev/stderr"), .run("test \"$USER\" = \"$(id -un)\""),
        ]
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa", checks: geteuid() == 0 ? checks : [])
        try fixture.install(bundle)
        #expect(fixture.home.serving() == "1.0-1")
        #expect(fixture.events.all.contains("running 8 checks as nobody") == (geteuid() == 0))
    }

    /// The error names the user and the key.
    @Test func aCheckThatOnlyRootPassesSaysSo() throws {
        let fixture = try Fixture()
        let secret = "\(fixture.home.root)/secret"
        try makeDirectory(fixture.home.root)
        try replaceDocument(secret, with: Array("x".utf8), mode: 0o600)
        let bundle = try fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa", checks: [.run("cat \(secret)")])
        if geteuid() == 0 {
            let error = #expect(throws: HostError.self) { try fixture.install(bundle) }
            #expect(error?.description.contains("failed as nobody with exit status 1") == true)
            #expect(error?.hint?.contains("it ran as nobody: with 'check_user: root'") == true)
        }
        var release = try Release(bundle: bundle)
        release.checkUser = "root"
        try replaceDocument("\(bundle)/release.json", with: try release.json())
        try fixture.install(bundle)
        #expect(fixture.home.serving() == "1.0-1")
    }

    @Test func healthRunsAsTheSameUser() throws {
        let fixture = try Fixture()
        let answer = geteuid() == 0 ? "test \"$(id -un)\" = nobody" : "true"
        try fixture.install(fixture.addBundle("1.0", inputs: "aaaaaaaaaaaa", health: [answer]))
        let bundle = try fixture.addBundle("2.0", inputs: "bbbbbbbbbbbb", health: ["false"])
        let error = #expect(throws: HostError.self) { try fixture.install(bundle) }
        #expect(error?.description.contains("'false' failed\(geteuid() == 0 ? " as nobody" : "") with") == true)
    }

    /// In a user namespace of one user nobody else can be made, and its root is nobody special.
    @Test func aNamespaceWithoutTheUserIsTold() throws {
        let error = PrefixError.cannotRun("/bin/sh", problem: "this user namespace has no such user")
        #expect(error.isOfUnmappedUser)
        #expect(!PrefixError.cannotRun("/bin/sh", problem: "Permission denied").isOfUnmappedUser)
    }
}
