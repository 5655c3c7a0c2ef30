import CondaModel
import Testing

@testable import CondaLock

@Suite("pylock.toml") struct PylockReaderTests {
    static let sha256 = String(repeating: "0a", count: 32)

    private static func digest(_ number: Int) -> String { String(repeating: "\(number)", count: 64) }

    static let text = """
        lock-version = "1.0"
        created-by = "uv"
        requires-python = ">=3.12"

        [[packages]]
        name = "flask"
        version = "3.1.3"
        sdist = { url = "https://f.example.org/flask-3.1.3.tar.gz", upload-time = 2026-02-19T05:00:57Z, hashes = { sha256 = "x" } }
        wheels = [{ url = "https://f.example.org/flask-3.1.3-py3-none-any.whl", hashes = { sha256 = "\(sha256)" } }]

        [[packages]]
        name = "numpy"
        version = "2.5.5"
        wheels = [
          { url = "https://f.example.org/numpy-2.5.5-cp311-cp311-manylinux_2_27_x86_64.whl", hashes = { sha256 = "\(digest(1))" } },
          { url = "https://f.example.org/numpy-2.5.5-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl", hashes = { sha256 = "\(digest(2))" } },
          { url = "https://f.example.org/numpy-2.5.5-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", hashes = { sha256 = "\(digest(3))" } },
          { url = "https://f.example.org/numpy-2.5.5-cp312-cp312-musllinux_1_2_x86_64.whl", hashes = { sha256 = "\(digest(4))" } },
          { url = "https://f.example.org/numpy-2.5.5-cp312-cp312-manylinux_2_27_aarch64.whl", hashes = { sha256 = "\(digest(5))" } },
        ]

        [[packages]]
        name = "local"
        wheels = [{ path = "dist/local-1.5-py3-none-any.whl", hashes = { sha256 = "\(sha256)" } }]
        """

    private func read(_ text: String, python: String? = "3.12.4", glibc: String = "2.28", _ platform: Subdir = .linux64)
        throws -> Lock
    {
        var reading = LockReading()
        (reading.python, reading.glibc, reading.platform) = (python, glibc, platform)
        return try Lock.decode(Array(text.utf8), path: "/work/pylock.toml", reading)
    }

    @Test("One wheel for each package: the best for the target")
    func wheels() throws {
        let lock = try read(Self.text)
        let wheels = try lock.wheels(for: .linux64)
        #expect(lock.origin == .pylock && wheels.map(\.name) == ["flask", "numpy", "local"])
        #expect(wheels.map(\.sha256) == [Self.sha256, Self.digest(2), Self.sha256] && wheels[2].version == "1.5")
        #expect(wheels[2].url == "file:///work/dist/local-1.5-py3-none-any.whl")
        #expect(
            try read(Self.text, glibc: "2.17").packages[1].sha256 == Self.digest(3), "glibc too old for the newer one")
        #expect(try read(Self.text, python: "3.11").packages[1].sha256 == Self.digest(1))
        #expect(try read(Self.text, .linuxAarch64).packages[1].sha256 == Self.digest(5))
    }

    @Test("No wheel for the target")
    func noWheel() {
        let error = #expect(throws: LockError.self) { try read(Self.text, python: "3.13") }
        #expect(
            error?.description.hasPrefix("/work/pylock.toml:11: numpy; expected a wheel for Python 3.13 on linux-64")
                == true)
        #expect(error?.hint?.contains("rpm.wheels") == true)
    }

    @Test(
        "What is wrong, and where",
        arguments: [
            (
                "lock-version = \"1.0\"", "lock-version = \"2.0\"",
                "pylock.toml:1: lock-version; expected 1.0, found \"2.0\""
            ),
            ("lock-version = \"1.0\"", "", "the lock has no \"lock-version\""),
            ("name = \"numpy\"", "name = 5", "pylock.toml:11: packages.name: expected text"),
            ("created-by = \"uv\"", "created-by = ", "pylock.toml:2: not valid TOML; expected a value"),
            ("[[packages]]\nname = \"numpy\"", "[[packages]]", "pylock.toml:11: packages has no \"name\""),
            ("version = \"3.1.3\"", "marker = \"platform_release == '5'\"", "flask is locked under a condition"),
            ("wheels = [{ path", "wheels = [1, { path", "packages.wheels: expected an array of tables"),
            ("{ path = \"dist", "{ file = \"dist", "wheels has no \"path\""),
            ("sha256 = \"x\"", "sha256 = \"x", "pylock.toml:8: not valid TOML; expected the end of a string"),
            ("sha256 = \"0a", "sha256 = \"0g", "hashes.sha256; expected 64 hexadecimal digits"),
        ])
    func refusal(old: String, new: String, description: String) {
        let text = Self.text.replacing(old, with: new, maxReplacements: 1)
        let error = #expect(throws: LockError.self) { try read(text) }
        #expect(error?.description.contains(description) == true, "\(String(describing: error))")
    }

    @Test(
        "Which wheels fit Python 3.12 with glibc 2.28",
        arguments: [
            ("a-1-py3-none-any.whl", true), ("a-1-py2.py3-none-any.whl", true), ("a-1-py2-none-any.whl", false),
            ("a-1-cp39-abi3-manylinux_2_17_x86_64.whl", true), ("a-1-cp313-abi3-manylinux_2_17_x86_64.whl", false),
            ("a-1-cp39-cp39-manylinux_2_17_x86_64.whl", false), ("a-1-cp312-cp312t-linux_x86_64.whl", false),
            ("a-1-cp312-none-linux_x86_64.whl", true), ("a-1-1-py312-none-any.whl", true),
            ("a-1-py313-none-any.whl", false),
            ("a-1-py3-none-manylinux_2_34_x86_64.whl", false), ("a-1-py3-none-manylinux1_x86_64.whl", true),
            ("a-1-py3-none-win_amd64.whl", false), ("a-1-py3-none.whl", false), ("a-1-py3-none-any.tar.gz", false),
        ])
    func fits(file: String, fits: Bool) {
        let tags = WheelTags(python: "3.12.4", platform: .linux64, glibc: "2.28")
        #expect((WheelName(file).flatMap(tags.rank) != nil) == fits)
    }
}
