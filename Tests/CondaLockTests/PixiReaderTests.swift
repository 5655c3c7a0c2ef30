import CondaModel
import Testing

@testable import CondaLock

@Suite("pixi.lock") struct PixiReaderTests {
    static let md5 = String(repeating: "1", count: 32)
    static let sha256 = String(repeating: "e", count: 64)

    static let six = """
        version: 6
        environments:
          default:
            channels:
            - url: https://c.example.org/forge/
            indexes: [https://example.org/simple]
            packages:
              linux-64:
              - conda: https://c.example.org/forge/linux-64/python-3.12.4-h194c7f8_0_cpython.conda
              - conda: https://c.example.org/forge/noarch/six-1.16.0-pyh6c4a22f_0.tar.bz2
              - conda: ../pkgs/local-1.0-h1_2.conda
              - pypi: https://files.example.org/orders-1.2-py3-none-any.whl
              osx-arm64:
              - conda: child
          test:
            channels: []
            packages: {}
        packages:
        - conda: https://c.example.org/forge/linux-64/python-3.12.4-h194c7f8_0_cpython.conda
          sha256: \(sha256)
          md5: \(md5)
          build_number: 7
          depends:
          - __glibc >=2.17,<3.0.a0
          - openssl >=3.3.1,<4.0a0
          constrains: [python_abi 3.12.* *_cp312]
          license: Python-2.0
          size: 31663253
          timestamp: 1718865105000
        - conda: https://c.example.org/forge/noarch/six-1.16.0-pyh6c4a22f_0.tar.bz2
          sha256: \(sha256)
          depends: [python]
        - conda: ../pkgs/local-1.0-h1_2.conda
          sha256: \(sha256)
        - pypi: https://files.example.org/orders-1.2-py3-none-any.whl
          name: orders
          version: '1.2'
          sha256: \(sha256)
          requires_dist: ["flask>=3 ; extra == 'web'", flask>=2]
        - conda: child
          name: child
          version: 0.1.0
          build: pyhbf21a9e_0
          subdir: noarch
        """

    @Test("Format 6")
    func formatSix() throws {
        let lock = try decode(Self.six, path: "/work/app/pixi.lock")
        #expect(lock.origin == .pixi(version: 6, environment: "default"))
        #expect(lock.channels == ["https://c.example.org/forge"])
        let records = try lock.records(for: .linux64)
        #expect(Set(records.map(\.name)) == ["python", "six", "local"])
        let python = try #require(records.first { $0.name == "python" })
        #expect(python.buildNumber == 7 && python.size == 31_663_253 && python.timestamp == 1_718_865_105_000)
        #expect(python.license == "Python-2.0" && python.constrains == ["python_abi 3.12.* *_cp312"])
        #expect(python.depends == ["__glibc >=2.17,<3.0.a0", "openssl >=3.3.1,<4.0a0"] && python.md5 == Self.md5)
        let local = try #require(records.first { $0.name == "local" })
        #expect(local.url == "file:///work/pkgs/local-1.0-h1_2.conda" && local.build == "h1_2")
        let wheels = try lock.wheels(for: .linux64)
        #expect(wheels.map(\.name) == ["orders"] && wheels[0].dependencies.map(\.name) == ["flask"])
    }

    @Test("A source package makes its platform unusable, and no other")
    func sourcePackage() throws {
        let lock = try decode(Self.six, path: "pixi.lock")
        let platform = try #require(Subdir(rawValue: "osx-arm64"))
        let error = #expect(throws: LockError.self) { try lock.records(for: platform) }
        #expect(
            error?.description.contains("pixi.lock:14:9: environments.default.packages.osx-arm64[0]: a source") == true)
    }

    @Test("Format 7: named platforms and source packages with a key of their own")
    func formatSeven() throws {
        let text = """
            version: 7
            platforms:
            - {name: build-host, subdir: linux-64, virtual-packages: ["__glibc >=2.34"]}
            - name: linux-aarch64
            environments:
              prod:
                channels: [{url: https://c.example.org/forge}]
                packages:
                  build-host:
                  - conda: https://c.example.org/forge/noarch/six-1.16.0-pyh6c4a22f_0.tar.bz2
                  linux-aarch64:
                  - conda_source: child[87dc0b8a] @ child
            packages:
            - conda: https://c.example.org/forge/noarch/six-1.16.0-pyh6c4a22f_0.tar.bz2
              sha256: \(Self.sha256)
            - conda_source: child[87dc0b8a] @ child
              version: 0.1.0
            """
        var reading = LockReading()
        reading.environment = "prod"
        let lock = try decode(text, path: "pixi.lock", reading)
        #expect(lock.platforms == [.linux64, .linuxAarch64])
        #expect(try lock.records(for: .linux64).map(\.name) == ["six"])
        #expect(throws: LockError.self) { try lock.records(for: .linuxAarch64) }
        reading.environment = "prd"
        let error = #expect(throws: LockError.self) { try decode(text, path: "pixi.lock", reading) }
        #expect(error?.hint == "did you mean \"prod\"?")
    }

    @Test(
        "What is wrong, and where",
        arguments: [
            ("version: 6", "version: 5", "pixi.lock:1:10: version: expected pixi.lock format 6 or 7, found \"5\""),
            (
                "- conda: child\n  test", "- conda: gone\n  test",
                "not described under \"packages\"; found \"conda gone\""
            ),
            ("linux-64:", "linux:", "expected a platform such as linux-64"),
            ("- conda: child\n  name", "- cnda: child\n  name", "expected a package with the key conda"),
            ("size: 31663253", "size: big", "packages[0].size: expected a whole number"),
            ("md5: 1", "md5: z1", "packages[0].md5: expected 32 hexadecimal digits"),
            ("packages:\n- conda: https", "packages: {}\nold:\n- conda: https", "expected a list of packages"),
        ])
    func refusal(old: String, new: String, description: String) throws {
        let changed = Self.six.replacing(old, with: new, maxReplacements: 1)
        let error = #expect(throws: LockError.self) { try decode(changed, path: "pixi.lock") }
        #expect(error?.description.contains(description) == true, "\(String(describing: error))")
    }
}
