import Foundation
import HostSystem
import Testing

@testable import CondaPrefix

/// A prefix is compared with the archives it was made of: what it says of itself does not count.
@Suite struct PrefixSourcesTests {
    private static let placeholder =
        "/opt/placehold_placehold_placehold_placehold_placehold_placehold_placehold_placehold_placehold_placehold_placehold"

    private static func listed(_ data: [UInt8]) -> [String: Any] {
        ["sha256": FileLinker.digest(of: data), "size_in_bytes": data.count]
    }

    private func tool() -> PackageMaker {
        var tool = PackageMaker("tool")
        let script = Array("#!/bin/sh\ncd \(Self.placeholder)\n".utf8)
        tool.file("bin/tool", script, mode: 0o755, placeholder: Self.placeholder, entry: Self.listed(script))
        let library = Array("ELF\u{0}\(Self.placeholder)/lib:\(Self.placeholder)/x\u{0}end\u{0}".utf8)
        tool.file("lib/library", library, placeholder: Self.placeholder, binary: true, entry: Self.listed(library))
        let text = Array("text".utf8)
        tool.file("lib/plain", text, entry: Self.listed(text))
        // Its list is wrong, as those of some packages are.
        tool.file("lib/wrong", Array("another text".utf8), entry: Self.listed(text))
        tool.file("lib/unlisted", "unlisted")
        tool.hardlink("lib/second", to: "lib/plain")
        tool.symlink("lib/link", to: "plain")
        return tool
    }

    private func packages(_ scratch: Scratch, _ makers: [PackageMaker] = []) throws -> [PrefixPackage] {
        try ([tool(), NoarchPythonTests.library(), NoarchPythonTests.python()] + makers).map {
            try $0.make(in: scratch.archives)
        }
    }

    private func differences(
        _ scratch: Scratch, _ packages: [PrefixPackage], _ wheels: [PrefixWheel] = [], trusted: Set<String>? = nil,
        added: Bool = false
    ) throws -> [String] {
        let sources = try PrefixSources(prefix: scratch.prefix, packages: packages, wheels: wheels, trusted: trusted)
        return try PrefixState(prefix: scratch.prefix).verify(against: sources, includingAdded: added)
            .map { "\($0.kind) \($0.path)" }
    }

    /// Changes a file, and what the prefix says of it.
    private func forge(_ scratch: Scratch, _ document: String, _ path: String, _ text: String) throws {
        // Other names of the file stay as they are.
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(path)")
        try scratch.write(text, to: path)
        var forged = try scratch.document(document)
        var data = forged["paths_data"] as? [String: Any] ?? [:]
        let digest = FileLinker.digest(of: Array(text.utf8))
        data["paths"] = (data["paths"] as? [[String: Any]])?.map { entry in
            guard entry["_path"] as? String == path else { return entry }
            return entry.merging(["sha256": digest, "sha256_in_prefix": digest, "size_in_bytes": text.utf8.count]) {
                $1
            }
        }
        forged["paths_data"] = data
        try JSONSerialization.data(withJSONObject: forged)
            .write(to: URL(fileURLWithPath: "\(scratch.prefix)/conda-meta/\(document).json"))
    }

    @Test func aPrefixAsItWasMadeIsWhole() throws {
        let scratch = try Scratch()
        let packages = try packages(scratch)
        try scratch.install(packages)
        #expect(try differences(scratch, packages, added: true) == [])
        #expect(try differences(scratch, packages, trusted: [], added: true) == [])
    }

    @Test(arguments: [
        ("tool-1.0-0", "lib/plain"), ("tool-1.0-0", "lib/library"), ("tool-1.0-0", "bin/tool"),
        ("tool-1.0-0", "lib/unlisted"), ("tool-1.0-0", "lib/wrong"),
        ("library-1.0-0", "lib/python3.11/site-packages/library/data.txt"), ("python-3.11.7-0", "bin/python3.11"),
    ])
    func aForgedRecordDoesNotHideAChange(document: String, path: String) throws {
        let scratch = try Scratch()
        let packages = try packages(scratch)
        try scratch.install(packages)
        try forge(scratch, document, path, "forged")
        #expect(try PrefixState(prefix: scratch.prefix).verify().isEmpty)
        #expect(try differences(scratch, packages) == ["changed \(path)"])
    }

    @Test func aScriptInOtherWordsCountsOnlyWhereItsRecordDoes() throws {
        let scratch = try Scratch()
        let packages = try packages(scratch)
        try scratch.install(packages)
        try forge(scratch, "library-1.0-0", "bin/run", "#!/bin/sh\n")
        #expect(try differences(scratch, packages, trusted: ["conda-meta/library-1.0-0.json"]) == [])
        #expect(try differences(scratch, packages, trusted: []) == ["changed bin/run"])
    }

