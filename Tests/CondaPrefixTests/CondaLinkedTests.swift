import CondaPrefix
import Foundation
import Testing

/// Prefixes that a real conda has linked, or into which it has installed something.
@Suite struct CondaLinkedTests {
    private static let modules = "lib/python3.11/site-packages/library"

    /// A prefix with documents of conda's form.
    private func linked(_ scratch: Scratch, options: PrefixOptions = PrefixOptions()) throws -> [PrefixPackage] {
        var tool = PackageMaker("tool")
        tool.file("bin/tool", "#!\(InstallTests.placeholder)\n", mode: 0o755, placeholder: InstallTests.placeholder)
        tool.symlink("lib/link", to: "a")
        let packages = [
            try tool.make(in: scratch.archives), try NoarchPythonTests.library().make(in: scratch.archives),
            try NoarchPythonTests.python().make(in: scratch.archives),
        ]
        try scratch.install(packages, options: options)
        // The module does not compile; conda lists its byte code all the same.
        let broken = "\(Self.modules)/__pycache__/broken.cpython-311.pyc"
        try scratch.makeDocumentsCondas(uncompiled: ["library-1.0-0.json": [broken]])
        return packages
    }

    private func differences(_ scratch: Scratch, added: Bool = false) throws -> [String] {
        try PrefixState(prefix: scratch.prefix).verify(includingAdded: added).map { "\($0.kind) \($0.path)" }
    }

