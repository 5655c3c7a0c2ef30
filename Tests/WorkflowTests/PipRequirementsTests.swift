import CondaModel
import Foundation
import ServiceManifest
import Testing

@testable import Workflow

@Suite struct PipRequirementsTests {
    private func requirements(_ pip: String, rpm: String = "{}", files: [String: String] = [:]) throws
        -> PipRequirements
    {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for (name, text) in files { try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8) }
        let text = "dependencies: [python, {pip: \(pip)}]\nrpm: \(rpm)\n"
        return try PipRequirements(Manifest.decode(Array(text.utf8), path: "\(folder)/environment.yml"))
    }

    @Test func aRequirementsFileStandsForItsLines() throws {
        let file = """
            # what we need
            flask >=3  # the framework
            idna==3.10 \\
                --hash=sha256:abc \\
                --hash=sha256:def
            uvicorn[standard]; python_version < "3.14"
            git-url @ https://example.org/a.whl#sha256=1

            """
        let found = try requirements("[requests, -r r.txt]", files: ["r.txt": file])
        #expect(
            found.requirements == [
                "requests", "flask >=3", "idna==3.10", #"uvicorn[standard]; python_version < "3.14""#,
                "git-url @ https://example.org/a.whl#sha256=1",
            ])
        #expect(found.lockFiles.isEmpty)
    }

    @Test func optionsInItAreRefused() {
        for option in ["--index-url https://example.org", "-e .", "-c c.txt"] {
            #expect(throws: WorkflowError.self) { try requirements("[-r r.txt]", files: ["r.txt": option]) }
        }
        #expect(throws: WorkflowError.self) { try requirements("[-r absent.txt]") }
    }

    @Test func aLockIsKeptApart() throws {
        let found = try requirements("['-r pylock.toml']", files: ["pylock.toml": ""])
        #expect(found.requirements.isEmpty && found.lockFiles.count == 1)
        #expect(found.lockFiles[0].hasPrefix("/"))
    }

    /// However the list names a file, and once where `rpm.wheels` names it too.
    @Test func filesInTheListAreWheelsAtHand() throws {
        let wheel = "a_b-1.0-py3-none-any.whl"
        for line in ["./\(wheel)", wheel, "a-b @ file:///FOLDER/\(wheel)", "-r r.txt"] {
            let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
            defer { try? FileManager.default.removeItem(atPath: folder) }
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try "".write(toFile: "\(folder)/\(wheel)", atomically: true, encoding: .utf8)
            try "./\(wheel)\n".write(toFile: "\(folder)/r.txt", atomically: true, encoding: .utf8)
            let pip = line.replacing("/FOLDER", with: folder)
            let text = "dependencies: [python, {pip: ['\(pip)', requests]}]\nrpm: {wheels: [\(wheel)]}\n"
            let found = try PipRequirements(Manifest.decode(Array(text.utf8), path: "\(folder)/environment.yml"))
            #expect(found.localWheels.map(\.path) == ["\(folder)/\(wheel)"], "\(line)")
            #expect(found.requirements == ["requests"], "\(line)")
        }
        let remote = try requirements("['https://example.org/\(wheel)', 'x @ https://example.org/\(wheel)']")
        #expect(remote.localWheels.isEmpty && remote.requirements.count == 2)
    }

    @Test func wheelsAreKnownByTheirNames() throws {
        let wheel = "a_b-1.0-py3-none-any.whl"
        let found = try requirements("[]", rpm: "{wheels: [\(wheel)]}", files: [wheel: ""])
        #expect(found.localWheels.map(\.name) == ["a_b"] && found.localWheels.map(\.version) == ["1.0"])
        #expect(found.text.hasPrefix("a_b @ file:///"))
        #expect(throws: WorkflowError.self) { try requirements("[]", rpm: "{wheels: [absent-1-py3-none-any.whl]}") }
        #expect(throws: WorkflowError.self) { try requirements("[]", rpm: "{wheels: [a.whl]}", files: ["a.whl": ""]) }
    }
}

/// What uv is told of the conda packages.
@Suite struct WheelConstraintTests {
    private func record(_ name: String, _ version: String, depends: [String] = ["python >=3"]) throws -> PackageRecord {
        var record = PackageRecord(name: name, version: try Version(version), build: "0")
        record.depends = depends
        return record
    }

    @Test func onlyWhatADistributionCanBeIsAConstraint() throws {
        let records = try [
            record("python", "3.12.4", depends: []), record("flask", "3.1.3"), record("zlib", "1.3", depends: []),
            record("ruamel.yaml", "1!0.18rc1.post2.dev3"), record("_anaconda_depends", "2024.1"),
            record("git-versioned", "2.1.gdeadbee"), record("pytz", "2024a"), record("local", "1.0+cpu.1"),
        ]
        let lines = WheelResolution.constraints(records).split(separator: "\n")
        #expect(lines == ["flask==3.1.3", "ruamel.yaml==1!0.18rc1.post2.dev3", "pytz==2024a", "local==1.0+cpu.1"])
    }
}
