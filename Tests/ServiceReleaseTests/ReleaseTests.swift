import CondaModel
import Foundation
import Testing

@testable import ServiceRelease

@Suite struct ReleaseTests {
    private func release() throws -> Release {
        let record = PackageRecord(
            name: "flask", version: try Version("3.0.3"), build: "pyh0_0", noarch: .python,
            sha256: String(repeating: "a", count: 64), size: 81_000, license: "BSD-3-Clause",
            fileName: "flask-3.0.3-pyh0_0.conda", url: "https://example.org/c/noarch/flask-3.0.3-pyh0_0.conda",
            channel: "https://example.org/c")
        return Release(
            name: "orders", version: "2.0~rc1", release: "1.el9", summary: "Orders", inputs: "0123456789abcdef",
            tool: "conda-rpm 0.1.0",
            target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
            bootstrap: .miniconda(sha256: String(repeating: "b", count: 64)), prefix: "/opt/orders",
            requested: ["flask >=3"], channels: ["https://example.org/c"],
            packages: [BundledPackage(record: record, requested: ["flask >=3"])],
            variables: [EnvironmentVariable(name: "A", value: "b c")], checks: [.importModule("flask"), .run("true")],
            installedSize: 250_000)
    }

    @Test func aReleaseComesBackAsItWas() throws {
        let release = try release()
        #expect(try Release(json: release.json(), origin: "test") == release)
    }

    /// Documents of RPMs that were built before there was a choice stay readable; nothing guards such releases.
    @Test func aDocumentWithoutTheNewestKeyIsRead() throws {
        var release = try release()
        release.frozen = true
        let json = String(decoding: try release.json(), as: UTF8.self)
        let older = json.replacing("  \"frozen\" : true,\n", with: "")
        #expect(older != json)
        #expect(try Release(json: Array(json.utf8), origin: "test").frozen == true)
        #expect(try Release(json: Array(older.utf8), origin: "test").frozen == nil)
    }

    @Test func theSameReleaseIsTheSameBytes() throws {
        #expect(try release().json() == release().json())
    }

    @Test func theNamesOnAHost() throws {
        let release = try release()
        #expect(release.identifier == "2.0~rc1-1.el9")
        #expect(release.distinctIdentifier == "2.0~rc1-1.el9+01234567")
    }

    @Test(arguments: [
        ("numpy", "2.1.0", "py312h_0", "numpy-2.1.0-py312h_0-01234567", "2.1.0"),
        ("tz_data", "1!2024a-1", "h.0+x", "tz_data-1_2024a-1-h.0+x-01234567", "1_2024a_1"),
    ])
    func theNamesOfASharedPackage(name: String, version: String, build: String, expected: String, rpm: String) throws {
        var record = PackageRecord(name: name, version: try Version(version), build: build)
        record.sha256 = "0123456789abcdef"
        let shared = SharedPackage(record)
        #expect(shared.name == expected)
        #expect(shared.rpmName == "conda-\(expected)")
        #expect(shared.directory == "/opt/conda-rpm/pkgs/\(expected)")
        #expect(SharedPackage.rpmVersion(record) == rpm)
        record.sha256 = "fedcba9876543210"
        #expect(SharedPackage(record) != shared)
    }

    @Test(arguments: [
        ("linux-64", "linux-64"), ("noarch", "noarch"), ("linux-aarch64", "linux-aarch64"), ("", "noarch"),
        ("../..", "noarch"), ("mine-1", "noarch"),
    ])
    func archivesLieInTheFolderOfTheirPlatform(subdir: String, expected: String) throws {
        var record = try #require(try release().packages.first).record
        record.subdir = subdir
        let package = BundledPackage(record: record, requested: [])
        #expect(package.path == "pkgs/\(expected)/flask-3.0.3-pyh0_0.conda")
    }

    @Test func aDocumentOfBeforeHasItsArchivesInOneFolder() throws {
        let json = String(decoding: try release().json(), as: UTF8.self)
        let old = json.replacing(/"folder" : "noarch",\n */, with: "")
        #expect(old.utf8.count < json.utf8.count)
        let package = try #require(try Release(json: Array(old.utf8), origin: "x").packages.first)
        #expect(package.path == "pkgs/flask-3.0.3-pyh0_0.conda")
    }

    /// conda before 24.9 reads `#MD5` and stops at `#sha256:`.
    @Test func everyCondaCanReadTheExplicitList() throws {
        var release = try release()
        let md5 = String(repeating: "c", count: 32)
        #expect(
            release.explicitList(bundle: "/b")
                == "# platform: linux-64\n@EXPLICIT\nfile:///b/pkgs/noarch/flask-3.0.3-pyh0_0.conda\n")
        release.packages[0].record.md5 = md5
        #expect(release.explicitList(bundle: "/b").hasSuffix("/flask-3.0.3-pyh0_0.conda#\(md5)\n"))
        release.packages[0].transmuted = TransmutedArchive(fileName: "f-1-0.conda", sha256: "aa", size: 1)
        #expect(release.explicitList(bundle: "/b").hasSuffix("/pkgs/noarch/f-1-0.conda\n"))
    }

    @Test func aNewerFormatIsRefusedWithBothNumbers() throws {
        #expect {
            _ = try Release(json: Array(#"{"format": 2, "unheard": {}}"#.utf8), origin: "x")
        } throws: { "\($0)" == "x has format 2; this tool reads formats up to 1" }
    }

    @Test(arguments: ["", "{", "[]", #"{"format": 1}"#, #"{"format": "1"}"#, "\u{0}"])
    func whatIsNoReleaseIsAnError(text: String) {
        #expect(throws: ReleaseError.self) { try Release(json: Array(text.utf8), origin: "x") }
    }

    @Test func aMissingBundleIsAnError() {
        #expect(throws: ReleaseError.self) { try Release(bundle: "/nowhere") }
    }

    @Test func anUnknownBootstrapIsAnError() throws {
        let json = String(decoding: try release().json(), as: UTF8.self)
            .replacing("\"kind\" : \"miniconda\"", with: "\"kind\" : \"magic\"")
        #expect(throws: ReleaseError.self) { try Release(json: Array(json.utf8), origin: "x") }
    }
}
