import CondaPrefix
import Foundation
import Testing

/// Packages that lie unpacked in directories which several prefixes share.
@Suite struct UnpackedPackageTests {
    private let placeholder = InstallTests.placeholder

    private func tool() -> PackageMaker {
        var tool = PackageMaker("tool")
        tool.file("bin/tool", "#!\(placeholder)/bin/sh\n", mode: 0o755, placeholder: placeholder)
        tool.file("lib/tool.so", "x\(placeholder)/lib\u{0}y", placeholder: placeholder, binary: true)
        tool.file("lib/plain", "plain", mode: 0o4775)
        tool.hardlink("lib/second", to: "lib/plain")
        tool.file("lib/own", "own", entry: ["no_link": true])
        tool.symlink("lib64", to: "lib")
        tool.symlink("share/dangling", to: "nowhere")
        tool.file("share/unlisted", "x", entry: nil)
        tool.file("empty/", entry: ["path_type": "directory"])
        tool.members[tool.members.count - 1].type = "5"
        return tool
    }

    /// Another package's file behind the link of the first.
    private func behindTheLink() -> PackageMaker {
        var other = PackageMaker("other", depends: ["tool"])
        other.file("lib64/other", "other")
        return other
    }

    private func archives(_ scratch: Scratch, _ extra: [PackageMaker] = []) throws -> [PrefixPackage] {
        let makers = [tool(), behindTheLink(), NoarchPythonTests.library(), NoarchPythonTests.python()] + extra
        return try makers.map { maker in
            var package = try maker.make(in: scratch.archives)
            package.record.fileName = "\(maker.name).tar.bz2"
            return package
        }
    }

    /// Unpacks each package below `packages/NAME`.
    private func unpack(_ packages: [PrefixPackage], _ scratch: Scratch) throws -> [PrefixPackage] {
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/packages", withIntermediateDirectories: true)
        return try packages.map { package in
            var unpacked = package
            unpacked.archivePath = "\(scratch.path)/packages/\(package.record.name)"
            try PackageUnpacker.unpack(package, into: unpacked.archivePath)
            return unpacked
        }
    }

