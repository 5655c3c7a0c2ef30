import Foundation
import Testing

@testable import HostLifecycle

@Suite struct HostHintTests {
    @Test(arguments: [
        (["yum"], "yum reinstall orders"), (["dnf"], "dnf reinstall orders"), (["dnf", "yum"], "dnf reinstall orders"),
        ([], "dnf reinstall orders"),
    ])
    func theHostsPackageManagerIsNamed(programs: [String], expected: String) throws {
        let root = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: root) }
        let folder = root.appendingPathComponent("usr/bin")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for name in programs { try Data().write(to: folder.appendingPathComponent(name)) }
        let hint = try #require(HostError.archiveMissing(path: "/opt/orders/bundle/1-1/a.conda").hint)
        #expect(HostHint.text(hint, service: "orders", root: root.path) == "put the bundle back with: \(expected)")
    }

    @Test func theServiceIsNamedInWordsOnly() {
        let hint = "put MY-NAME back: dnf downgrade NAME-1.0-1; NAME-release rollback"
        #expect(
            HostHint.text(hint, service: "orders", root: "/nowhere")
                == "put MY-NAME back: dnf downgrade orders-1.0-1; orders-release rollback")
    }
}
