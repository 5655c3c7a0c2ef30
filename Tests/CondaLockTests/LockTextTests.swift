import CondaModel
import Foundation
import Testing

@testable import CondaLock

@Suite("conda-lock.yml, written") struct LockTextTests {
    @Test("The text is the golden one")
    func golden() throws {
        var lock = try Samples.lock(pip: ["orders-client ==1.2"], wheels: [Samples.wheel()])
        // The hash has tests of its own.
        lock.contentHash[.linux64] = String(repeating: "a", count: 64)
        #expect(lock.text == Self.goldenText)
    }

    @Test("Reading what was written gives the same lock and the same text")
    func roundTrip() throws {
        let lock = try Samples.lock(pip: ["orders-client ==1.2"], wheels: [Samples.wheel()])
        let again = try decode(lock.text)
        #expect(again.text == lock.text && again.origin == .ours)
        #expect(again.channels == lock.channels && again.platforms == lock.platforms && again.sources == lock.sources)
        #expect(again.contentHash == lock.contentHash && again.customMetadata == lock.customMetadata)
        #expect(Set(again.packages.map(\.url)) == Set(lock.packages.map(\.url)))
        #expect(try again.records(for: .linux64).map(\.name) == lock.records(for: .linux64).map(\.name))
    }

    @Test("The order in which packages come leaves no trace")
    func order() throws {
        let records = try Samples.records()
        let set = try Samples.requirements()
        let first = Lock([SolvedSet(requirements: set, records: records)], sources: [])
        let second = Lock([SolvedSet(requirements: set, records: records.reversed())], sources: [])
        #expect(first.text == second.text)
    }

    @Test("Platforms that were not locked again stay as they were, whatever manifest and channels are now")
    func adoptedPlatforms() throws {
        var elsewhere = try Samples.requirements()
        elsewhere.platform = .linuxAarch64
        let earlier = Lock([SolvedSet(requirements: elsewhere, records: try Samples.records())], sources: ["e.yml"])
        for (sources, channels) in [(["e.yml"], ["forge"]), (["other.yml"], ["forge"]), (["e.yml"], ["new", "forge"])] {
            let set = SolvedSet(requirements: try Samples.requirements(channels: channels), records: [])
            var lock = Lock([set], sources: sources)
            lock.adopt(earlier)
            lock = try decode(lock.text)
            #expect(lock.platforms == [.linux64, .linuxAarch64] && lock.sources == sources)
            #expect(lock.check(against: elsewhere).isAnswered)
            #expect(lock.channels(for: .linux64) == channels && lock.channels(for: .linuxAarch64) == ["forge"])
            // Each platform is held against its own channels.
            var changed = elsewhere
            changed.channels = channels + ["more"]
            let reasons = lock.check(against: changed).reasons.map(\.description)
            #expect(reasons.first?.hasSuffix("the lock was made with forge") == true)
        }
    }

    @Test("What is solved anew is replaced, and a group that got another name goes")
    func replaced() throws {
        let earlier = try Samples.lock()
        var lock = Lock(
            [SolvedSet(requirements: try Samples.requirements(), records: [try Samples.record("a", "1")])], sources: [])
        lock.adopt(earlier)
        #expect(lock.packages.map(\.name) == ["a"])
        let set = SolvedSet(requirements: try Samples.requirements(), records: [try Samples.record("a", "1")])
        var renamed = Lock([set], sources: [], category: "prod")
        renamed.adopt(earlier)
        #expect(renamed.packages.map(\.name) == ["a"])
    }