    @Test func pathsAreFoundByTheListOfFiles() throws {
        let scratch = try Scratch()
        _ = try linked(scratch)
        #expect(try scratch.paths("library-1.0-0")["site-packages/library/data.txt"] != nil)
        let package = try PrefixState(prefix: scratch.prefix).packages.first { $0.record.name == "library" }
        #expect(
            package?.paths.map(\.path) == [
                "\(Self.modules)/__init__.py", "\(Self.modules)/broken.py", "\(Self.modules)/data.txt", "bin/helper",
                "\(Self.modules)/__pycache__/__init__.cpython-311.pyc", "bin/run",
                "\(Self.modules)/__pycache__/broken.cpython-311.pyc",
            ])
        #expect(try differences(scratch, added: true).isEmpty)
    }

    @Test func alteredAndMissingFilesAreFoundAndMended() throws {
        let scratch = try Scratch()
        let packages = try linked(scratch)
        let before = try scratch.tree(scratch.prefix)
        try scratch.write("x = 2\n", to: "\(Self.modules)/__init__.py")
        try scratch.write("longer than before", to: "bin/run")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(Self.modules)/data.txt")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/bin/helper")
        try FileManager.default.removeItem(
            atPath: "\(scratch.prefix)/\(Self.modules)/__pycache__/__init__.cpython-311.pyc")
        #expect(
            try differences(scratch) == [
                "missing bin/helper", "changed bin/run", "changed \(Self.modules)/__init__.py",
                "missing \(Self.modules)/__pycache__/__init__.cpython-311.pyc", "missing \(Self.modules)/data.txt",
            ])
        let found = try PrefixState(prefix: scratch.prefix).verify()
        #expect(try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: packages).isEmpty)
        let after = try scratch.tree(scratch.prefix)
        for (path, contents) in before where !path.hasPrefix("conda-meta/") {
            #expect(after[path] == contents, "\(path)")
        }
    }

    /// conda records nothing of these; what is there when it has linked is what was meant.
    @Test func aCompletedPrefixTellsWhatCondaDoesNot() throws {
        let scratch = try Scratch()
        _ = try linked(scratch)
        var options = PrefixOptions()
        options.variables = ["NAME": "value"]
        try PrefixState(prefix: scratch.prefix).complete(options)
        #expect(try differences(scratch, added: true).isEmpty)
        #expect(try scratch.text("conda-meta/state").contains("\"NAME\" : \"value\""))
        let command = try scratch.text("bin/run")
        try scratch.write(command.replacing("library", with: "1ibrary"), to: "bin/run")
        let bytecode = "\(Self.modules)/__pycache__/__init__.cpython-311.pyc"
        try scratch.write(try scratch.text(bytecode).replacing("1", with: "2"), to: bytecode)
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/lib/link")
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.prefix)/lib/link", withDestinationPath: "b")
        #expect(try differences(scratch) == ["changed bin/run", "changed lib/link", "changed \(bytecode)"])
    }

    /// rattler and micromamba have a tab where conda and we have blanks.
    @Test func anEntryPointInAnothersWordsIsMendedInOurs() throws {
        let scratch = try Scratch()
        let packages = try linked(scratch)
        let ours = try scratch.text("bin/run")
        try scratch.write(ours.replacing("    ", with: "\t"), to: "bin/run")
        try PrefixState(prefix: scratch.prefix).complete(PrefixOptions())
        #expect(try differences(scratch).isEmpty)
        try scratch.write("#!/bin/sh\n", to: "bin/run")
        let found = try PrefixState(prefix: scratch.prefix).verify()
        #expect(found.map(\.path) == ["bin/run"])
        #expect(try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: packages).isEmpty)
        #expect(try scratch.text("bin/run") == ours)
        #expect(try differences(scratch).isEmpty)
    }

    @Test func whatLinkScriptsHaveChangedIsNoDamage() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file("share/changed", "before")
        maker.file("share/kept", "before")
        maker.file("bin/.tool-post-link.sh", "true")
        try scratch.install([maker.make(in: scratch.archives)])
        try scratch.write("after", to: "share/changed")
        #expect(try differences(scratch) == ["changed share/changed"])
        try PrefixState(prefix: scratch.prefix).complete(PrefixOptions())
        #expect(try differences(scratch).isEmpty)
        try scratch.write("damage", to: "share/kept")
        #expect(try differences(scratch) == ["changed share/kept"])
    }

    /// conda's `_do_softlink` and `_do_copy`: what an absolute link leads to is copied to its place, and recorded as the link.
    @Test func aCopyInTheLinksPlaceIsNoDamage() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.symlink("etc/zone", to: "/etc/zone")
        let packages = [try maker.make(in: scratch.archives)]
        try scratch.install(packages)
        try scratch.makeDocumentsCondas()
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/etc/zone")
        try scratch.write("UTC\n", to: "etc/zone")
        #expect(try differences(scratch) == ["changed etc/zone"])
        try PrefixState(prefix: scratch.prefix).complete(PrefixOptions())
        #expect(try differences(scratch).isEmpty)
        let sources = try PrefixSources(
            prefix: scratch.prefix, packages: packages, wheels: [], trusted: nil, isLinkedByAnother: true)
        #expect(try PrefixState(prefix: scratch.prefix).verify(against: sources).isEmpty)
        try scratch.write("GMT\n", to: "etc/zone")
        let found = try PrefixState(prefix: scratch.prefix).verify()
        #expect(found.map(\.path) == ["etc/zone"])
        #expect(try PrefixState(prefix: scratch.prefix).verify(against: sources).map(\.path) == ["etc/zone"])
        #expect(try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: packages).isEmpty)
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: "\(scratch.prefix)/etc/zone") == "/etc/zone")
        #expect(try differences(scratch).isEmpty)
    }

    /// What the archive has is all that a repair can give back; it has to be content with that.
    @Test func whatLinkScriptsHaveChangedIsMendedAsItWasPacked() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file("share/changed", "before")
        maker.file("bin/.tool-post-link.sh", "true")
        let packages = [try maker.make(in: scratch.archives)]
        try scratch.install(packages)
        try scratch.write("after", to: "share/changed")
        try PrefixState(prefix: scratch.prefix).complete(PrefixOptions())
        try scratch.write("damage", to: "share/changed")
        let found = try PrefixState(prefix: scratch.prefix).verify()
        #expect(try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: packages).isEmpty)
        #expect(try scratch.text("share/changed") == "before")
    }

    /// `conda install library=2` of an administrator: its document and its files are there instead of those of 1.0.
    @Test func anotherVersionMakesWayForTheOneThatShouldBeThere() throws {
        let scratch = try Scratch()
        let packages = try linked(scratch)
        var other = NoarchPythonTests.library()
        other.version = "2.0"
        other.file("site-packages/library/new.py", "y = 1\n")
        let elsewhere = try Scratch()
        try elsewhere.install([
            other.make(in: elsewhere.archives), NoarchPythonTests.python().make(in: elsewhere.archives),
        ])
        try elsewhere.makeDocumentsCondas()
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/conda-meta/library-1.0-0.json")
        for path in [
            "conda-meta/library-2.0-0.json", "\(Self.modules)/new.py",
            "\(Self.modules)/__pycache__/new.cpython-311.pyc",
        ] {
            try FileManager.default.copyItem(
                atPath: "\(elsewhere.prefix)/\(path)", toPath: "\(scratch.prefix)/\(path)")
        }
        let found = try PrefixState(prefix: scratch.prefix).verify(expecting: packages.map(\.record))
        #expect(found.map { "\($0.kind) \($0.path)" }.contains("missing conda-meta/library-1.0-0.json"))
        #expect(try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: packages).isEmpty)
        #expect(!scratch.exists("conda-meta/library-2.0-0.json"))
        #expect(!scratch.exists("\(Self.modules)/new.py"))
        #expect(try differences(scratch, added: true).isEmpty)
    }

    /// A package of the administrator's own cannot be mended; everything else is.
    @Test func whatHasNoArchiveKeepsNothingElseFromBeingMended() throws {
        let scratch = try Scratch()
        let packages = try linked(scratch)
        for path in ["lib/link", "\(Self.modules)/data.txt"] {
            try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(path)")
        }
        let found = try PrefixState(prefix: scratch.prefix).verify()
        let error = #expect(throws: PrefixError.self) {
            try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: Array(packages.dropFirst()))
        }
        #expect(error?.description == "'lib/link' belongs to tool-1.0-0, whose archive was not given")
        #expect(try scratch.text("\(Self.modules)/data.txt") == "data\n")
    }
}
