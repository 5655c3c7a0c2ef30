import CondaPrefix
import Foundation
import Testing

@Suite struct VerifyTests {
    private func prefix(_ scratch: Scratch) throws -> [PrefixPackage] {
        var tool = PackageMaker("tool")
        tool.file("bin/tool", "#!\(InstallTests.placeholder)\n", mode: 0o755, placeholder: InstallTests.placeholder)
        tool.file("lib/a", "a")
        tool.hardlink("lib/b", to: "lib/a")
        tool.symlink("lib/link", to: "a")
        let packages = [
            try tool.make(in: scratch.archives), try NoarchPythonTests.library().make(in: scratch.archives),
            try NoarchPythonTests.python().make(in: scratch.archives),
        ]
        try scratch.install(packages)
        return packages
    }

    private func differences(_ scratch: Scratch, added: Bool = false) throws -> [String] {
        try PrefixState(prefix: scratch.prefix).verify(includingAdded: added).map { "\($0.kind) \($0.path)" }
    }

    @Test func everyKindOfDifferenceIsFound() throws {
        let scratch = try Scratch()
        _ = try prefix(scratch)
        #expect(try differences(scratch, added: true).isEmpty)
        let modules = "lib/python3.11/site-packages/library"
        try scratch.write("other", to: "bin/tool")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/lib/a")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/lib/link")
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.prefix)/lib/link", withDestinationPath: "b")
        try scratch.write("x = 2", to: "\(modules)/__pycache__/__init__.cpython-311.pyc")
        try scratch.write("#!/bin/sh", to: "bin/run")
        try scratch.write("new", to: "lib/new")
        #expect(
            try differences(scratch, added: true) == [
                "changed bin/run", "changed bin/tool", "missing lib/a", "changed lib/link", "added lib/new",
                "changed \(modules)/__pycache__/__init__.cpython-311.pyc",
            ])
        #expect(try differences(scratch).count == 5)
    }

    @Test func fileInPlaceOfALinkOrDirectoryIsAChange() throws {
        let scratch = try Scratch()
        _ = try prefix(scratch)
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/lib/link")
        try scratch.write("a", to: "lib/link")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/lib/b")
        try FileManager.default.createDirectory(atPath: "\(scratch.prefix)/lib/b", withIntermediateDirectories: false)
        #expect(try differences(scratch) == ["changed lib/b", "changed lib/link"])
    }

    @Test func damagedAndMissingDocumentsAreFound() throws {
        let scratch = try Scratch()
        let packages = try prefix(scratch)
        try scratch.write("{", to: "conda-meta/tool-1.0-0.json")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/conda-meta/library-1.0-0.json")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/conda-meta/history")
        let found = try PrefixState(prefix: scratch.prefix).verify(expecting: packages.map(\.record))
        #expect(
            found.map { "\($0.kind) \($0.path)" } == [
                "missing conda-meta/history", "missing conda-meta/library-1.0-0.json",
                "changed conda-meta/tool-1.0-0.json",
            ])
    }

    @Test func repairMakesThePrefixAsItWas() throws {
        let scratch = try Scratch()
        let packages = try prefix(scratch)
        let before = try scratch.tree(scratch.prefix)
        let untouched = scratch.inode("lib/python3.11/site-packages/library/data.txt")
        let modules = "lib/python3.11/site-packages/library"
        try scratch.write("other", to: "bin/tool")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/lib")
        try scratch.write("#!/bin/sh", to: "bin/run")
        try scratch.write("{", to: "conda-meta/tool-1.0-0.json")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/conda-meta/library-1.0-0.json")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/conda-meta/history")
        let found = try PrefixState(prefix: scratch.prefix).verify(expecting: packages.map(\.record))
        let left = try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: packages)
        #expect(left.isEmpty)
        let after = try scratch.tree(scratch.prefix)
        for (path, contents) in before { #expect(after[path] == contents, "\(path)") }
        #expect(Set(after.keys) == Set(before.keys))
        #expect(scratch.exists("\(modules)/__pycache__/__init__.cpython-311.pyc"))
        #expect(untouched != 0)
    }

    @Test func repairTouchesNothingElse() throws {
        let scratch = try Scratch()
        let packages = try prefix(scratch)
        let inode = scratch.inode("bin/tool")
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/lib/b")
        try scratch.write("added", to: "lib/added")
        let found = try PrefixState(prefix: scratch.prefix).verify(includingAdded: true)
        let left = try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: packages)
        #expect(left.isEmpty)
        #expect(try scratch.text("lib/b") == "a")
        #expect(try scratch.text("lib/added") == "added")
        #expect(scratch.inode("bin/tool") == inode)
    }

    @Test func repairNeedsTheArchive() throws {
        let scratch = try Scratch()
        let packages = try prefix(scratch)
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/lib/b")
        let found = try PrefixState(prefix: scratch.prefix).verify()
        let error = #expect(throws: PrefixError.self) {
            try PrefixInstaller(prefix: scratch.prefix).repair(found, packages: Array(packages.dropFirst()))
        }
        #expect(error?.description == "'lib/b' belongs to tool-1.0-0, whose archive was not given")
    }
}
