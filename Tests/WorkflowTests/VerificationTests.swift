import Foundation
import RPMFormat
import ServiceManifest
import ServiceRelease
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

    /// A file of the packager's that is called as one of ours, and comes before it in the header.
    @Test func theReleaseDocumentIsTheBundles() throws {
        let scratch = try Scratch()
        var sample = try SampleRPM()
        for path in ["/etc/orders/release.json", "/etc/orders/bundle/1-1/release.json"] {
            sample.rpm.files.append(RPMFile(path: path, contents: .data(Array("{}".utf8))))
        }
        let path = try sample.write(in: scratch.path)
        #expect(try Release(rpm: RPMReader(path: path)).identifier == "1-1")
        #expect(try Verification.run(path, lockfile: nil, keyFiles: []).findings == [])
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

    @Test(arguments: [ServiceRelease.Layout.archives, .prefix, .split])
    func aPackageThatCarriesNothingIsNoGood(layout: ServiceRelease.Layout) throws {
        #expect(
            try findings { sample in
                sample.release.layout = layout
                sample.release.packages = []
                sample.rpm.files.removeAll { $0.path.contains("/pkgs/") }
            } == ["archive release.json"])
    }

    /// An RPM of before has its archives in `pkgs/` itself, and says so by saying nothing.
    @Test func archivesWithoutFoldersAreUnderstood() throws {
        func flatten(_ sample: inout SampleRPM) {
            for index in sample.release.packages.indices { sample.release.packages[index].folder = nil }
            for index in sample.rpm.files.indices {
                sample.rpm.files[index].path = sample.rpm.files[index].path.replacing("/pkgs/noarch/", with: "/pkgs/")
            }
        }
        #expect(try findings(flatten) == [])
        #expect(
            try findings { sample in
                flatten(&sample)
                sample.release.packages[1].folder = "noarch"
            } == ["archive b-2-0.conda", "archive b-2-0.conda"])
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
        let guarded = ["a", "lib/python3.12/EXTERNALLY-MANAGED"]
        #expect(try found(#"{"paths_data": {"paths": [\#(linked)]}}"#, guarded) == [])
        #expect(try found(#"{"paths_data": {"paths": [\#(linked)]}}"#, []) == ["archive a"])
        let changed = #"{"_path": "a", "sha256": "\#(wrong)"}"#
        #expect(try found(#"{"paths_data": {"paths": [\#(changed)]}}"#, ["a"]) == ["archive a"])
        #expect(try found(#"{"paths_data": {"paths": [{"_path": "a"}]}}"#, ["a"]) == [])
        #expect(try found("[]", ["a"]) == ["archive a", "archive a-1-0.json"])
    }

    @Test(arguments: [("1.fedora", true), ("1.fc43", true), ("1.fc42", false), ("1.el10", false), ("fc", false)])
    func rpm6RefusesWhatIsNotSigned(release: String, isWarned: Bool) throws {
        let scratch = try Scratch()
        let path = try SampleRPM(release: release).write(in: scratch.path)
        let found = try Verification.run(path, lockfile: nil, keyFiles: [])
        #expect(found.findings.isEmpty && found.warnings.count == (isWarned ? 1 : 0))
        #expect(found.warnings.allSatisfy { $0.contains("conda-rpm sign") })
        #expect(
            try RequiredSignature.warning(RPMReader(path: SampleRPM(release: release).writeSource(in: scratch.path)))
                == nil)
    }

    @Test func buildingForRPM6WithoutAKeyIsWarnedOf() {
        var manifest = Manifest()
        manifest.rpm.target = Target(.fedora)
        #expect(RequiredSignature.warning(manifest) != nil)
        manifest.rpm.sign = "packages@example.com"
        #expect(RequiredSignature.warning(manifest) == nil)
        manifest.rpm.target = Target(.el10)
        manifest.rpm.sign = nil
        #expect(RequiredSignature.warning(manifest) == nil)
    }

    /// The findings of the source RPM of a package that `change` has changed.
    private func sourceFindings(_ change: (inout SampleRPM) throws -> Void = { _ in }) throws -> [String] {
        let scratch = try Scratch()
        var sample = try SampleRPM()
        try change(&sample)
        let path = try sample.writeSource(in: scratch.path)
        let inspection = try Inspection.read(path)
        #expect(inspection.isSource && inspection.architecture == "src" && inspection.kind == .service)
        #expect(inspection.packages.map(\.name) == sample.release.packages.map(\.record.name))
        return try Verification.run(path, lockfile: nil, keyFiles: []).findings.map {
            "\($0.kind.rawValue) \($0.place)"
        }
    }

    @Test func aSourcePackageHoldsWhatTheReleaseDocumentLists() throws {
        #expect(try sourceFindings() == [])
        // A number tells it from the user's file of the same name.
        #expect(
            try sourceFindings { sample in
                sample.rpm.files.append(RPMFile(path: "/etc/orders/release.json", contents: .data(Array("{}".utf8))))
            } == [])
        #expect(
            try sourceFindings { sample in
                let index = try #require(sample.rpm.files.firstIndex { $0.path.hasSuffix("/b-2-0.conda") })
                sample.rpm.files[index].contents = .data([1])
            } == ["archive b-2-0.conda", "archive b-2-0.conda"])
        #expect(
            try sourceFindings { sample in
                let file = RPMFile(path: "/etc/key", contents: .data(Array("-----BEGIN PRIVATE KEY-----".utf8)))
                sample.rpm.files.append(file)
            } == ["credentials key"])
    }

    @Test func aFileNamedLikeTheReleaseDocumentIsNotTaken() throws {
        for path in ["/etc/orders/release.json", "/opt/a/release.json", "/opt/orders/bundle/0-1/release.json"] {
            #expect(try findings { $0.rpm.files.append(RPMFile(path: path, contents: .data(Array("{}".utf8)))) } == [])
        }
    }

    /// The tag gets a number beside it that means nothing to anybody.
    @Test(arguments: [(273, 272, "digest signature header"), (5092, 5088, "digest header")] as [(Int, Int, String)])
    func aDigestThatIsGoneIsMissed(tag: Int, other: Int, finding: String) throws {
        let scratch = try Scratch()
        let path = try SampleRPM().write(in: scratch.path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let place = try #require(bytes.range(of: Data([0, 0, UInt8(tag >> 8), UInt8(tag & 255), 0, 0, 0])))
        bytes[place.lowerBound + 2] = UInt8(other >> 8)
        bytes[place.lowerBound + 3] = UInt8(other & 255)
        try bytes.write(to: URL(fileURLWithPath: path))
        let found = try Verification.run(path, lockfile: nil, keyFiles: []).findings
        #expect(found.map { "\($0.kind.rawValue) \($0.place)" }.contains(finding))
    }

    /// Every command that reads an RPM refuses it, and none reads memory that is not there.
    @Test func aHeaderWhoseTypesLieIsRefusedEverywhere() throws {
        let scratch = try Scratch()
        let path = try SampleRPM().write(in: scratch.path)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        // FILEMODES, 16-bit numbers, as strings.
        let place = try #require(bytes.range(of: Data([0, 0, 0x04, 0x06, 0, 0, 0, 3])))
        bytes[place.upperBound - 1] = 8
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(throws: RPMError.self) { try Inspection.read(path) }
        #expect(throws: RPMError.self) { try Verification.run(path, lockfile: nil, keyFiles: []) }
        #expect(throws: RPMError.self) { try Contents(rpm: path) }
        #expect(PublishedPackages(directory: scratch.path).packages(name: "orders", architecture: "x86_64").isEmpty)
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

    @Test func valuesThatLookLikeSecretsAreFound() throws {
        func file(_ path: String, _ text: String) throws -> [String] {
            try findings { $0.rpm.files.append(RPMFile(path: path, contents: .data(Array(text.utf8)))) }
        }
        #expect(
            try findings { $0.release.variables = [.init(name: "DB_PASSWORD", value: "hunter2")] }
                == ["credentials release.json"])
        #expect(
            try findings { $0.release.variables = [.init(name: "DSN", value: "host=db password=hunter2")] }
                == ["credentials release.json"])
        #expect(try findings { $0.release.variables = [.init(name: "TLS_KEY", value: "/etc/pki/tls/x.key")] } == [])
        let unit = "/usr/lib/systemd/system/a.service"
        #expect(try file(unit, "[Service]\nEnvironment=\"API_TOKEN=abc def\"\n") == ["credentials a.service"])
        #expect(try file(unit, "[Service]\nEnvironment=A=b API_TOKEN=abc\n") == ["credentials a.service"])
        #expect(try file(unit, "[Service]\nLoadCredential=token:/etc/a\nEnvironment=TOKEN_FILE=%d/token\n") == [])
        #expect(try file("/etc/orders/a.env", "export DB_PASSWORD='hunter2'\n") == ["credentials a.env"])
        #expect(try file("/etc/sysconfig/orders", "DB_PASSWORD=$OTHER\nDB_PASSWORD=\n") == [])
        #expect(try file("/etc/orders/orders.py", "PASSWORD=read()\n") == [])
        #expect(
            try findings { $0.rpm.scriptlets.post = .init(body: "export API_KEY=abc\n") }
                == ["credentials scriptlets"])
    }

    @Test func theBillNamesTheProgramsThatAreCarried() throws {
        func found(_ digest: String) throws -> [String] {
            let bill = """
                {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
                 "metadata": {"component": {"type": "application", "name": "orders"}},
                 "components": [{"type": "application", "name": "conda-rpm-host",
                                 "hashes": [{"alg": "SHA-256", "content": "\(digest)"}]}]}
                """
            return try findings { sample in
                sample.rpm.files.append(
                    RPMFile(path: "/opt/orders/bundle/1-1/conda-rpm-host", contents: .data([1]), mode: 0o755))
                sample.rpm.files.append(
                    RPMFile(path: "/usr/share/doc/orders/sbom.cdx.json", contents: .data(Array(bill.utf8))))
            }
        }
        #expect(try found("4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a") == [])
        #expect(try found(String(repeating: "0", count: 64)) == ["archive sbom.cdx.json", "archive conda-rpm-host"])
    }

    @Test func findingsDoNotRepeatTheSecret() throws {
        let problem = try #require(SecretScan.problem("DB_PASSWORD", "hunter2"))
        #expect(problem.contains("DB_PASSWORD") && problem.contains("environment_file") && !problem.contains("hunter2"))
    }

    @Test(arguments: [
        ("https://h/x?api_key=abc", true), ("https://h/x?a=b&password=c", true), ("https://h/x?token={token}", false),
        ("https://h/x?token=", false), ("https://h/x?key=name", true), ("https://h/x?keyboard=us", false),
        ("postgres://u:${PASSWORD}@h", false), ("postgres://u:<password>@h", false),
        ("xoxb-0123456789abcdefghijklmn", true), ("sk_live_0123456789abcdefghijklmn", true),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLi4uLi4u", true), ("eyJhbGciOiJIUzI1NiJ9", false),
        ("Authorization: Bearer 0123456789", true), ("Authorization: Basic dTpodW50ZXIy", true),
        ("Authorization: Bearer $TOKEN", false),
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
