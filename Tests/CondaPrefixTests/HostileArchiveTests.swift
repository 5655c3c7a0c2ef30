import Foundation
import Testing

@testable import CondaPrefix

/// Archives that must not become an RPM: a rehearsal, as every build makes one, refuses them with the words of an installation.
@Suite struct HostileArchiveTests {
    /// One kind of archive, as a package `evil` or a wheel `evil` beside a python.
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What has to be said.
        let words: String
        var package: (@Sendable (inout PackageMaker) -> Void)?
        var wheel: (@Sendable (inout WheelMaker) -> Void)?
        /// What the record says, where it is not what the archive says.
        var recordName: String?
        var hasPython = true

        init(
            _ title: String, _ words: String, recordName: String? = nil, hasPython: Bool = true,
            package: (@Sendable (inout PackageMaker) -> Void)? = nil,
            wheel: (@Sendable (inout WheelMaker) -> Void)? = nil
        ) {
            (testDescription, self.words, self.package, self.wheel) = (title, words, package, wheel)
            (self.recordName, self.hasPython) = (recordName, hasPython)
        }
    }

    private static func member(_ path: String, _ type: Character, link: String = "", listed: Bool = true)
        -> PackageMaker.Member
    {
        PackageMaker.Member(path: Array(path.utf8), type: type, link: link, entry: listed ? [:] : nil)
    }

    private static let ofArchives: [Case] = [
        Case("a document for conda-meta", "belongs to the installer") { $0.file("conda-meta/evil.json", "{}") },
        Case("one that the list does not name", "conda-meta/ belongs to the prefix") {
            $0.file("conda-meta/evil.json", "{}", entry: nil)
        },
        Case("a path twice in the archive", "a second member has the path 'share/x'") {
            $0.file("share/x", "one")
            $0.file("share/x", "two", entry: nil)
        },
        Case("a path twice in the list", "a second member has the path 'share/x'") {
            $0.file("share/x", "one")
            $0.file("./share//x", "two")
        },
        Case("a path above the prefix", "has a `..` component") { $0.file("../../escaped", "out") },
        Case("one that the list does not name", "has a `..` component") {
            $0.file("a/../../escaped", "out", entry: nil)
        },
        Case("an absolute path", "is absolute") { $0.file("/etc/cron.d/evil", "out", entry: nil) },
        Case("a file through a link out", "leads out of the prefix") {
            $0.symlink("out", to: "../../..")
            $0.file("out/x", "out")
        },
        Case("a file through an absolute link", "leads out of the prefix") {
            $0.symlink("out", to: "/etc")
            $0.file("out/x", "out")
        },
        Case("a file through links in a circle", "leads in a circle of links") {
            $0.symlink("one", to: "./one")
            $0.file("one/x", "out")
        },
        Case("a hard link out", "has a `..` component") { $0.hardlink("x", to: "../../etc/passwd") },
        Case("a hard link to nothing", "which is not an earlier file") { $0.hardlink("x", to: "etc/passwd") },
        Case("a hard link into the metadata", "a hard link into info/") { $0.hardlink("x", to: "info/index.json") },
        Case("a block device", "a block device has no place") { $0.members.append(member("x", "4")) },
        Case("a character device", "a character device has no place") {
            $0.members.append(member("x", "3", listed: false))
        },
        Case("a fifo", "a fifo has no place") { $0.members.append(member("x", "6")) },
        Case("a member of an unknown kind", "member type 'Z'") { $0.members.append(member("x", "Z", listed: false)) },
        Case("paths for Python", "is a part of Python itself") { $0.symlink("bin/python3.11._pth", to: "x") },
        Case("a line end in a name", "has a control character") { $0.file("bin/a\nb", "x") },
        Case("an escape sequence in a name", "has a control character") { $0.file("bin/\u{1b}[31m", "x") },
        Case("a listed file that is not there", "expected the member 'share/x'") {
            $0.members.append(PackageMaker.Member(path: Array("share/x".utf8), isLeftOut: true))
        },
        Case("an archive that was cut", "found the end of the data") {
            $0.file("share/x", "one")
            $0.endsProperly = false
        },
        Case("another name inside", "expected the package other-1.0-0, found evil-1.0-0", recordName: "other") {
            $0.file("share/x", "one")
        },
        Case("another version inside", "expected the package evil-1.0-0, found evil-2.0-0") {
            $0.extraIndex = ["version": "2.0"]
        },
        Case("another build inside", "expected the package evil-1.0-0, found evil-1.0-1") {
            $0.extraIndex = ["build": "1"]
        },
        Case("a command that leaves bin", "a command that is a plain file name") {
            $0.noarch = "python"
            $0.entryPoints = ["../escape = a:b"]
        },
        Case("code in an entry point", "a Python module") {
            $0.noarch = "python"
            $0.entryPoints = ["run = os;os.system('id'):b"]
        },
        Case("modules without a Python", "needs a python package", hasPython: false) { $0.noarch = "python" },
        Case("another interpreter", "is a part of Python itself") {
            $0.depends = ["python"]
            $0.file("bin/python3.11", "#!/bin/sh\n")
        },
        Case("another standard library", "is a part of Python itself") {
            $0.depends = ["python"]
            $0.file("lib/python3.11/os.py", "x = 1\n")
        },
        Case("a standard library elsewhere", "is a part of Python itself") { $0.file("bin/pyvenv.cfg", "home = /tmp") },
        Case("a standard library in an archive", "is a part of Python itself") { $0.file("lib/python311.zip", "PK") },
        Case("a command called python", "is a part of Python itself") {
            $0.noarch = "python"
            $0.depends = ["python"]
            $0.entryPoints = ["python3 = a:b"]
        },
    ]

    private static let ofWheels: [Case] = [
        Case("another interpreter", "is a part of Python itself", wheel: { $0.data("scripts/python", "#!/bin/sh\n") }),
        Case(
            "a command called python", "is a part of Python itself",
            wheel: {
                $0.info("entry_points.txt", "[console_scripts]\npython3 = evil:main\n")
            }),
        Case(
            "another standard library", "is a part of Python itself",
            wheel: {
                $0.data("data/lib/python3.11/os.py", "x = 1\n")
            }),
        Case(
            "a module that Python imports first", "is a part of Python itself",
            wheel: {
                $0.data("data/lib/python3.11/sitecustomize.py", "x = 1\n")
            }),
        Case(
            "a standard library elsewhere", "is a part of Python itself",
            wheel: {
                $0.data("data/pyvenv.cfg", "home = /tmp\n")
            }),
        Case(
            "a document for conda-meta", "which belongs to the installer",
            wheel: {
                $0.data("data/conda-meta/evil.json", "{}")
            }),
        Case("a path above site-packages", "has a `..` component", wheel: { $0.file("../../../bin/evil", "x") }),
        Case("a line end in a name", "has a control character", wheel: { $0.file("evil/a\nb.txt", "x") }),
        Case(
            "other contents than listed", "evil/__init__.py",
            wheel: {
                $0.file("evil/__init__.py", "x = 1\n")
                $0.editMember = { path, bytes in path == "evil/__init__.py" ? Array("x = 2\n".utf8) : bytes }
            }),
        Case(
            "another name inside", "expected evil 1.0",
            wheel: {
                $0.metadata = "Metadata-Version: 2.1\nName: other\nVersion: 1.0\n"
            }),
    ]

    private func make(_ hostile: Case, in scratch: Scratch) throws -> ([PrefixPackage], [PrefixWheel]) {
        var packages: [PrefixPackage] = []
        if hostile.hasPython {
            var python = NoarchPythonTests.python()
            python.file("lib/python3.11/os.py", "import sys\n")
            packages.append(try python.make(in: scratch.archives))
        }
        if let change = hostile.package {
            var maker = PackageMaker("evil")
            change(&maker)
            var package = try maker.make(in: scratch.archives)
            if let name = hostile.recordName { package.record.name = name }
            packages.append(package)
        }
        var wheel = WheelMaker("evil")
        hostile.wheel?(&wheel)
        return (packages, hostile.wheel == nil ? [] : [try wheel.make(in: scratch.archives)])
    }

    @Test(arguments: ofArchives + ofWheels)
    func areRefusedWithTheWordsOfAHost(hostile: Case) throws {
        let scratch = try Scratch()
        let (packages, wheels) = try make(hostile, in: scratch)
        let installer = PrefixInstaller(prefix: scratch.prefix)
        let refusal = #expect(throws: PrefixError.self) { try installer.rehearse(packages, wheels: wheels) }
        #expect(refusal?.description.contains(hostile.words) == true, "\(refusal?.description ?? "")")
        #expect(!FileManager.default.fileExists(atPath: scratch.prefix))
        let onHost = #expect(throws: PrefixError.self) { try installer.install(packages, wheels: wheels) }
        #expect(onHost?.description == refusal?.description)
    }

    private static func directoryThatIsALink(to target: String) -> PackageMaker.Member {
        var link = member("lib64", "2", link: target)
        link.entry = ["path_type": "directory"]
        return link
    }

    /// A list may take a link for a file, as those of old packages do: nothing is put below it then.
    @Test func nothingIsPutBelowALinkThatIsListedAsAFile() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("old")
        maker.listsPlainly = true
        maker.file("lib/x", "x")
        maker.members.append(Self.member("lib64", "2", link: "/etc"))
        maker.file("lib64/y", "y")
        let packages = [try maker.make(in: scratch.archives)]
        let installer = PrefixInstaller(prefix: scratch.prefix)
        #expect(try installer.rehearse(packages) == [packages[0].archivePath: []])
        #expect(try installer.install(packages).clobbers.map(\.path) == ["lib64/y"])
        #expect(try scratch.link("lib64") == "/etc")
    }

    /// A host finds these out only by the file system, in other words.
    @Test(arguments: ["lib", "/etc", ".."])
    func aFileBelowALinkThatIsListedAsADirectory(target: String) throws {
        let scratch = try Scratch()
        var maker = PackageMaker("evil")
        maker.file("lib/x", "x")
        maker.members.append(Self.directoryThatIsALink(to: target))
        maker.file("lib64/y", "y")
        let packages = [try maker.make(in: scratch.archives)]
        let installer = PrefixInstaller(prefix: scratch.prefix)
        let refusal = #expect(throws: PrefixError.self) { try installer.rehearse(packages) }
        #expect(refusal?.description.contains("the path 'lib64' is no directory") == true)
        #expect(throws: PrefixError.self) { try installer.install(packages) }
    }

    /// What looks odd and harms nobody goes into RPM and prefix alike.
    @Test func oddNamesAndModesAreTaken() throws {
        let scratch = try Scratch()
        var maker = PackageMaker("odd")
        maker.file("share/C:\\Windows\\x", "x")
        maker.file("share/nul.txt", "x")
        maker.file("share/Case", "x")
        maker.file("share/case", "y")
        maker.file("bin/suid", "x", mode: 0o6755)
        maker.symlink("share/outside", to: "/nowhere/../etc")
        maker.hardlink("share/again", to: "share/case")
        maker.hardlink("share/once-more", to: "share/again")
        let packages = [try maker.make(in: scratch.archives)]
        let installer = PrefixInstaller(prefix: scratch.prefix)
        #expect(try installer.rehearse(packages) == [packages[0].archivePath: []])
        _ = try installer.install(packages)
        #expect(scratch.mode("bin/suid") == 0o755)
        #expect(try scratch.text("share/once-more") == "y")
        #expect(try PrefixState(prefix: scratch.prefix).verify(includingAdded: true).isEmpty)
    }

    @Test func whatIsKnownIsNotReadAgain() throws {
        let scratch = try Scratch()
        let python = try NoarchPythonTests.python().make(in: scratch.archives)
        var old = PackageMaker("old")
        old.file("lib/x", "x")
        old.members.append(Self.directoryThatIsALink(to: "lib"))
        let package = try old.make(in: scratch.archives)
        let wheel = try WheelMaker("fine").make(in: scratch.archives)
        let installer = PrefixInstaller(prefix: scratch.prefix)
        let found = try installer.rehearse([python, package], wheels: [wheel])
        #expect(found == [python.archivePath: [], package.archivePath: ["lib64"], wheel.path: []])
        #expect(try installer.rehearse([python, package], wheels: [wheel], known: found).isEmpty)
        // What is below such a link is found by what is remembered of it.
        var other = PackageMaker("other")
        other.file("lib64/y", "y")
        let all = [python, package, try other.make(in: scratch.archives)]
        #expect(throws: PrefixError.self) { try installer.rehearse(all, known: found) }
    }
}
