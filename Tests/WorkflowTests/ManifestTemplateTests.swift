import Foundation
import ServiceManifest
import Testing

@testable import Workflow

@Suite struct ManifestTemplateTests {
    private func template(name: String = "orders", requirements: [String] = ["python 3.12.*", "flask"])
        -> ManifestTemplate
    {
        ManifestTemplate(
            name: name, version: "1.10", target: "el9", channels: ["conda-forge"], requirements: requirements)
    }

    @Test func itIsAManifestAndIsNotWrittenTwice() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = try template().write(into: folder)
        let manifest = try Manifest.load(path: path)
        #expect(manifest.name == "orders" && manifest.rpm.version == "1.10")
        #expect(manifest.dependencies == ["python 3.12.*", "flask"])
        #expect(throws: WorkflowError.self) { try template().write(into: folder) }
    }

    @Test func whatNoManifestTakesIsRefused() {
        #expect(throws: ManifestError.self) { try template(name: "a name").write(into: "/nonexistent") }
        #expect(throws: ManifestError.self) { try template(requirements: [">=3"]).write(into: "/nonexistent") }
    }

    /// The comments become a manifest, too, once they are no comments any more.
    @Test func itsCommentsAreRight() throws {
        let lines = template().text.split(separator: "\n").map { $0.hasPrefix("  # ") ? "  " + $0.dropFirst(4) : $0 }
        let text = lines.joined(separator: "\n")
        let manifest = try Manifest.decode(Array(text.utf8), path: "environment.yml")
        #expect(manifest.rpm.commands == ["orders"] && manifest.rpm.services.count == 1)
    }
}
