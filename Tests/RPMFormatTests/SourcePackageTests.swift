import Foundation
import Testing

@testable import RPMFormat

/// Source packages: what rpmbuild makes of the same spec file, and what it makes of them.
@Suite struct SourcePackageTests {
    private static let packages = [RpmbuildTests.package, RpmbuildTests.awkward, noarch]

    /// Made by a program that runs on one architecture only.
    private static let noarch = {
        var package = RPMDescription(
            name: "orders", version: "1", release: "1", architecture: "noarch", summary: "Orders", license: "MIT",
            buildTime: 1_700_000_000)
        package.buildArchitecture = "x86_64"
        package.files = [RPMFile(path: "/opt/a", contents: .data([65]))]
        return package
    }()

    private static func write(_ package: RPMDescription, _ scratch: Scratch) throws -> String {
        let package = package
        return try RPMWriter.writeSource(try SpecText(package), to: "\(scratch.path)/\(package.sourceFileName)").path
    }

    @Test("a source package says what rpmbuild's says", arguments: packages)
    func sameAsRpmbuild(package: RPMDescription) throws {
        let scratch = try Scratch()
        let ours = try Self.write(package, scratch)
        // rpmbuild takes the times from the files, which rpm gives those of the package when it unpacks them.
        let top = "\(scratch.path)/top"
        try #require(try run("rpm", "--install", "--define", "_topdir \(top)", ours).status == 0)
        let spec = "\(top)/SPECS/\(package.name).spec"
        let built = try run("rpmbuild", "-bs", "--target", package.architecture, "--define", "_topdir \(top)", spec)
        try #require(built.status == 0, "\(built.errors)")
        let theirs = try tags(of: "\(top)/SRPMS/\(package.sourceFileName)")
        expectSame(try tags(of: ours), theirs)
        #expect(theirs["Sourcepackage"] != nil && theirs["Payloaddigest"] != nil)
    }

    @Test("rpmbuild --rebuild gives the package that we write", arguments: packages)
    func rebuild(package: RPMDescription) throws {
        let scratch = try Scratch()
        let source = try Self.write(package, scratch)
        let built = try run(
            "rpmbuild", "--rebuild", "--target", package.architecture, "--define", "_topdir \(scratch.path)/top", source
        )
        try #require(built.status == 0, "\(built.errors)")
        let package = package
        let ours = try RPMWriter.write(package, to: "\(scratch.path)/ours.rpm")
        let theirs = "\(scratch.path)/top/RPMS/\(package.architecture)/\(package.fileName)"
        expectSame(try tags(of: ours.path), try tags(of: theirs))
        let plain = try RPMReader(path: theirs)
        #expect(plain.files == (try RPMReader(path: ours.path)).files && plain.sourceRPM == package.sourceFileName)
    }

    @Test("what a program makes is made by rpmbuild, too")
    func rebuildTree() throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        let script = """
            #!/bin/sh
            [ "$1 $2" = "two words --destination" ] && cd "$3" && mkdir -p 'a b'
            cp "$OLDPWD/in/text" 'a b/file'
            chmod 0755 'a b/file'
            touch -d @1500000000 'a b/file'
            ln -s file 'a b/link'
            touch -h -d @1500000001 'a b/link'
            """
        let root = "/opt/made"
        package.trees = [
            RPMTree(
                root: root,
                files: [
                    RPMFile(path: root, contents: .directory, mode: 0o755),
                    RPMFile(path: "\(root)/a b", contents: .directory, mode: 0o755),
                    RPMFile(
                        path: "\(root)/a b/file", contents: .data(Array("text".utf8)), mode: 0o755,
                        modificationTime: 1_500_000_000),
                    RPMFile(
                        path: "\(root)/a b/link", contents: .symlink(target: "file"), modificationTime: 1_500_000_001),
                    RPMFile(path: "\(root)/made-later", contents: .data([]), flags: .ghost),
                ],
                inputs: [
                    .init(path: "make", contents: .data(Array(script.utf8))),
                    .init(path: "in/text", contents: .data(Array("text".utf8))),
                ], program: "make", arguments: ["two words"])
        ]
        #expect(try SpecText(package).sources.suffix(2).map(\.name) == ["make", "text"])
        let source = try Self.write(package, scratch)
        let built = try run("rpmbuild", "--rebuild", "--define", "_topdir \(scratch.path)/top", source)
        try #require(built.status == 0, "\(built.errors)")
        let ours = try RPMWriter.write(package, to: "\(scratch.path)/ours.rpm")
        let theirs = "\(scratch.path)/top/RPMS/\(package.architecture)/\(package.fileName)"
        expectSame(try tags(of: ours.path), try tags(of: theirs))
        #expect(try RPMReader(path: theirs).files == RPMReader(path: ours.path).files)
        #expect(
            try RPMReader(path: theirs).files.contains { $0.path == "\(root)/a b/file" && $0.mode & 0o777 == 0o755 })
    }

    @Test("the same description gives the same source package, which rpm finds whole")
    func sameBytes() throws {
        let (one, two) = (try Scratch(), try Scratch())
        let paths = [try Self.write(try samplePackage(one), one), try Self.write(try samplePackage(two), two)]
        #expect(FileManager.default.contentsEqual(atPath: paths[0], andPath: paths[1]))
        let checked = try run("rpm", "--checksig", "--nosignature", paths[0])
        #expect(checked.status == 0, "\(checked.output)")
        let reader = try RPMReader(path: paths[0])
        #expect(reader.sourceRPM == nil)
        let spec = try #require(reader.files.first { $0.flags.contains(.specFile) })
        #expect(spec.path == "orders.spec")
        let text = try SpecText(try samplePackage(one)).text
        #expect(try reader.contents(of: "orders.spec", limit: 1 << 20) == Array(text.utf8))
    }
}