    @Test("A lock of another tool that is taken over keeps other platforms, groups and metadata")
    func takenOver() throws {
        let foreign = try decode(
            """
            version: 1
            metadata:
              content_hash: {linux-64: abc, osx-arm64: def}
              channels: [{url: elsewhere, used_env_vars: []}]
              platforms: [linux-64, osx-arm64]
              sources: [environment.yml, dev.yml]
              git_metadata: {git_sha: abc, git_user_name: 'x: y'}
              time_metadata: {created_at: '2024-01-01T00:00:00Z'}
              custom_metadata: {team: infra}
            package:
            - {name: old, version: '1', manager: conda, platform: linux-64, dependencies: {}, hash: {}, category: main,
               optional: false, url: 'https://conda.example.org/c/linux-64/old-1-0.conda'}
            - {name: tool, version: '1', manager: conda, platform: linux-64, dependencies: {}, hash: {}, category: dev,
               optional: true, url: 'https://conda.example.org/c/linux-64/tool-1-0.conda'}
            - {name: old, version: '1', manager: conda, platform: osx-arm64, dependencies: {}, hash: {}, category: main,
               optional: false, url: 'https://conda.example.org/c/osx-arm64/old-1-0.conda'}
            """)
        var lock = Lock(
            [SolvedSet(requirements: try Samples.requirements(), records: [try Samples.record("new", "2")])],
            sources: ["environment.yml"])
        lock.adopt(foreign)
        let again = try decode(lock.text)
        #expect(again.origin == .ours && again.text == lock.text)
        #expect(
            Set(again.packages.map { "\($0.name) \($0.platform) \($0.category)" })
                == ["new linux-64 main", "tool linux-64 dev", "old osx-arm64 main"])
        #expect(again.contentHash[Subdir(rawValue: "osx-arm64") ?? .noarch] == "def")
        #expect(again.sources == ["environment.yml", "dev.yml"])
        #expect(again.customMetadata["team"] == "infra")
        #expect(again.text.contains("git_sha: abc") && again.text.contains("created_at:"))
        #expect(again.channels(for: .linux64) == ["forge"])
    }

    @Test("A lock is ours when both marks say so")
    func marks() throws {
        let text = try Samples.lock().text
        #expect(try decode("# our team's\n\n" + text).origin == .ours)
        #expect(try decode("\u{FEFF}" + text).origin == .ours)
        #expect(try decode(text.replacing("\n", with: "\r\n")).origin == .ours)
        let withoutHead = text.split(separator: "\n").drop { $0.hasPrefix("#") }.joined(separator: "\n")
        #expect(try decode(withoutHead).origin == .condaLock, "conda-lock keeps metadata and no comment")
        #expect(try decode("# Generated by conda-lock\n" + withoutHead).origin == .condaLock)
        #expect(try decode(text.replacing("generator: conda-rpm", with: "team: a")).origin == .condaLock)
    }

    @Test("A merge conflict is named")
    func conflict() throws {
        let text = try Samples.lock().text
        let conflict = text.replacing("package:\n", with: "<<<<<<< HEAD\npackage:\n=======\n>>>>>>> other\n")
        for text in [conflict, "<<<<<<< HEAD\n" + text] {
            let error = #expect(throws: LockError.self) { try decode(text) }
            #expect(error?.description.contains("merge conflict") == true)
        }
    }

    @Test("Credentials do not get in")
    func credentials() throws {
        var record = try Samples.record("a", "1")
        record.url = "https://me:s3cret@conda.example.org/t/tk-s3cret/forge/linux-64/a-1-h0_0.conda"
        let set = try Samples.requirements(["a"], channels: ["https://me:s3cret@conda.example.org/t/tk-s3cret/forge"])
        let text = Lock([SolvedSet(requirements: set, records: [record])], sources: []).text
        #expect(!text.contains("s3cret"))
        #expect(text.contains("url: https://conda.example.org/forge/linux-64/a-1-h0_0.conda"))
    }

    @Test(
        "Scalars are quoted where any reader could take them for something else",
        arguments: [
            ("abc", "abc"), ("1.2.3", "1.2.3"), ("2024a", "2024a"), ("1.2", "'1.2'"), ("12", "'12'"), ("1e5", "'1e5'"),
            ("0x10", "'0x10'"), ("2024-01-01", "'2024-01-01'"), ("1:30", "'1:30'"), ("1_0", "'1_0'"), (".5", "'.5'"),
            ("true", "'true'"), ("No", "'No'"), ("null", "'null'"), ("~", "'~'"), ("", "''"), ("y", "'y'"),
            (">=1", "'>=1'"), ("a: b", "'a: b'"), ("a #b", "'a #b'"), ("it's", "it's"), ("'", "''''"), ("a:", "'a:'"),
            ("a\nb", "\"a\\nb\""), ("é", "'é'"), ("\u{2028}", "\"\\u2028\""), ("\u{1}", "\"\\x01\""), ("-", "'-'"),
            ("- a", "'- a'"), ("3.9.* *_cp39", "3.9.* *_cp39"), ("https://a/b", "https://a/b"), ("_x", "_x"),
        ])
    func scalars(text: String, expected: String) throws {
        #expect(YAMLText.scalar(text) == expected)
    }

    @Test("Writing replaces the file whole, and leaves a file that is right alone")
    func writing() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "conda-lock.yml").path
        let lock = try Samples.lock()
        #expect(try lock.write(to: path))
        #expect(try !lock.write(to: path), "nothing changed")
        #expect(try Lock.read(path: path).text == lock.text)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["conda-lock.yml"])
        #expect(throws: LockError.self) { try lock.write(to: folder.appending(path: "missing/conda-lock.yml").path) }
    }

    @Test("Writing follows a symbolic link, keeps permissions, and leaves what is read-only")
    func writingInPlace() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: "\(folder)/real", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let files = FileManager.default
        try files.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "real/lock")
        try files.createSymbolicLink(atPath: "\(folder)/two", withDestinationPath: "\(folder)/link")
        func mode() throws -> Int? {
            (try files.attributesOfItem(atPath: "\(folder)/real/lock")[.posixPermissions] as? NSNumber)?.intValue
        }
        #expect(try Samples.lock().write(to: "\(folder)/two"), "a link that leads nowhere yet")
        #expect(try files.destinationOfSymbolicLink(atPath: "\(folder)/link") == "real/lock")
        try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: "\(folder)/real/lock")
        let other = try Samples.lock(wheels: [Samples.wheel()])
        #expect(try other.write(to: "\(folder)/two"))
        #expect(try mode() == 0o640 && Lock.read(path: "\(folder)/real/lock").text == other.text)
        try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: "\(folder)/real/lock")
        let error = #expect(throws: LockError.self) { try Samples.lock().write(to: "\(folder)/link") }
        #expect(error?.description.contains("read-only") == true)
        #expect(try Lock.read(path: "\(folder)/real/lock").text == other.text)
        #expect(try files.contentsOfDirectory(atPath: "\(folder)/real") == ["lock"])
    }

    static let goldenText = """
        # Written by conda-rpm, readable by conda-lock. Do not edit: change the manifest and lock again with
        #     conda-rpm lock
        version: 1
        metadata:
          content_hash:
            linux-64: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
          channels:
          - url: forge
            used_env_vars: []
          platforms:
          - linux-64
          sources:
          - environment.yml
          custom_metadata:
            created_by: conda-rpm
            generator: conda-rpm
            requirements.linux-64: |-
              flask >=3
              python 3.12.*
              pip: orders-client ==1.2
            virtual_packages.linux-64: |-
              __glibc 2.34 0
              __unix 0 0
        package:
        - name: ca-certificates
          version: 2024.7.4
          manager: conda
          platform: linux-64
          dependencies:
            __unix: ''
          url: https://conda.example.org/forge/linux-64/ca-certificates-2024.7.4-hbcca054_0.conda
          hash:
            md5: 63612d63657274696669636174657332
            sha256: 323032342e372e3463612d636572746966696361746573323032342e372e3463
          build: hbcca054_0
          category: main
          optional: false
        - name: flask
          version: '3.0'
          manager: conda
          platform: linux-64
          dependencies:
            python: '>=3.9'
            werkzeug: '>=3'
          url: https://conda.example.org/forge/noarch/flask-3.0-pyhd8ed1ab_1.conda
          hash:
            md5: 666c61736b332e30666c61736b332e30
            sha256: 332e30666c61736b332e30666c61736b332e30666c61736b332e30666c61736b
          build: pyhd8ed1ab_1
          category: main
          optional: false
        - name: openssl
          version: 3.3.1
          manager: conda
          platform: linux-64
          dependencies:
            ca-certificates: ''
          url: https://conda.example.org/forge/linux-64/openssl-3.3.1-h4bc722e_1.conda
          hash:
            md5: 6f70656e73736c332e332e316f70656e
            sha256: 332e332e316f70656e73736c332e332e316f70656e73736c332e332e316f7065
          build: h4bc722e_1
          category: main
          optional: false
        - name: python
          version: 3.12.4
          manager: conda
          platform: linux-64
          dependencies:
            __glibc: '>=2.17,<3.0.a0'
            openssl: '>=3.3.1,<4.0a0'
          url: https://conda.example.org/forge/linux-64/python-3.12.4-h194c7f8_0_cpython.conda
          hash:
            md5: 707974686f6e332e31322e3470797468
            sha256: 332e31322e34707974686f6e332e31322e34707974686f6e332e31322e347079
          build: h194c7f8_0_cpython
          category: main
          optional: false
        - name: werkzeug
          version: 3.0.3
          manager: conda
          platform: linux-64
          dependencies:
            python: '>=3.8'
          url: https://conda.example.org/forge/noarch/werkzeug-3.0.3-pyhd8ed1ab_0.conda
          hash:
            md5: 7765726b7a657567332e302e33776572
            sha256: 332e302e337765726b7a657567332e302e337765726b7a657567332e302e3377
          build: pyhd8ed1ab_0
          category: main
          optional: false
        - name: orders-client
          version: '1.2'
          manager: pip
          platform: linux-64
          dependencies: {}
          url: https://pypi.example.org/orders_client-1.2-py3-none-any.whl
          hash:
            sha256: 6f72646572732d636c69656e746f72646572732d636c69656e746f7264657273
          category: main
          optional: false

        """
}
