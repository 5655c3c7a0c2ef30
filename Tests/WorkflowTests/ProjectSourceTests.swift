import CondaModel
import Foundation
import ServiceManifest
import Testing

@testable import Workflow

/// What a command line means.
@Suite struct ProjectSourceTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

    /// A folder with a manifest, gone after the test.
    private func withManifest(_ text: String, _ test: (String) throws -> Void) throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try text.write(toFile: "\(folder)/environment.yml", atomically: true, encoding: .utf8)
        try test(folder)
    }

    private func project(
        _ inputs: [String], environment: [String: String] = [:], _ change: (inout ProjectSource) -> Void = { _ in }
    ) throws -> Project {
        var source = ProjectSource()
        source.inputs = inputs
        change(&source)
        return try source.project(environment: environment)
    }

    @Test func aFolderOrAFileIsAManifest() throws {
        try withManifest("name: a\nchannels: [c]\ndependencies: [python]\n") { folder in
            for input in [folder, "\(folder)/environment.yml"] {
                let project = try project([input])
                #expect(project.manifest.name == "a")
                #expect(project.manifestPath == "\(folder)/environment.yml")
                #expect(project.lockPath == "\(folder)/conda-lock.yml")
            }
        }
    }

    @Test func anythingElseIsARequirement() throws {
        let inputs = [
            "python 3.12.*", "flask", "conda-forge/linux-64::numpy", "https://example.org/noarch/a-1-0.conda",
        ]
        let project = try project(inputs) {
            $0.overrides.name = "x"
            $0.overrides.channels = ["c", "d"]
        }
        #expect(project.manifest.dependencies == inputs)
        #expect(project.manifest.channels == ["c", "d"])
        #expect(project.lockPath == "x.conda-lock.yml")
    }

    @Test func aManifestAmongRequirementsIsRefused() {
        #expect(throws: WorkflowError.self) { try project(["flask", "./environment.yml"]) }
        #expect(throws: WorkflowError.self) { try project(["/no/such/place"]) }
    }

    @Test func requirementsNeedAName() {
        #expect(throws: ManifestError.self) { try project(["flask"]) }
    }

    @Test func aLockAndANameNeedNoManifest() throws {
        let project = try project([]) {
            $0.overrides.name = "x"
            $0.lock = "pixi.lock"
            $0.lockEnvironment = "prod"
        }
        #expect(project.manifest.dependencies.isEmpty)
        #expect(project.lockReading(environment: [:]).environment == "prod")
    }

    @Test func withoutChannelsTheConfigurationDecides() throws {
        try withManifest("name: a\ndependencies: [python]\n") { folder in
            let own = ["HOME": folder]
            let standard = try project([folder], environment: own).manifest.channels
            #expect(standard == ["conda-forge"])
            let configured = own.merging(["CONDA_CHANNELS": "a,b"]) { $1 }
            let found = try project([folder], environment: configured).manifest.channels
            #expect(found == ["a", "b"])
        }
        try withManifest("name: a\nchannels: [nodefaults]\ndependencies: [python]\n") { folder in
            #expect(throws: WorkflowError.self) { try project([folder], environment: ["HOME": folder]) }
        }
    }

    @Test func platformsThatNoRPMIsForArePassedOver() throws {
        let head = "name: a\nchannels: [c]\ndependencies: [python]\nplatforms: "
        try withManifest(head + "[osx-arm64, linux-s390x, linux-ppc64le]\n") { folder in
            let project = try project([folder])
            #expect(project.platforms == [.linuxS390x, .linuxPpc64le])
            #expect(project.subdir == .linuxS390x)
            let flagged = try self.project([folder]) { $0.platform = "linux-aarch64" }
            #expect(flagged.platforms == [.linuxAarch64])
            #expect(throws: WorkflowError.self) { try self.project([folder]) { $0.platform = "osx-arm64" } }
        }
        try withManifest(head + "[osx-arm64]\n") { folder in
            #expect(throws: WorkflowError.self) { try project([folder]) }
        }
    }

    @Test func theManifestNamesItsGroup() throws {
        try withManifest("name: a\nchannels: [c]\ndependencies: [python]\ncategory: prod\n") { folder in
            let own = try project([folder])
            #expect(own.categories == ["prod"])
            let flagged = try project([folder]) { $0.categories = ["main", "dev"] }
            #expect(flagged.categories == ["main", "dev"])
        }
    }
}