    @Test func aLinkIsComparedWithTheArchiveWhereNoRecordCounts() throws {
        let scratch = try Scratch()
        let packages = try packages(scratch)
        try scratch.install(packages)
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/lib/link")
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.prefix)/lib/link", withDestinationPath: "wrong")
        let path = "\(scratch.prefix)/conda-meta/tool-1.0-0.json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try Data(text.replacing("\"plain\"", with: "\"wrong\"").utf8).write(to: URL(fileURLWithPath: path))
        #expect(try differences(scratch, packages, trusted: []) == ["changed lib/link"])
    }

    @Test func whatIsGoneOrAnotherKindIsFound() throws {
        let scratch = try Scratch()
        let packages = try packages(scratch)
        try scratch.install(packages)
        for path in ["lib/plain", "lib/second", "lib/link", "bin/run"] {
            try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(path)")
        }
        try FileManager.default.createDirectory(
            atPath: "\(scratch.prefix)/lib/second", withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.prefix)/bin/run", withDestinationPath: "tool")
        #expect(
            try differences(scratch, packages) == [
                "changed bin/run", "missing lib/link", "missing lib/plain", "changed lib/second",
            ])
    }

    @Test func repairTakesNothingFromForgedRecords() throws {
        let scratch = try Scratch()
        let packages = try packages(scratch)
        try scratch.install(packages)
        let before = try scratch.tree(scratch.prefix)
        try forge(scratch, "tool-1.0-0", "lib/library", "forged")
        let sources = try PrefixSources(prefix: scratch.prefix, packages: packages, wheels: [], trusted: [])
        var found = try PrefixState(prefix: scratch.prefix).verify(against: sources)
        found.append(PrefixDifference(path: "conda-meta/tool-1.0-0.json", kind: .changed, package: nil))
        #expect(try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: packages).isEmpty)
        #expect(try scratch.tree(scratch.prefix) == before)
    }

    /// What an administrator's conda has added has its record and no archive here.
    @Test func addedPackagesAreComparedWithTheirRecords() throws {
        let scratch = try Scratch()
        var own = PackageMaker("own")
        own.file("share/own", "own")
        let all = try packages(scratch, [own])
        try scratch.install(all)
        let packages = Array(all.dropLast())
        #expect(try differences(scratch, packages, added: true) == [])
        try scratch.write("x", to: "share/own")
        try scratch.write("x", to: "share/other")
        #expect(try differences(scratch, packages, added: true) == ["added share/other", "changed share/own"])
    }

    @Test func linkScriptsMayChangeWhatTheRecordsTell() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("changing")
        let text = Array("before".utf8)
        maker.file("share/changed", text, entry: Self.listed(text))
        maker.file("bin/.changing-post-link.sh", "echo after >\"$PREFIX/share/changed\"\n")
        let packages = try [maker.make(in: scratch.archives)]
        try scratch.install(packages)
        #expect(try scratch.text("share/changed") == "after\n")
        #expect(try differences(scratch, packages) == [])
        #expect(try differences(scratch, packages, trusted: []) == ["changed share/changed"])
    }

    @Test func wheelsAreComparedWithTheirFiles() throws {
        let scratch = try Scratch()
        let packages = try packages(scratch)
        let wheel = try WheelTests.client().make(in: scratch.archives)
        _ = try PrefixInstaller(prefix: scratch.prefix).install(packages, wheels: [wheel])
        #expect(try differences(scratch, packages, [wheel], added: true) == [])
        let modules = "lib/python3.11/site-packages"
        let paths = ["bin/orders", "bin/tool", "\(modules)/orders_client/__init__.py"]
        var record = try scratch.text("\(modules)/orders_client-1.2.dist-info/RECORD")
        for path in paths {
            let old = try Data(contentsOf: URL(fileURLWithPath: "\(scratch.prefix)/\(path)"))
            record = record.replacing(
                WheelRecord.Row.digest(of: Digest.sha256(old)),
                with: WheelRecord.Row.digest(of: Digest.sha256(Array("forged".utf8))))
            try scratch.write("forged", to: path)
        }
        try scratch.write(record, to: "\(modules)/orders_client-1.2.dist-info/RECORD")
        #expect(
            try differences(scratch, packages, [wheel]).filter { !$0.contains("bin/tool") }
                == ["changed bin/orders", "changed \(modules)/orders_client/__init__.py"])
        #expect(try differences(scratch, packages, [wheel]).contains("changed bin/tool"))
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(modules)/orders_client-1.2.dist-info/RECORD")
        #expect(
            try differences(scratch, packages, [wheel]).filter { $0.hasSuffix("RECORD") }
                == ["missing \(modules)/orders_client-1.2.dist-info/RECORD"])
    }

    @Test(arguments: [
        ("before /placeholder/a:/placeholder/b after", false), ("x\u{0}/placeholder/lib\u{0}y\u{0}", true),
        ("/placeholder/a:/placeholder\u{0}/placeholder\u{0}", true), ("/placeholder without an end", true),
        ("nothing", false), ("nothing\u{0}", true), ("/placeholder\u{0}\u{0}\u{0}\u{0}/placeholder\u{0}", true),
    ])
    func aReplacedFileIsRecognisedWithoutTheOriginal(text: String, isBinary: Bool) throws {
        let replacement = PrefixReplacement(
            placeholder: "/placeholder", prefix: "/new", mode: isBinary ? .binary : .text)
        let original = Array(text.utf8)
        let digest = FileLinker.digest(of: original)
        var made = original
        let isChanged = try replacement.apply(to: &made)
        #expect(replacement.makes(made, from: digest))
        // Not the original itself, nor one with a byte changed anywhere.
        #expect(replacement.makes(original, from: digest) == !isChanged)
        for index in made.indices {
            var other = made
            other[index] ^= 1
            #expect(!replacement.makes(other, from: digest))
        }
        #expect(!replacement.makes(made + [0], from: digest))
    }
}
