import CondaPrefix
import Foundation
import Testing

@Suite struct InstallTests {
    static let placeholder = "/opt/" + String(repeating: "placeholder_", count: 16) + "end"

    @Test func filesModesAndLinksAreAsPackaged() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        maker.file("bin/plain", "text", mode: 0o4755)
        maker.file("share/open", "text", mode: 0o666)
        maker.file("share/group", "text", mode: 0o664)
        maker.file("bin/group", "text", mode: 0o775)
        maker.file("share/empty", "")
        maker.file("share/odd name\u{e9} \"quoted\"", "odd")
        maker.symlink("lib/dangling", to: "nowhere/at all")
        maker.symlink("lib/directory", to: "../share")
        maker.file("share/unlisted", "x", entry: nil)
        maker.file("empty/", entry: ["path_type": "directory"])
        maker.members[maker.members.count - 1].type = "5"
        try scratch.install([maker.make(in: scratch.archives)])
        #expect(try scratch.text("bin/plain") == "text")
        #expect(scratch.mode("bin/plain") == 0o755)
        #expect(scratch.mode("share/open") == 0o644)
        #expect(scratch.mode("share/group") == 0o644 && scratch.mode("bin/group") == 0o755)
        #expect(try scratch.text("share/odd name\u{e9} \"quoted\"") == "odd")
        #expect(try scratch.link("lib/dangling") == "nowhere/at all")
        #expect(try scratch.link("lib/directory") == "../share")
        #expect(!scratch.exists("share/unlisted"))
        #expect(scratch.mode("empty") == 0o755)
        #expect(try PrefixState(prefix: scratch.prefix).verify(includingAdded: true).isEmpty)
    }

    @Test func namesThatAreNoTextSurviveAndAreVerified() throws {
        let scratch = try Scratch()
        let odd = Array("share/caf".utf8) + [0xE9, 0xFF]
        var maker = PackageMaker("a")
        maker.listsPlainly = true
        maker.members = [
            PackageMaker.Member(path: odd, data: Array("latin".utf8)),
            PackageMaker.Member(path: Array("share/tab\tand \\".utf8), data: Array("odd".utf8)),
        ]
        try scratch.install([maker.make(in: scratch.archives)])
        let path = Array(scratch.prefix.utf8) + [0x2F] + odd + [0]
        let isThere = path.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { access($0.baseAddress!, F_OK) == 0 }
        #expect(isThere)
        #expect(try scratch.text("share/tab\tand \\") == "odd")
        let state = try PrefixState(prefix: scratch.prefix)
        #expect(try state.verify(includingAdded: true).isEmpty)
        _ = path.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { unlink($0.baseAddress!) }
        #expect(try state.verify().count == 1)
    }

    /// Two names that a file system without upper and lower case would take for one.
    @Test func namesThatDifferInCaseAreTwoFiles() throws {
        let scratch = try Scratch()
        var first = PackageMaker("a")
        first.file("share/Name", "upper")
        var second = PackageMaker("b")
        second.file("share/name", "lower")
        let report = try scratch.install([
            first.make(in: scratch.archives), second.make(in: scratch.archives),
        ])
        #expect(try scratch.text("share/Name") == "upper")
        #expect(try scratch.text("share/name") == "lower")
        #expect(report.clobbers.isEmpty)
    }

    @Test func prefixIsReplacedAndBothDigestsRecorded() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        maker.file("bin/tool", "#!\(Self.placeholder)/bin/sh\n", mode: 0o755, placeholder: Self.placeholder)
        maker.file("lib/tool.so", "x\(Self.placeholder)/lib\u{0}y", placeholder: Self.placeholder, binary: true)
        try scratch.install([maker.make(in: scratch.archives)])
        #expect(try scratch.text("bin/tool") == "#!\(scratch.prefix)/bin/sh\n")
        let padding = String(repeating: "\u{0}", count: Self.placeholder.utf8.count - scratch.prefix.utf8.count)
        #expect(try scratch.text("lib/tool.so") == "x\(scratch.prefix)/lib\(padding)\u{0}y")
        let entry = try #require(try scratch.paths("a-1.0-0")["lib/tool.so"])
        #expect(entry["file_mode"] as? String == "binary")
        #expect(entry["prefix_placeholder"] as? String == Self.placeholder)
        #expect(entry["sha256"] as? String != entry["sha256_in_prefix"] as? String)
        #expect(entry["size_in_bytes"] as? Int == Self.placeholder.utf8.count + 7)
    }

    @Test func hardLinksShareTheirFileWhereTheyCan() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        maker.file("bin/first", "plain")
        maker.hardlink("bin/second", to: "bin/first")
        maker.file("etc/raw", "at \(Self.placeholder)")
        maker.hardlink("etc/replaced", to: "etc/raw", placeholder: Self.placeholder)
        maker.file("etc/unlisted", "kept", entry: nil)
        maker.hardlink("etc/listed", to: "etc/unlisted")
        maker.hardlink("etc/listed-too", to: "etc/unlisted")
        try scratch.install([maker.make(in: scratch.archives)])
        #expect(scratch.inode("bin/first") == scratch.inode("bin/second"))
        #expect(try scratch.text("etc/raw") == "at \(Self.placeholder)")
        #expect(try scratch.text("etc/replaced") == "at \(scratch.prefix)")
        #expect(try scratch.text("etc/listed") == "kept")
        #expect(try scratch.text("etc/listed-too") == "kept")
        #expect(try PrefixState(prefix: scratch.prefix).verify().isEmpty)
    }

    @Test func longPrefixIsRefusedBeforeAnythingIsWritten() throws {
        let scratch = try Scratch()
        var roomy = PackageMaker("roomy")
        roomy.file("lib/b", "/short-enough\u{0}", placeholder: "/short-enough", binary: true)
        var tight = PackageMaker("tight")
        tight.file("lib/a", "/short\u{0}", placeholder: "/short", binary: true)
        let packages = [try roomy.make(in: scratch.archives), try tight.make(in: scratch.archives)]
        let error = #expect(throws: PrefixError.self) { try scratch.install(packages) }
        guard case .prefixTooLong(let package, let file, _, let length, let room) = error else {
            Issue.record("unexpected error: \(String(describing: error))")
            return
        }
        #expect((package, file) == ("tight-1.0-0", "lib/a"))
        #expect((length, room) == (scratch.prefix.utf8.count, 6))
        #expect(!FileManager.default.fileExists(atPath: scratch.prefix))
    }

    @Test(arguments: ["relative", "/", "/a/../b", "/a//b", "/a b:c", "/a$b", "/a\nb", "/a\"b"])
    func unusablePrefixIsRefused(prefix: String) throws {
        #expect(throws: PrefixError.self) {
            try PrefixInstaller(prefix: prefix).check([])
        }
    }

    @Test func prefixMustBeEmpty() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        maker.file("bin/tool", "x")
        let package = try maker.make(in: scratch.archives)
        try scratch.install([package])
        let error = #expect(throws: PrefixError.self) { try scratch.install([package]) }
        #expect(error?.description.contains("expected an empty or absent directory") == true)
    }

    @Test func fileThatThePackageListsMustBeThere() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        maker.file("bin/tool", "x")
        maker.members.append(PackageMaker.Member(path: Array("info/extra".utf8), entry: nil))
        maker.file("bin/other", "y")
        var broken = maker
        broken.members[0].path = Array("bin/elsewhere".utf8)
        broken.members[0].entry = ["_path": "bin/tool"]
        let package = try broken.make(in: scratch.archives)
        let error = #expect(throws: PrefixError.self) { try scratch.install([package]) }
        #expect(error?.description.contains("expected the member 'bin/tool'") == true)
    }

    @Test func recordMustNameTheArchivesPackage() throws {
        let scratch = try Scratch()
        var package = try PackageMaker("a").make(in: scratch.archives)
        package.record.name = "b"
        let wrong = package
        let error = #expect(throws: PrefixError.self) { try scratch.install([wrong]) }
        #expect(error?.description.contains("expected the package b-1.0-0, found a-1.0-0") == true)
    }

    @Test func filesThatDifferFromTheListAreReported() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        maker.file("bin/tool", "x", entry: ["sha256": String(repeating: "0", count: 64), "size_in_bytes": 1])
        maker.file("bin/other", "x", entry: ["sha256": String(repeating: "0", count: 64), "size_in_bytes": 2])
        let package = try maker.make(in: scratch.archives)
        for checks in [false, true] {
            let log = EventLog()
            var options = PrefixOptions()
            options.checksContents = checks
            try scratch.install([package], options: options, events: log.add)
            #expect(log.events.contains(.contentsDiffer(package: "a-1.0-0", path: "bin/other")))
            #expect(log.events.contains(.contentsDiffer(package: "a-1.0-0", path: "bin/tool")) == checks)
            let differences = try PrefixState(prefix: scratch.prefix).verify()
            #expect(differences.map(\.path) == (checks ? [] : ["bin/tool"]))
            try FileManager.default.removeItem(atPath: scratch.prefix)
        }
    }

    @Test func documentsAreCondas() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a", depends: ["b >=1"])
        maker.file("bin/tool", "x")
        maker.symlink("bin/link", to: "tool")
        var options = PrefixOptions()
        options.variables = ["NAME": "a \"value\"\n"]
        let packages = [
            try maker.make(in: scratch.archives, specs: ["a ==1.0"]), try PackageMaker("b").make(in: scratch.archives),
        ]
        try scratch.install(packages, options: options)
        let document = try scratch.document("a-1.0-0")
        #expect(document["name"] as? String == "a")
        #expect(document["files"] as? [String] == ["bin/tool", "bin/link"])
        #expect(document["requested_spec"] as? String == "a ==1.0")
        #expect(document["requested_specs"] as? [String] == ["a ==1.0"])
        #expect(document["channel"] as? String == "https://conda.example.org/conda-forge/linux-64")
        #expect(document["url"] as? String == packages[0].record.url)
        #expect((document["link"] as? [String: Any])?["type"] as? Int == 3)
        #expect(document["extracted_package_dir"] == nil)
        #expect(try scratch.paths("a-1.0-0")["bin/link"]?["link_target"] as? String == "tool")
        let history = try scratch.text("conda-meta/history")
        #expect(history.hasPrefix("==> 2023-11-14 22:13:20 <==\n# cmd: "))
        #expect(history.contains("+conda-forge/linux-64::b-1.0-0\n"))
        #expect(history.hasSuffix("# update specs: ['a ==1.0']\n"))
        let state = try JSONSerialization.jsonObject(with: Data(scratch.text("conda-meta/state").utf8))
        #expect((state as? [String: [String: String]])?["env_vars"] == ["NAME": "a \"value\"\n"])
    }

    @Test func resultDependsOnNothingButTheInput() throws {
        var trees: [[String: String]] = []
        let scratch = try Scratch()
        var packages: [PrefixPackage] = []
        for number in 0..<6 {
            var maker = PackageMaker("p\(number)", depends: number > 0 ? ["p\(number - 1)"] : [])
            for file in 0..<20 {
                maker.file("share/\(number)-\(file)", "at \(Self.placeholder)", placeholder: Self.placeholder)
            }
            maker.file("share/common", "from \(number)")
            packages.append(try maker.make(in: scratch.archives, specs: ["p\(number)"]))
        }
        for threads in [1, 4] {
            var options = PrefixOptions()
            options.threads = threads
            try scratch.install(threads == 1 ? packages : packages.reversed(), options: options)
            trees.append(try scratch.tree(scratch.prefix))
            try FileManager.default.removeItem(atPath: scratch.prefix)
        }
        #expect(trees[0] == trees[1])
        #expect(trees[0].count > 120)
    }

    @Test func otherDirectoryIsWrittenForThePrefix() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        maker.file("bin/tool", "at \(Self.placeholder)", placeholder: Self.placeholder)
        maker.file("bin/.a-post-link.sh", "touch $PREFIX/ran")
        let package = try maker.make(in: scratch.archives)
        let installer = PrefixInstaller(prefix: "/opt/elsewhere", destination: scratch.prefix)
        let report = try installer.install([package])
        #expect(try scratch.text("bin/tool") == "at /opt/elsewhere")
        #expect(report.skippedScripts == ["a-1.0-0"])
        #expect(!scratch.exists("ran"))
    }

    @Test func timesAreClampedToTheSourceEpoch() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("a")
        maker.file("new", "x")
        maker.file("changed", "at \(Self.placeholder)", placeholder: Self.placeholder)
        let package = try maker.make(in: scratch.archives)
        try scratch.install([package])
        let tree = try scratch.tree(scratch.prefix)
        #expect(tree["new"]?.contains(" 1600000000 ") == true)
        #expect(tree["changed"]?.contains(" 1600000001 ") == true)
        try FileManager.default.removeItem(atPath: scratch.prefix)
        var options = PrefixOptions()
        options.sourceEpoch = 1_000_000_000
        try scratch.install([package], options: options)
        #expect(try scratch.tree(scratch.prefix)["new"]?.contains(" 1000000000 ") == true)
    }
}
