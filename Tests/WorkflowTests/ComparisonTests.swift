import CondaModel
import Foundation
import ServiceRelease
import Testing

@testable import Workflow

@Suite struct ComparisonTests {
    private func contents(_ items: [Contents.Item]) -> Contents { Contents(title: "orders", items: items) }

    private func item(
        _ name: String, _ version: String, build: String? = "0", license: String? = nil, sha256: String? = nil,
        kind: Contents.Item.Kind = .conda
    ) -> Contents.Item {
        Contents.Item(kind: kind, name: name, version: version, build: build, license: license, sha256: sha256)
    }

    @Test func whatAHostHasInServiceIsASide() throws {
        let host = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { try? FileManager.default.removeItem(atPath: host) }
        for folder in ["usr/bin", "srv/orders/releases"] {
            try FileManager.default.createDirectory(atPath: "\(host)/\(folder)", withIntermediateDirectories: true)
        }
        var new = contents([item("a", "2")])
        #expect(throws: WorkflowError.self) { try ComparisonSide.installed(like: new, host: host) }
        new.name = "orders"
        #expect(throws: WorkflowError.self) { try ComparisonSide.installed(like: new, host: host) }
        let record = PackageRecord(name: "a", version: try Version("1"), build: "0")
        let release = Release(
            name: "orders", version: "1", release: "1", summary: "", inputs: "", tool: "",
            target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
            prefix: "/srv/orders", requested: [], channels: [],
            packages: [BundledPackage(record: record, requested: [])], installedSize: 0)
        try Data(try release.json()).write(to: URL(fileURLWithPath: "\(host)/srv/orders/releases/.1-1.json"))
        for (path, target) in [
            ("usr/bin/orders-release", "/srv/orders/bundle/1-1/conda-rpm-host"),
            ("srv/orders/current", "releases/1-1"),
        ] {
            try FileManager.default.createSymbolicLink(atPath: "\(host)/\(path)", withDestinationPath: target)
        }
        let comparison = Comparison(try ComparisonSide.installed(like: new, host: host), new)
        #expect(comparison.changed.map(\.move) == [.up])
    }

    @Test func packagesComeAndGo() {
        let comparison = Comparison(
            contents([item("a", "1"), item("b", "1")]), contents([item("b", "1"), item("c", "2")]))
        #expect(comparison.removed.map(\.name) == ["a"])
        #expect(comparison.added.map(\.name) == ["c"])
        #expect(comparison.changed.isEmpty)
    }

    @Test(arguments: [
        ("1.9", "1.10", Comparison.Move.up), ("2.0", "2.0rc1", .down), ("1!1.0", "2.0", .down),
        ("1.0", "1.0.post1", .up),
    ])
    func versionsAreOrderedAsCondaOrdersThem(from: String, to: String, move: Comparison.Move) {
        let comparison = Comparison(contents([item("a", from)]), contents([item("a", to)]))
        #expect(comparison.changed.map(\.move) == [move])
    }

    @Test func theSameVersionMayBeBuiltAnewOrComeFromElsewhere() {
        func move(_ from: Contents.Item, _ to: Contents.Item) -> [Comparison.Move] {
            Comparison(contents([from]), contents([to])).changed.map(\.move)
        }
        #expect(move(item("a", "1", build: "h1_0"), item("a", "1", build: "h2_1")) == [.rebuilt])
        #expect(move(item("a", "1", sha256: "x"), item("a", "1", sha256: "y")) == [.rebuilt])
        #expect(move(item("a", "1", sha256: "x"), item("a", "1", sha256: nil)) == [])
        #expect(move(item("ruamel.yaml", "1"), item("ruamel_yaml", "1", build: nil, kind: .wheel)) == [.moved])
    }

    @Test func whatOneSideCannotTellIsNoDifference() {
        var old = contents([item("a", "1", license: "MIT")])
        old.files = ["/etc/a": "x"]
        old.commands = ["a"]
        old.size = 5
        let comparison = Comparison(old, contents([item("a", "1")]))
        #expect(comparison.isEmpty)
        #expect(comparison.size == nil)
    }

    @Test func filesCommandsAndLicencesAreCompared() {
        var (old, new) = (contents([item("a", "1", license: "MIT")]), contents([item("a", "1", license: "BSD")]))
        (old.files, new.files) = (["/a": "1", "/b": "1", "/c": "1"], ["/b": "2", "/c": "1", "/d": "1"])
        (old.commands, new.commands) = (["x", "y"], ["y", "z"])
        (old.size, new.size) = (10, 12)
        let comparison = Comparison(old, new)
        #expect(comparison.licenses == [.init(name: "a", from: "MIT", to: "BSD")])
        #expect(comparison.files.added == ["/d"] && comparison.files.removed == ["/a"])
        #expect(comparison.files.changed == ["/b"])
        #expect(comparison.commands.added == ["z"] && comparison.commands.removed == ["x"])
        #expect(comparison.size == .init(10, 12))
    }
}

@Suite struct ManifestDifferenceTests {
    @Test(arguments: [
        (#"{"a":1,"b":[1,2]}"#, #"{"b":[1,2],"a":1}"#, []),
        (#"{"rpm":{"keep":1}}"#, #"{"rpm":{"keep":2}}"#, ["rpm.keep changed from 1 to 2"]),
        (#"{"d":["a","b"]}"#, #"{"d":["b","c >1"]}"#, ["d: c >1 was added", "d: a was removed"]),
        (#"{"d":["a","b"]}"#, #"{"d":["b","a"]}"#, ["d: the order is another one"]),
        (#"{}"#, #"{"d":["a"]}"#, ["d: a was added"]), (#"{"s":"x"}"#, #"{}"#, ["s changed from x to nothing"]),
        (#"{"l":[{"a":1}]}"#, #"{"l":[{"a":2}]}"#, [#"l: {"a":2} was added"#, #"l: {"a":1} was removed"#]),
    ])
    func keysAreNamed(old: String, new: String, lines: [String]) throws {
        #expect(try ManifestDifference.lines(old, new) == lines)
    }
}
