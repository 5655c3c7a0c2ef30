import Foundation
import RPMFormat
import ServiceManifest
import Testing

@testable import ServicePackaging

@Suite struct ServiceUserTests {
    @Test func aUserIsInTheGroupOfItsName() {
        let user = ServiceUser(name: "orders", group: "orders")
        #expect(user.lines == ["g orders -", "u orders - \"service user\" /"])
        #expect(user.commands.contains("groupadd --system 'orders'") && user.commands.contains("useradd --system"))
    }

    @Test func aGroupOfAnotherNameComesFirst() {
        let user = ServiceUser(name: "orders", group: "apps")
        #expect(user.lines == ["g apps -", "u orders -:apps \"service user\" /"])
    }

    @Test func rootIsNeverMadeAndItsGroupIs() {
        #expect(ServiceUser(name: "root", group: "root").lines.isEmpty)
        let user = ServiceUser(name: "root", group: "apps")
        #expect(user.lines == ["g apps -"])
        #expect(user.commands.contains("groupadd --system 'apps'") && !user.commands.contains("useradd"))
    }

    @Test func usersAreStatedOnce() throws {
        var second = Service(name: "worker", command: "celery")
        second.group = "apps"
        let users = ServiceUser.of(
            [Service(name: "orders", command: "gunicorn"), second, Service(name: "third", command: "x")],
            package: "orders")
        #expect(users.map(\.group) == ["orders", "apps"])
        let file = try #require(ServiceUser.unit(users, package: "orders"))
        #expect(file.path == "/usr/lib/sysusers.d/orders.conf")
        // The unit of the second names its group; the user itself is made once.
        #expect(file.text == "g orders -\nu orders - \"service user\" /\ng apps -\n")
        #expect(ServiceUser.unit([], package: "orders") == nil)
    }

    /// What `%add_sysuser` of rpm 4.19 and 6.0 prints for the same lines.
    @Test func rpmsOwnGeneratorProvidesTheSame() {
        #expect(
            ServiceUser.provides([ServiceUser(name: "orders", group: "orders")]).map(\.description) == [
                "group(orders) = ZyBvcmRlcnMgLQAA", "user(orders) = dSBvcmRlcnMgLSAic2VydmljZSB1c2VyIiAv",
            ])
        #expect(
            ServiceUser.provides([ServiceUser(name: "orders", group: "apps")]).map(\.description) == [
                "group(apps) = ZyBhcHBzIC0A", "user(orders) = dSBvcmRlcnMgLTphcHBzICJzZXJ2aWNlIHVzZXIiIC8A",
            ])
    }

    /// systemd is the judge of the file.
    @Test func systemdTakesTheFile() throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        let users = [ServiceUser(name: "orders", group: "orders"), ServiceUser(name: "worker", group: "apps")]
        let file = try #require(ServiceUser.unit(users, package: "orders"))
        for folder in ["etc", "usr/lib/sysusers.d"] {
            try FileManager.default.createDirectory(
                at: root.appendingPathComponent(folder), withIntermediateDirectories: true)
        }
        try Data(file.text.utf8).write(to: root.appendingPathComponent("usr/lib/sysusers.d/orders.conf"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["systemd-sysusers", "--root=\(root.path)"]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let people = try String(contentsOf: root.appendingPathComponent("etc/passwd"), encoding: .utf8)
        #expect(people.contains("orders:x:") && people.contains("worker:x:"))
        let groups = try String(contentsOf: root.appendingPathComponent("etc/group"), encoding: .utf8)
        #expect(groups.contains("orders:x:") && groups.contains("apps:x:"))
    }
}
