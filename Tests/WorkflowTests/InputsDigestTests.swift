import CondaChannel
import CondaModel
import Foundation
import ServiceManifest
import ServicePackaging
import Testing

@testable import Workflow

/// What counts as a change, one kind of input at a time.
@Suite struct InputsDigestTests {
    private static let manifest = """
        name: orders
        channels: [conda-forge]
        dependencies: [python 3.12.*, flask >=3]
        variables: {A: b}
        rpm:
          version: 1.0
          checks: [{import: flask}]
        """

    private final class Fixture {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)

        init(files: [String: String]) throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (name, text) in files {
                try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
            }
        }

        deinit { try? FileManager.default.removeItem(at: folder) }
    }

    private func digest(
        _ manifest: String = InputsDigestTests.manifest, files: [String: String] = [:], records: [PackageRecord] = [],
        hostTool: String = "tool", environment: [String: String] = [:]
    ) throws -> String {
        let fixture = try Fixture(
            files: files.merging(["environment.yml": manifest, "host-tool": hostTool]) { $1 })
        var source = ProjectSource()
        source.inputs = [fixture.folder.path]
        source.platform = "linux-64"
        let project = try source.project(environment: [:])
        return try BuildInputs(
            project: project, locked: LockedPackages(records: records),
            hostTool: HostTool(
                fixture.folder.appendingPathComponent("host-tool").path,
                cache: CacheDirectory(path: fixture.folder.appendingPathComponent("cache").path)),
            bootstrap: nil, environment: environment
        ).digest
    }

    private func record(_ version: String, sha256: Character = "a") throws -> PackageRecord {
        PackageRecord(
            name: "flask", version: try Version(version), build: "0", sha256: String(repeating: sha256, count: 64),
            url: "https://example.org/noarch/flask-\(version)-0.conda")
    }

    @Test(arguments: ["yesterday", "-1", "1.5", "99999999999"])
    func aTimeThatIsNoneIsRefused(text: String) throws {
        let error = #expect(throws: WorkflowError.self) { try digest(environment: ["SOURCE_DATE_EPOCH": text]) }
        #expect(error?.description == "SOURCE_DATE_EPOCH: expected seconds since 1970, found '\(text)'")
    }

    @Test func formattingAndOrderOfKeysAreNoChange() throws {
        let other = """
            # the same, written differently
            rpm: {checks: [ {import: "flask"} ], version: "1.0"}
            variables:
              A: 'b'
            dependencies:
              - python 3.12.*
              - flask >=3
            channels: ["conda-forge"]
            name: orders
            """
        #expect(try digest(other) == digest())
    }

    @Test(arguments: [
        ("name: orders", "name: other"), ("flask >=3", "flask >=2"), ("{A: b}", "{A: c}"), ("1.0", "1.1"),
        ("import: flask", "import: numpy"), ("[conda-forge]", "[conda-forge, bioconda]"),
        ("  version: 1.0", "  version: 1.0\n  keep: 2"), ("  version: 1.0", "  version: 1.0\n  frozen: false"),
        ("  version: 1.0", "  version: 1.0\n  target: el8"),
    ])
    func everythingInTheManifestIsAChange(old: String, new: String) throws {
        let changed = Self.manifest.replacing(old, with: new)
        #expect(changed != Self.manifest)
        #expect(try digest(changed) != digest())
    }

    @Test func whatIsTheDefaultAnywayIsNoChange() throws {
        let spelled = Self.manifest.replacing("{A: b}", with: "{a: b}") + "\n  frozen: true"
        #expect(try digest(spelled) == digest())
    }

    /// Where on the build machine a wheel lies is no input, and in no RPM.
    @Test func theFolderOfAWheelInThePipListIsNotKept() throws {
        let pip = "dependencies: [python 3.12.*, flask >=3, {pip: [FOLDER/tool-1-py3-none-any.whl]}]"
        let manifest = Self.manifest.replacing("dependencies: [python 3.12.*, flask >=3]", with: pip)
        let digests = try ["", "/other"].map { folder in
            let fixture = try Fixture(files: ["tool-1-py3-none-any.whl": "wheel"])
            return try digest(
                manifest.replacing("FOLDER", with: fixture.folder.path + folder + (folder.isEmpty ? "" : "/..")))
        }
        #expect(digests[0] == digests[1])
    }

    @Test func aByteInAnExtraFileIsAChange() throws {
        let manifest = Self.manifest + "\n  files: [{source: a.ini, destination: /etc/a.ini}]"
        let one = try digest(manifest, files: ["a.ini": "x"])
        #expect(try digest(manifest, files: ["a.ini": "x"]) == one)
        #expect(try digest(manifest, files: ["a.ini": "y"]) != one)
    }

    @Test func aByteInAScriptIsAChange() throws {
        let manifest = Self.manifest + "\n  scripts: {post: {file: post.sh}}"
        #expect(try digest(manifest, files: ["post.sh": "true"]) != digest(manifest, files: ["post.sh": "false"]))
    }

    @Test func theLockIsAnInput() throws {
        let one = try digest(records: [record("3.0")])
        #expect(try digest(records: [record("3.1")]) != one)
        #expect(try digest(records: [record("3.0", sha256: "b")]) != one)
    }

    @Test func theHostToolAndTheEpochAreInputs() throws {
        #expect(try digest(hostTool: "newer") != digest())
        #expect(try digest(environment: ["SOURCE_DATE_EPOCH": "1700000000"]) != digest())
    }

    @Test(arguments: ["[https://u:secret@h.org/c]", "[https://h.org/t/secret/c]"])
    func credentialsAreNoInputAndNotKept(channels: String) throws {
        let changed = Self.manifest.replacing("[conda-forge]", with: channels)
        #expect(try digest(changed) == digest(Self.manifest.replacing("[conda-forge]", with: "[https://h.org/c]")))
        var source = ProjectSource()
        let fixture = try Fixture(files: ["environment.yml": changed])
        source.inputs = [fixture.folder.path]
        let project = try source.project(environment: [:])
        #expect(!(try InputsDigest.manifest(project)).contains("secret"))
    }

    /// The manifest as it counts, with a wheel in its `pip:` list.
    private func digest(withWheel wheel: String) throws -> String {
        let pip = "dependencies: [python, pip, {pip: ['\(wheel)']}]\n"
        let fixture = try Fixture(files: ["environment.yml": "name: orders\nchannels: [conda-forge]\n\(pip)"])
        var source = ProjectSource()
        source.inputs = [fixture.folder.path]
        let text = try InputsDigest.manifest(try source.project(environment: [:]))
        #expect(!text.contains("/home"))
        return text
    }

    @Test func theFoldersOfTheBuildMachineAreNoInput() throws {
        func changed(_ folder: String) -> String {
            Self.manifest.replacing("[conda-forge]", with: "[file://\(folder)/chan]")
                + "\n  files: [{source: \(folder)/a.ini, destination: /etc/a.ini}]"
        }
        func text(_ folder: String) throws -> String {
            var source = ProjectSource()
            let fixture = try Fixture(files: ["environment.yml": changed(folder)])
            source.inputs = [fixture.folder.path]
            return try InputsDigest.manifest(try source.project(environment: [:]))
        }
        #expect(try text("/home/me") == text("/srv"))
        #expect(
            try digest(withWheel: "/home/me/lib-1.0-py3-none-any.whl")
                == digest(withWheel: "file:///srv/lib-1.0-py3-none-any.whl"))
        #expect(
            try digest(withWheel: "lib @ file:///home/me/lib-1.0-py3-none-any.whl")
                == digest(withWheel: "lib@file:///srv/lib-1.0-py3-none-any.whl"))
        #expect(try !text("/home/me").contains("/home") && text("/srv").contains("/etc/a.ini"))
    }

    @Test(arguments: [
        [
            "file:///srv/chan", "/srv/chan", "/srv/chan/", "file:///srv/chan/", "file://localhost/srv/chan",
            "/srv/./x/../chan",
        ],
        ["https://h.org/c", "https://h.org/c/", "https://h.org/c/linux-64", "https://user:secret@h.org/c"],
        ["conda-forge", "conda-forge/", "https://conda.anaconda.org/conda-forge"],
        ["./chan", "chan/../chan", "./chan/"].map { "./\($0)" },
    ])
    func theSpellingOfAChannelIsNoChange(spellings: [String]) throws {
        let digests = try spellings.map { spelling in
            try digest(Self.manifest.replacing("[conda-forge]", with: "['\(spelling)']"))
        }
        #expect(Set(digests).count == 1)
        #expect(try digests[0] != digest(Self.manifest.replacing("[conda-forge]", with: "[other]")))
    }

    @Test func theSpellingOfARequirementsChannelIsNoChange() throws {
        let digests = try ["file:///srv/chan::flask", "/srv/chan/::flask", "file:///srv/chan/::flask"].map { text in
            try digest(Self.manifest.replacing("flask >=3", with: "'\(text)'"))
        }
        #expect(Set(digests).count == 1)
        #expect(try digest(Self.manifest.replacing("flask >=3", with: "other::flask")) != digests[0])
    }

    @Test func theReleaseNumberIsNone() throws {
        #expect(try digest(Self.manifest + "\n  release: 7") == digest())
    }
}
