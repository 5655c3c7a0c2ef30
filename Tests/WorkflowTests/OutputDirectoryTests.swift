import Foundation
import Testing

@testable import Workflow

@Suite struct OutputDirectoryTests {
    private func built(_ releases: [String]) -> [OutputDirectory.Built] {
        releases.map { OutputDirectory.Built(path: "", release: $0, inputs: nil) }
    }

    @Test(
        arguments: [
            ([], "1.el9"), (["1.el9"], "2.el9"), (["9.el9", "10.el9", "2.el9"], "11.el9"), (["3"], "4.el9"),
            (["rc1"], "1.el9"),
        ] as [([String], String)])
    func theNextReleaseIsOneMore(releases: [String], expected: String) {
        #expect(OutputDirectory.nextRelease(after: built(releases), dist: ".el9") == expected)
    }

    @Test func aDirectoryThatCannotBeIsAnError() {
        #expect(throws: WorkflowError.self) { try OutputDirectory(path: "/etc/passwd/dist").check() }
        #expect(throws: WorkflowError.self) { try OutputDirectory(path: "/proc/none/dist").create() }
    }

    @Test func whatIsNoRPMIsNotCounted() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = OutputDirectory(path: folder.path)
        try output.check()
        #expect(!FileManager.default.fileExists(atPath: folder.path))
        try output.create()
        try Data("no rpm".utf8).write(to: folder.appendingPathComponent("orders-1.0-1.x86_64.rpm"))
        #expect(output.built(name: "orders", version: "1.0", architecture: "x86_64").isEmpty)
    }
}
