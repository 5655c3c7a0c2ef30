import CondaModel
import Foundation
import Testing

/// Reading and writing records, and their order.
@Suite struct PackageRecordTests {
    private func decode(_ json: String) throws -> PackageRecord {
        try JSONDecoder().decode(PackageRecord.self, from: Data(json.utf8))
    }

    @Test func readsAFullRecord() throws {
        let record = try decode(
            """
            {"arch": "x86_64", "build": "h_3", "build_number": 3, "channel": "conda-forge", "constrains": ["a <2"],
             "depends": ["b"], "features": "f g", "fn": "n-1.0-h_3.conda", "license": "MIT", "license_family": "MIT",
             "md5": "ABCDEF00000000000000000000000000", "name": "N", "noarch": "python", "platform": "linux",
             "python_site_packages_path": "lib/p", "sha256": "", "size": 12, "subdir": "noarch",
             "timestamp": 1700000000000, "track_features": "x, y", "url": "https://h/n", "version": "1.0", "other": {}}
            """)
        #expect(record.name == "n")
        #expect(record.buildNumber == 3)
        #expect(record.trackFeatures == ["x", "y"])
        #expect(record.features == "f g")
        #expect(record.noarch == .python)
        #expect(record.md5 == "abcdef00000000000000000000000000")
        #expect(record.sha256 == nil)
        #expect(record.size == 12)
        #expect(record.timestamp == 1_700_000_000_000)
        #expect(record.pythonSitePackagesPath == "lib/p")
        #expect(record.fileName == "n-1.0-h_3.conda")
        #expect(record.constrains == ["a <2"])
    }

    @Test func toleratesWhatIsMissingOrNull() throws {
        let bare = try decode(#"{"name": "n", "version": "1", "build": "0"}"#)
        let nulls = try decode(
            """
            {"name": "n", "version": "1", "build": "0", "build_number": null, "depends": null, "constrains": null,
             "track_features": null, "features": null, "noarch": null, "md5": null, "sha256": null, "size": null,
             "license": null, "timestamp": null, "arch": null, "platform": null}
            """)
        #expect(bare == nulls)
        #expect(bare.depends.isEmpty && bare.buildNumber == 0 && bare.noarch == nil)
    }

    @Test(arguments: [(#"["a", "", "b"]"#, ["a", "b"]), (#""a b""#, ["a", "b"]), (#""""#, []), ("null", [])])
    func readsFeaturesAsListOrText(json: String, expected: [String]) throws {
        let record = try decode(#"{"name": "n", "version": "1", "build": "0", "track_features": \#(json)}"#)
        #expect(record.trackFeatures == expected)
    }

    @Test(arguments: [(#""generic""#, NoArch.generic), (#""python""#, .python), ("true", .generic), ("false", nil)])
    func readsOldNoarch(json: String, expected: NoArch?) throws {
        #expect(try decode(#"{"name": "n", "version": "1", "build": "0", "noarch": \#(json)}"#).noarch == expected)
    }

    @Test(arguments: [
        #"{"version": "1", "build": "0"}"#, #"{"name": "n", "build": "0"}"#, #"{"name": "n", "version": "1"}"#,
        #"{"name": "n", "version": "1..2", "build": "0"}"#,
        #"{"name": "n", "version": "1", "build": "0", "depends": "python"}"#,
    ])
    func refuses(json: String) {
        #expect(throws: (any Error).self) { try decode(json) }
    }

    @Test func writesStably() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var record = PackageRecord(
            name: "n", version: try Version("1.0"), build: "0", depends: ["python"], trackFeatures: ["x", "y"],
            noarch: .python, fileName: "n-1.0-0.conda", url: "https://h/n-1.0-0.conda", channel: "c")
        record.timestamp = 5_000_000_000_000
        record.licenseFamily = "MIT"
        let json = String(decoding: try encoder.encode(record), as: UTF8.self)
        #expect(
            json == #"{"build":"0","build_number":0,"channel":"c","constrains":[],"depends":["python"],"#
                + #""fn":"n-1.0-0.conda","license_family":"MIT","name":"n","noarch":"python","subdir":"noarch","#
                + #""timestamp":5000000000000,"track_features":"x y","url":"https://h/n-1.0-0.conda","version":"1.0"}"#)
        #expect(try decode(json) == record)
    }

    @Test func copiesAreIndependent() throws {
        let first = PackageRecord(name: "n", version: try Version("1"), build: "0")
        var second = first
        second.build = "1"
        #expect(first.build == "0")
        #expect(second.build == "1")
        #expect(first != second)
    }
}

/// The order in which packages are linked.
@Suite struct TopologicalSortTests {
    private func record(_ name: String, _ depends: [String] = [], noarch: NoArch? = nil) -> PackageRecord {
        PackageRecord(name: name, version: Version(number: 1), build: "0", depends: depends, noarch: noarch)
    }

    private func order(_ records: [PackageRecord]) -> [String] {
        PackageRecord.topologicallySorted(records).map(\.name)
    }

    @Test func putsDependenciesFirst() {
        let records = [
            record("app", ["flask >=3", "python"], noarch: .python), record("zlib", ["__glibc >=2.17"]),
            record("flask", ["conda-forge::python>=3.9", "jinja2[version='>=3']"], noarch: .python),
            record("jinja2", ["python"], noarch: .python), record("python", ["zlib 1.*", "PIP"]),
            record("pip", ["python"], noarch: .python), record("alone"),
        ]
        #expect(order(records) == ["zlib", "python", "pip", "jinja2", "flask", "app", "alone"])
        #expect(order(records) == order(records.reversed()))
    }

    @Test func linksPythonBeforeNoarchThatForgetsIt() {
        #expect(order([record("a", noarch: .python), record("python")]) == ["python", "a"])
        #expect(order([record("z", noarch: .python), record("python")]) == ["python", "z"])
    }

    @Test func breaksCycles() {
        let ring = [record("a", ["b"]), record("b", ["c"]), record("c", ["a"])]
        #expect(order(ring) == ["a", "c", "b"])
        #expect(order([record("a", ["b"]), record("b", ["a"])]) == ["a", "b"])
        #expect(order(ring) == order(ring.reversed()))
        let noarch = [record("a", ["b"]), record("b", ["a"], noarch: .generic)]
        #expect(order(noarch) == ["a", "b"])
        #expect(order([record("self", ["self"])]) == ["self"])
    }

    @Test func survivesADeepChainAndKeepsNamesakes() {
        let chain = (0..<20_000).map { record("p\($0)", $0 == 0 ? [] : ["p\($0 - 1)"]) }
        #expect(order(chain).first == "p0")
        #expect(order(chain).count == chain.count)
        var other = record("a")
        other.build = "1"
        #expect(order([other, record("a")]) == ["a", "a"])
    }
}