    private func inode(_ path: String) -> ino_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_ino : 0
    }

    @Test func thePrefixIsThatOfTheArchives() throws {
        let scratch = try Scratch()
        let packages = try archives(scratch)
        try scratch.install(packages)
        let expected = try scratch.tree(scratch.prefix)
        try FileManager.default.removeItem(atPath: scratch.prefix)
        try scratch.install(unpack(packages, scratch))
        let found = try scratch.tree(scratch.prefix)
        #expect(found.keys.sorted() == expected.keys.sorted())
        for (name, contents) in expected { #expect(found[name] == contents, "\(name)") }
        #expect(try PrefixState(prefix: scratch.prefix).verify(includingAdded: true).map(\.path) == [])
    }

    @Test func plainFilesAreSharedAndOthersAreNot() throws {
        let scratch = try Scratch()
        try scratch.install(unpack(archives(scratch), scratch))
        let package = "\(scratch.path)/packages/tool"
        for shared in ["lib/plain", "lib/second"] { #expect(scratch.inode(shared) == inode("\(package)/\(shared)")) }
        for own in ["bin/tool", "lib/tool.so", "lib/own"] {
            #expect(scratch.exists(own))
            #expect(scratch.inode(own) != inode("\(package)/\(own)"))
        }
        #expect(scratch.mode("lib/plain") == 0o755)
        #expect(scratch.inode("lib/other") == inode("\(scratch.path)/packages/other/lib64/other"))
        #expect(!FileManager.default.fileExists(atPath: "\(package)/share/unlisted"))
    }

    /// A script may write into any file of its prefix, and then it must not be one of other services, too.
    @Test func whereScriptsRunNothingIsShared() throws {
        let scratch = try Scratch()
        var scripted = PackageMaker("scripted", depends: ["tool"])
        scripted.file("bin/.scripted-post-link.sh", "echo more >> $PREFIX/lib/plain")
        try scratch.install(unpack(archives(scratch, [scripted]), scratch))
        #expect(try scratch.text("lib/plain") == "plainmore\n")
        let package = "\(scratch.path)/packages/tool/lib/plain"
        #expect(try String(contentsOfFile: package, encoding: .utf8) == "plain")
    }

    @Test func aDamagedFileIsRefused() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        let digest = "c3ab8ff13720e8ad9047dd39466b3c8974e592c2fa383d4a3960714caef0c4f2"  // of "foobar"
        maker.file("lib/listed", "foobar", entry: ["sha256": digest, "size_in_bytes": 6])
        maker.file("lib/plain", "plain")
        let unpacked = try unpack([maker.make(in: scratch.archives)], scratch)
        let file = "\(scratch.path)/packages/tool/lib/listed"
        try Data("fooba2".utf8).write(to: URL(fileURLWithPath: file))
        let damaged = #expect(throws: PrefixError.self) { try scratch.install(unpacked) }
        #expect(damaged?.description.contains("\(file) is damaged") == true)
        #expect(damaged?.hint?.contains("dnf reinstall $(rpm -qf \(scratch.path)/packages/tool)") == true)
        try FileManager.default.removeItem(atPath: scratch.prefix)
        try FileManager.default.removeItem(atPath: file)
        let missing = #expect(throws: PrefixError.self) { try scratch.install(unpacked) }
        #expect(missing?.description.contains("expected the member 'lib/listed'") == true)
    }

    /// Old packages list no digests; damage must be seen all the same.
    @Test func aListWithoutDigestsIsCompleted() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("old")
        maker.listsPlainly = true
        maker.file("bin/tool", "#!/opt/anaconda1anaconda2anaconda3/bin/sh\n", mode: 0o755)
        maker.file("lib/plain", "plain")
        let unpacked = try unpack([maker.make(in: scratch.archives)], scratch)
        let list = try Data(contentsOf: URL(fileURLWithPath: "\(unpacked[0].archivePath)/info/paths.json"))
        let document = try #require(try JSONSerialization.jsonObject(with: list) as? [String: Any])
        #expect(document["paths_version"] as? Int == 1)
        let entries = try #require(document["paths"] as? [[String: Any]])
        #expect(entries.compactMap { $0["_path"] as? String } == ["bin/tool", "lib/plain"])
        #expect(entries.allSatisfy { ($0["sha256"] as? String)?.count == 64 && $0["sha256_in_prefix"] == nil })
        try scratch.install(unpacked)
        #expect(try PrefixState(prefix: scratch.prefix).verify(includingAdded: true).isEmpty)
        try FileManager.default.removeItem(atPath: scratch.prefix)
        let file = "\(unpacked[0].archivePath)/lib/plain"
        try Data("other".utf8).write(to: URL(fileURLWithPath: file))
        let error = #expect(throws: PrefixError.self) { try scratch.install(unpacked) }
        #expect(error?.description.contains("\(file) is damaged") == true)
    }

    @Test func aSecondNameIsComparedWithItsOwnEntry() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file("lib/first", "text")
        maker.hardlink("lib/second", to: "lib/first")
        maker.members[1].entry = ["sha256": String(repeating: "0", count: 64)]
        let package = try maker.make(in: scratch.archives)
        let error = #expect(throws: PrefixError.self) { try unpack([package], scratch) }
        #expect(error?.description.contains("expected 'lib/second'") == true)
    }

    @Test func anArchiveThatIsNotWhatItListsIsNotUnpacked() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("tool")
        maker.file("lib/listed", "other", entry: ["sha256": String(repeating: "0", count: 64), "size_in_bytes": 5])
        let package = try maker.make(in: scratch.archives)
        let error = #expect(throws: PrefixError.self) { try unpack([package], scratch) }
        #expect(error?.description.contains("expected 'lib/listed' as the package's own list says") == true)
    }

    @Test func whatDiffersIsLinkedAgain() throws {
        let scratch = try Scratch()
        let packages = try unpack(archives(scratch), scratch)
        try scratch.install(packages)
        let expected = try scratch.tree(scratch.prefix)
        for name in ["lib/plain", "bin/tool", "lib/own"] {
            try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(name)")
        }
        let state = try PrefixState(prefix: scratch.prefix)
        let differences = try state.verify(expecting: packages.map(\.record))
        #expect(differences.count == 3)
        let left = try PrefixInstaller(prefix: scratch.prefix).repair(differences, packages: packages)
        #expect(left.isEmpty)
        #expect(try scratch.tree(scratch.prefix) == expected)
        #expect(scratch.inode("lib/plain") == inode("\(scratch.path)/packages/tool/lib/plain"))
    }
}
