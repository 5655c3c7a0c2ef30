import CondaModel
import Testing

@testable import CondaLock

@Suite("conda-lock.yml, read") struct CondaLockReaderTests {
    /// As conda-lock and mamba write it: keys in any order, channels as text, a package in two groups, pip packages.
    static let foreign = """
        metadata:
          channels:
          - conda-forge
          - url: https://user:word@conda.example.org/t/${TOKEN}/private
            used_env_vars: [TOKEN]
          content_hash: {linux-64: abc, osx-64: def}
          platforms: [linux-64, osx-64]
          sources: [environment.yml, dev.yml]
          time_metadata: {created_at: '2024-01-01T00:00:00Z'}
        package:
        - category: main
          dependencies: {python: '>=3.9,<3.10.0a0 *_cpython', libfoo: ''}
          hash: {md5: D7C89558BA9FA0495403155B64376D81, sha256: ''}
          manager: conda
          name: six
          optional: false
          platform: linux-64
          url: https://user:word@conda.example.org/t/${TOKEN}/private/noarch/six-1.16.0-pyh6c4a22f_0.tar.bz2
          version: 1.16.0
        - {name: six, version: 1.16.0, manager: conda, platform: linux-64, dependencies: {}, hash: {}, category: dev,
           optional: true, url: 'https://conda.example.org/t/x/private/noarch/six-1.16.0-pyh6c4a22f_0.tar.bz2'}
        - {name: python, version: 3.9.19, manager: conda, platform: linux-64, hash: {}, optional: false,
           url: 'https://conda.example.org/c/linux-64/python-3.9.19-h0755675_101_cpython.conda', dependencies: null}
        - {name: orders, version: '2', manager: pip, platform: linux-64, hash: {sha256: 0123}, optional: false,
           url: 'git+https://example.com/orders.git'}
        version: 1
        """

    @Test("A foreign lock")
    func foreignLock() throws {
        var reading = LockReading()
        reading.variables = ["TOKEN": "tk-s3cret"]
        let lock = try decode(Self.foreign, reading)
        #expect(lock.origin == .condaLock)
        #expect(lock.channels == ["conda-forge", "https://conda.example.org/private"])
        #expect(lock.contentHash[.linux64] == "abc" && lock.platforms.count == 2)
        let six = try #require(lock.packages.first)
        #expect(six.url == "https://conda.example.org/private/noarch/six-1.16.0-pyh6c4a22f_0.tar.bz2")
        #expect(six.privateURL?.value.contains("user:word@conda.example.org/t/tk-s3cret/private") == true)
        #expect(six.md5 == "d7c89558ba9fa0495403155b64376d81" && six.sha256 == nil)
        #expect(!"\(lock)".contains("s3cret") && !String(reflecting: lock).contains("word"))
        #expect(!lock.text.contains("s3cret") && !lock.text.contains("word@"))
    }

    @Test("Records of a foreign lock: one per package, dependencies first, what the URL tells")
    func records() throws {
        let lock = try decode(Self.foreign)
        let records = try lock.records(for: .linux64)
        #expect(records.map(\.name) == ["python", "six"])
        let (python, six) = (records[0], records[1])
        #expect(python.build == "h0755675_101_cpython" && python.buildNumber == 0 && python.subdir == "linux-64")
        #expect(six.build == "pyh6c4a22f_0" && six.noarch == .python && six.subdir == "noarch")
        #expect(six.depends == ["libfoo", "python >=3.9,<3.10.0a0 *_cpython"])
        #expect(six.channel == "https://conda.example.org/private" && six.fileName == "six-1.16.0-pyh6c4a22f_0.tar.bz2")
        #expect(try lock.records(for: .linux64, categories: ["dev"]).map(\.name) == ["six"])
        #expect(try lock.records(for: .osx64).isEmpty)
    }

    @Test("A platform the lock does not have")
    func otherPlatform() throws {
        let error = #expect(throws: LockError.self) { try decode(Self.foreign).records(for: .linuxAarch64) }
        #expect(error?.description.contains("no packages for linux-aarch64; found linux-64, osx-64") == true)
        #expect(error?.hint?.contains("platforms:") == true)
    }

    @Test("A source distribution is refused with the remedy")
    func sourceDistribution() throws {
        let error = #expect(throws: LockError.self) { try decode(Self.foreign).wheels(for: .linux64) }
        #expect(error?.description.contains("orders: expected a wheel, found \"orders.git\"") == true)
        #expect(error?.hint?.contains("rpm.wheels") == true)
    }

    static let refused: [(old: String, new: String, description: String)] = [
        ("version: 1\n", "version: 2\n", "conda-lock.yml:26:10: version: expected format version 1, found \"2\""),
        ("platforms: [linux-64, osx-64]", "platforms: [noarch]", "metadata.platforms[0]: expected a platform such as"),
        ("platforms: [linux-64, osx-64]", "platforms: [osx-64]", "package[0].platform: expected one of the lock's"),
        ("metadata:", "metadatas:", "a conda-lock.yml has no \"metadata\""),
        ("  manager: conda\n", "  manager: apt\n", "package[0].manager: expected conda or pip, found \"apt\""),
        ("  name: six\n", "", "package[0]: a package has no \"name\""),
        ("D7C89558BA9FA0495403155B64376D81", "D7C8", "package[0].hash.md5: expected 32 hexadecimal digits"),
        ("sha256: ''", "sha256: \(String(repeating: "g", count: 64))", "package[0].hash.sha256: expected 64"),
        ("optional: false\n", "optional: perhaps\n", "package[0].optional: expected true or false"),
        ("{python: '>=3.9", "{python: ['>=3.9'], p: '", "package[0].dependencies.python: expected text, found a list"),
        ("package:\n", "package: {}\nold:\n", "package: expected a list of packages, found an empty mapping"),
    ]

    @Test("What is wrong, and where", arguments: refused)
    func refusal(old: String, new: String, description: String) throws {
        let text = (Self.foreign + "\n").replacing(old, with: new, maxReplacements: 1)
        let error = #expect(throws: LockError.self) { try decode(text) }
        #expect(error?.description.contains(description) == true, "\(String(describing: error))")
    }

    @Test(
        "What is no lock at all", arguments: ["", "python >=3\nflask\n", "- a\n- b", "a: [", "dependencies: [python]"])
    func noLock(text: String) {
        #expect(throws: LockError.self) { try decode(text) }
    }

    @Test("A package whose URL is no archive")
    func noArchive() throws {
        let text = Self.foreign.replacing("python-3.9.19-h0755675_101_cpython.conda", with: "python.zip")
        let error = #expect(throws: LockError.self) { try decode(text).records(for: .linux64) }
        #expect(
            error?.description.contains("python: expected a .conda or .tar.bz2 archive, found \"python.zip\"") == true)
    }
}

extension Subdir {
    /// A platform that is not Linux.
    static var osx64: Subdir { Subdir(rawValue: "osx-64") ?? .noarch }
}
