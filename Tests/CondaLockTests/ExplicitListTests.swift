import CondaModel
import Testing

@testable import CondaLock

@Suite("@EXPLICIT lists") struct ExplicitListTests {
    static let md5 = String(repeating: "0a", count: 16)
    static let sha256 = String(repeating: "0b", count: 32)

    @Test("Digests, comments, paths and variables")
    func forms() throws {
        let text = """
            # This file may be used to create an environment using:
            # $ conda create --name <env> --file <this file>
            # platform: linux-aarch64

              @EXPLICIT
            https://c.example.org/forge/linux-aarch64/a-1-h0_0.conda#\(Self.md5)
            https://c.example.org/forge/noarch/b-dash-2.0-py_1.tar.bz2#sha256:\(Self.sha256)
            https://c.example.org/forge/noarch/c-3-py_1.conda#\(Self.sha256.uppercased())
            https://c.example.org/forge/noarch/d-4-py_1.conda
            https://me:word@c.example.org/t/tk/other/noarch/e-5-0.conda#
            ~/pkgs/f-6-0.conda
            $CHANNEL/noarch/g-7-0.conda
            ${CHANNEL}/noarch/h-8-0.conda
            pkgs/with space/i-9-0.conda
            /abs/noarch/j-10-0.conda
            file:///abs/linux-aarch64/k-11-0.conda
            """
        var reading = LockReading()
        reading.variables = ["HOME": "/home/me", "CHANNEL": "https://c.example.org/forge"]
        reading.workingDirectory = "/work"
        let lock = try decode(text, path: "explicit.txt", reading)
        #expect(lock.origin == .explicit && lock.platforms == [.linuxAarch64])
        #expect(lock.packages.map(\.name) == ["a", "b-dash", "c", "d", "e", "f", "g", "h", "i", "j", "k"])
        #expect(lock.packages.prefix(4).map(\.md5) == [Self.md5, nil, nil, nil])
        #expect(lock.packages.prefix(4).map(\.sha256) == [nil, Self.sha256, Self.sha256, nil])
        #expect(
            lock.packages.dropFirst(4).map(\.url) == [
                "https://c.example.org/other/noarch/e-5-0.conda", "file:///home/me/pkgs/f-6-0.conda",
                "https://c.example.org/forge/noarch/g-7-0.conda", "https://c.example.org/forge/noarch/h-8-0.conda",
                "file:///work/pkgs/with%20space/i-9-0.conda", "file:///abs/noarch/j-10-0.conda",
                "file:///abs/linux-aarch64/k-11-0.conda",
            ])
        #expect(lock.packages[4].privateURL?.value == "https://me:word@c.example.org/t/tk/other/noarch/e-5-0.conda")
        #expect(lock.channels.prefix(2) == ["https://c.example.org/forge", "https://c.example.org/other"])
        let records = try lock.records(for: .linuxAarch64)
        #expect(records.first { $0.name == "f" }?.subdir == "linux-aarch64", "no subdir in the path: the platform's")
        #expect(records.first { $0.name == "b-dash" }?.buildNumber == 1)
    }

    @Test(
        "The platform comes from the comment, else from the URLs, else from the caller",
        arguments: [
            ("# platform: linux-64\n@EXPLICIT\nhttps://c/f/osx-64/a-1-0.conda", "linux-64"),
            ("@EXPLICIT\nhttps://c/f/noarch/a-1-0.conda\nhttps://c/f/osx-64/a-1-0.conda", "osx-64"),
            ("@EXPLICIT\nhttps://c/f/noarch/a-1-0.conda", "linux-ppc64le"),
            ("# platform: nonsense\n@EXPLICIT\n", "linux-ppc64le"),
        ])
    func platform(text: String, expected: String) throws {
        var reading = LockReading()
        reading.platform = .linuxPpc64le
        #expect(try decode(text, path: "x.txt", reading).platforms.map(\.rawValue) == [expected])
    }

    @Test(
        "The first line that is no archive is named",
        arguments: [
            ("python >=3", "x.txt:2: expected the URL or path of a .conda or .tar.bz2 archive, found \"python >=3\""),
            ("https://c/f/noarch/a-1.conda", "x.txt:2: expected the URL"),
            ("https://c/a-1-0.zip", "x.txt:2: expected the URL"),
            ("https://u:word@c/a-1-0.zip", "found \"https://c/a-1-0.zip\""),
            ("https://c/f/noarch/a-1-0.conda#abc", "x.txt:2: expected 32 (MD5) or 64 (SHA-256) hexadecimal digits"),
            ("https://c/f/noarch/a-1-0.conda#sha256:\(md5)", "found \"sha256:0a0a"),
            ("https://c/f/noarch/a-1-0.conda#\(String(repeating: "g", count: 32))", "hexadecimal digits"),
            ("https://c/f/noarch/a-1-0.conda#md5:\(md5)", "hexadecimal digits"),
        ])
    func refusal(line: String, description: String) {
        let error = #expect(throws: LockError.self) { try decode("@EXPLICIT\n\(line)\n", path: "x.txt") }
        #expect(error?.description.contains(description) == true, "\(String(describing: error))")
    }

    @Test("Writing")
    func writing() throws {
        let records = try [Samples.record("a", "1"), Samples.record("b", "2", subdir: "noarch")]
        let text = ExplicitList.text(records, platform: .linux64)
        #expect(
            text == """
                # platform: linux-64
                @EXPLICIT
                \(records[0].url)#sha256:\(Samples.digest("1a", 64))
                \(records[1].url)#sha256:\(Samples.digest("2b", 64))

                """)
        #expect(try decode(text, path: "x.txt").packages.map(\.sha256) == records.map(\.sha256))
        let bundle = ExplicitList.text(records, platform: .linux64, digest: .md5) {
            "file:///opt/x/pkgs/\($0.fileName)"
        }
        #expect(bundle.contains("\nfile:///opt/x/pkgs/a-1-h0_0.conda#\(Samples.digest("a1", 32))\n"))
        #expect(!ExplicitList.text(records, platform: .linux64, digest: .none).contains(".conda#"))
    }
}
