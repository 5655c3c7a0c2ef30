import Foundation
import Testing

@testable import Workflow

@Suite struct FleetTests {
    /// Runs a test in a folder with empty files at these paths.
    private func withFiles(_ paths: [String], _ test: (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for path in paths {
            let file = "\(folder)/\(path)"
            let parent = (file as NSString).deletingLastPathComponent
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: file))
        }
        try await test(folder)
    }

    @Test func manifestsBelowAreFoundInOrder() async throws {
        let files = [
            "b/environment.yml", "a/x/environment.yml", "a/x/y/environment.yml", ".git/environment.yml", "c/z",
        ]
        try await withFiles(files) { folder in
            let fleet = try Fleet(below: [folder], template: ProjectSource())
            #expect(
                fleet.sources.map(\.inputs) == [["\(folder)/a/x/environment.yml"], ["\(folder)/b/environment.yml"]])
            #expect(try Fleet.isMeant(by: [folder]))
            #expect(try !Fleet.isMeant(by: ["\(folder)/b"]))
            #expect(try Fleet.isMeant(by: ["\(folder)/b", "\(folder)/a"]))
            #expect(try !Fleet.isMeant(by: ["flask"]))
            #expect(try !Fleet.isMeant(by: []))
            #expect(throws: WorkflowError.self) { try Fleet(below: ["\(folder)/c"], template: ProjectSource()) }
        }
    }

    @Test func outcomesKeepTheOrderOfTheManifests() async throws {
        let files = (0..<20).map { String(format: "s%02d/environment.yml", $0) }
        try await withFiles(files) { folder in
            let fleet = try Fleet(below: [folder], template: ProjectSource())
            let outcomes = await fleet.forEach { source in
                try? await Task.sleep(for: .milliseconds(source.inputs[0].hash & 7))
                return source.inputs[0]
            }
            #expect(outcomes == files.map { "\(folder)/\($0)" })
        }
    }
}
