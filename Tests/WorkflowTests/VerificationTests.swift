import Foundation
import RPMFormat
import Testing

@testable import Workflow

@Suite struct VerificationTests {
    /// Kinds and places of what is found in a package that `change` has changed.
    private func findings(
        keyFiles: [String] = [], lockfile: String? = nil, _ change: (inout SampleRPM) throws -> Void = { _ in }
    ) throws -> [String] {
        let scratch = try Scratch()
        var sample = try SampleRPM()
        try change(&sample)
        let path = try sample.write(in: scratch.path)
        let found = try Verification.run(path, lockfile: lockfile, keyFiles: keyFiles)
        return found.findings.map { "\($0.kind.rawValue) \(($0.place as NSString).lastPathComponent)" }
    }

    @Test func aGoodPackageHasNoFindings() throws {
        #expect(try findings() == [])
    }

    @Test func archivesAreThoseOfTheReleaseDocument() throws {
        #expect(
            try findings { sample in
                let index = try #require(sample.rpm.files.firstIndex { $0.path.hasSuffix("/b-2-0.conda") })
                sample.rpm.files[index].contents = .data([1])
            } == ["archive b-2-0.conda"])
        #expect(
            try findings { sample in
                sample.rpm.files.append(
                    RPMFile(path: "/opt/orders/bundle/1-1/pkgs/c-1-0.conda", contents: .data([1])))
            } == ["archive c-1-0.conda"])
        #expect(
            try findings { sample in
                sample.rpm.files.removeAll { $0.path.hasSuffix("/a-1-0.conda") }
            } == ["archive a-1-0.conda"])
    }

    @Test func filesAreThoseThatTheirPackagesList() throws {
        let digest = "4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"  // of the byte 1
        func found(_ list: String, _ files: [String]) throws -> [String] {
            try findings { sample in
                sample.release.layout = .prefix
                let list = RPMFile(path: "conda-meta/a-1-0.json", contents: .data(Array(list.utf8)))
                sample.rpm.files = [list] + files.map { RPMFile(path: $0, contents: .data([1])) }
                for index in sample.rpm.files.indices {
                    sample.rpm.files[index].path = "/opt/orders/releases/1-1/" + sample.rpm.files[index].path
                }
            }
        }
        let wrong = digest.replacing("4b", with: "4c")
        let linked = #"{"_path": "a", "sha256": "\#(wrong)", "sha256_in_prefix": "\#(digest)"}"#
        #expect(try found(#"{"paths_data": {"paths": [\#(linked)]}}"#, ["a"]) == [])
        #expect(try found(#"{"paths_data": {"paths": [\#(linked)]}}"#, ["a", "b"]) == ["archive b"])
        #expect(try found(#"{"paths_data": {"paths": [\#(linked)]}}"#, []) == ["archive a"])
        let changed = #"{"_path": "a", "sha256": "\#(wrong)"}"#
        #expect(try found(#"{"paths_data": {"paths": [\#(changed)]}}"#, ["a"]) == ["archive a"])
        #expect(try found(#"{"paths_data": {"paths": [{"_path": "a"}]}}"#, ["a"]) == [])
        #expect(try found("[]", ["a"]) == ["archive a", "archive a-1-0.json"])
    }

    @Test(
        arguments: [
            (0o4755, ["mode x"]), (0o2755, ["mode x"]), (0o666, ["mode x"]), (0o755, []), (0o600, []),
        ] as [(UInt16, [String])])
    func modes(mode: UInt16, expected: [String]) throws {
        #expect(
            try findings { $0.rpm.files.append(RPMFile(path: "/usr/bin/x", contents: .data([1]), mode: mode)) }
                == expected)
    }

    @Test func aSignatureIsMissedOnlyWhereAKeyIsGiven() throws {
        let scratch = try Scratch()
        let environment = environment(home: scratch)
        defer { stopAgent(environment) }
        let key = try makeKey("packages@example.com", environment: environment)
        #expect(try findings(keyFiles: [key]) == ["signature header"])
    }

    @Test func theLockIsWhatIsCarried() throws {
        let scratch = try Scratch()
        let sample = try SampleRPM()
        var lines = sample.release.packages.map { "\($0.record.url)#sha256:\($0.record.sha256 ?? "")" }
        func lock() throws -> String {
            let text = "# platform: linux-64\n@EXPLICIT\n" + lines.joined(separator: "\n") + "\n"
            try Data(text.utf8).write(to: URL(fileURLWithPath: "\(scratch.path)/explicit.txt"))
            return "\(scratch.path)/explicit.txt"
        }
        #expect(try findings(lockfile: try lock()) == [])
        lines.removeLast()
        #expect(try findings(lockfile: try lock()).map { $0.prefix(5) } == ["lock "])
    }

    @Test func leaksAreFoundInDocumentsAndTexts() throws {
        #expect(
            try findings { $0.release.packages[0].record.url = "https://me:secret@example.com/a-1-0.conda" }
                == ["credentials release.json"])
        #expect(
            try findings { $0.release.channels = ["file:///home/me/channel"] } == ["build path release.json"])
        #expect(
            try findings { $0.rpm.packager = "see https://a.example.com/t/abcdefgh1234/x" } == ["credentials header"])
        #expect(
            try findings {
                $0.rpm.files.append(
                    RPMFile(path: "/opt/orders/x", contents: .data(Array("a/_h_env_placehold_placehold_b".utf8))))
            } == ["prefix x"])
    }

    @Test(arguments: [
        ("https://u:p@h/x", true), ("https://h:80/x@y", false), ("https://h/u:p@x", false), ("http://:p@h", false),
        ("https://h/t/tk-12345678/x", true), ("https://h/t/<TOKEN>/x", false), ("/srv/t/abcdefgh1/x", false),
        ("-----BEGIN RSA PRIVATE KEY-----", true), ("-----BEGIN OPENSSH PRIVATE KEY-----", true),
        ("-----BEGIN PUBLIC KEY-----", false), ("ghp_0123456789abcdefghijABCDEFGHIJ012345", true), ("ghp_short", false),
        ("AKIA0123456789ABCDEF", true), ("xAKIA0123456789ABCDEF", false),
        ("https://h/t/short/x", false), ("git+ssh://git:pw@h", true), ("https://user@h/x", false),
    ])
    func credentials(text: String, isLeak: Bool) {
        let found = LeakScan.leaks(in: Array("a \"\(text)\" b".utf8), as: .text)
        #expect(found.map(\.kind) == (isLeak ? [.credentials] : []))
    }

    @Test(arguments: [
        ("file:///home/me/x", true), ("\"/root/x\"", true), ("https://h/home/x", false), ("/opt/home/x", false),
        ("/home/me", true), ("https://h/tmp/x", false),
    ])
    func buildPaths(text: String, isLeak: Bool) {
        let found = LeakScan.leaks(in: Array(text.utf8), as: .document)
        #expect(found.map(\.kind) == (isLeak ? [.buildPath] : []))
    }
}
