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

    @Test("Platforms that were not locked again stay as they were, unless the manifest or the channels are others")
    func adoptedPlatforms() throws {
        var elsewhere = try Samples.requirements()
        elsewhere.platform = .linuxAarch64
        let earlier = Lock([SolvedSet(requirements: elsewhere, records: try Samples.records())], sources: ["e.yml"])
        var lock = Lock([SolvedSet(requirements: try Samples.requirements(), records: [])], sources: ["e.yml"])
        lock.adopt(earlier)
        #expect(lock.platforms == [.linux64, .linuxAarch64])
        #expect(lock.check(against: elsewhere).isAnswered)
        var other = Lock([SolvedSet(requirements: try Samples.requirements(), records: [])], sources: ["other.yml"])
        other.adopt(earlier)
        #expect(other.platforms == [.linux64])
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
