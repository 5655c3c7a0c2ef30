import Foundation
import Testing

@testable import Workflow

@Suite struct OutputDirectoryTests {
    private func built(_ releases: [String]) -> [PublishedPackages.Package] {
        releases.map {
            PublishedPackages.Package(
                name: "orders", version: "1.0", release: $0, architecture: "x86_64", inputs: nil, place: "", path: nil)
        }
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
        #expect(output.built(name: "orders", architecture: "x86_64").isEmpty)
    }

    @Test func buildsOfOneServiceWaitForEachOther() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let output = OutputDirectory(path: folder)
        try output.create()
        let counter = "\(folder)/counter"
        try Data("0".utf8).write(to: URL(fileURLWithPath: counter))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<16 {
                group.addTask {
                    try? await output.whileLocked(for: "orders") {
                        let before = Int(try String(contentsOfFile: counter, encoding: .utf8)) ?? 0
                        try await Task.sleep(for: .milliseconds(2))
                        try Data("\(before + 1)".utf8).write(to: URL(fileURLWithPath: counter))
                    }
                }
            }
        }
        #expect(try String(contentsOfFile: counter, encoding: .utf8) == "16")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["counter"])
    }
}
