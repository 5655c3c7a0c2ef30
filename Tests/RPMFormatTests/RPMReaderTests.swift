import Foundation
import Testing

@testable import RPMFormat

@Suite struct RPMReaderTests {
    @Test("what was written is read back")
    func roundTrip() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let written = try RPMWriter.write(package, to: "\(scratch.path)/a.rpm")
        let reader = try RPMReader(path: written.path)
        #expect(
            reader.name == "orders" && reader.version == "2.4.0" && reader.release == "1.el9" && reader.epoch == nil)
        #expect(reader.summary == package.summary && reader.description == package.description)
        #expect(reader.license == package.license && reader.vendor == package.vendor && reader.url == package.url)
        #expect(reader.architecture == "x86_64" && reader.buildTime == package.buildTime)
        #expect(reader.sourceRPM == "orders-2.4.0-1.el9.src.rpm" && reader.buildHost == "localhost")
        #expect(reader.prefixes == package.prefixes && reader.changelog == package.changelog)
        #expect(
            reader.scriptlets.post?.body == "echo post" && reader.scriptlets.postun?.interpreter == ["/bin/sh", "-e"])
        #expect(reader.scriptlets.posttrans?.interpreter == ["<lua>"] && reader.scriptlets.pretrans == nil)
        #expect(Set(package.requires).isSubset(of: reader.requires))
        #expect(reader.conflicts == package.conflicts && reader.obsoletes == package.obsoletes)
        #expect(reader.provides.map(\.description).contains("orders(x86-64) = 2.4.0-1.el9"))
        #expect(reader.files.map(\.path) == package.files.map(\.path).sorted())
        #expect(reader.signature.sha256 == written.headerSHA256 && !reader.signature.isSigned)
        #expect(reader.signature.md5?.count == 16 && reader.signature.sha1?.count == 40 && reader.size == written.size)
        let bundle = try #require(reader.files.first { $0.path == "/opt/orders/bundle" })
        #expect(bundle.kind == .directory && bundle.mode == 0o750 && bundle.user == "daemon" && bundle.digest == nil)
        let archive = try #require(reader.files.first { $0.path.hasSuffix("archive.conda") })
        #expect(archive.modificationTime == 1_650_000_000 && archive.size == 300_000)
        #expect(
            archive.digest == String(try run("sha256sum", "\(scratch.path)/source/archive.conda").output.prefix(64)))
    }

    @Test(
        "a file comes out of any payload",
        arguments: [
            RPMPayload.uncompressed, .gzip(level: 1), .xz(level: 0), .zstd(level: 1),
        ])
    func contents(payload: RPMPayload) throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        package.payload = payload
        let reader = try RPMReader(path: try RPMWriter.write(package, to: "\(scratch.path)/a.rpm").path)
        #expect(try reader.contents(of: "/opt/orders/bundle/archive.conda", limit: 300_000) == noise(300_000))
        #expect(try reader.contents(of: "/opt/orders/bundle/empty", limit: 0) == [])
        #expect(try reader.contents(of: "/opt/orders/bundle/release.json", limit: 10) == Array("{}\n".utf8))
        for missing in [
            "/opt/orders", "/usr/bin/orders", "/opt/orders/current", "/nope", "", "opt/orders/bundle/release.json",
        ] {
            #expect(throws: RPMError.noSuchFile(path: missing, package: reader.path)) {
                try reader.contents(of: missing, limit: 10)
            }
        }
    }

    @Test("everything is unpacked below a directory")
    func extract() throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        package.payload = .zstd(level: 1)
        let reader = try RPMReader(path: try RPMWriter.write(package, to: "\(scratch.path)/a.rpm").path)
        let target = "\(scratch.path)/root"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
        try reader.extract(to: target)
        let expected = try run("sh", "-c", "mkdir x; cd x; rpm2cpio ../a.rpm | cpio -idm --quiet", in: scratch.path)
        #expect(expected.status == 0, "\(expected.errors)")
        // cpio makes parents with the umask's modes; compare what the package itself has.
        let listing =
            "cd $0; find . -name orders -prune -o -print | sort; find . -type f -printf '%p %m %s %T@\\n' | sort; readlink usr/bin/orders"
        #expect(try run("sh", "-c", listing, target).output == run("sh", "-c", listing, "\(scratch.path)/x").output)
        #expect(try run("diff", "-r", "--no-dereference", target, "\(scratch.path)/x").output == "")
        #expect(throws: RPMError.self) { try reader.extract(to: target) }
    }

    @Test("links below the target are not followed")
    func extractThroughLink() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let reader = try RPMReader(path: try RPMWriter.write(package, to: "\(scratch.path)/a.rpm").path)
        for name in ["opt", "etc"] {
            let target = "\(scratch.path)/root-\(name)"
            try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: true)
            try FileManager.default.createDirectory(
                atPath: "\(scratch.path)/outside", withIntermediateDirectories: true)
            try FileManager.default.createSymbolicLink(
                atPath: "\(target)/\(name)", withDestinationPath: "\(scratch.path)/outside")
            #expect(throws: RPMError.self) { try reader.extract(to: target) }
            #expect(try scratch.listing("outside").isEmpty)
        }
    }

    @Test("hard links of other writers' packages are unpacked and read")
    func hardLinks() throws {
        let scratch = try Scratch()
        let spec = """
            Name: linked
            Version: 1
            Release: 1
            Summary: links
            License: MIT
            AutoReqProv: no
            %description
            links
            %install
            mkdir -p %{buildroot}/opt/a %{buildroot}/opt/b
            printf hello > %{buildroot}/opt/a/one
            ln %{buildroot}/opt/a/one %{buildroot}/opt/a/two
            ln %{buildroot}/opt/a/one %{buildroot}/opt/b/three
            printf other > %{buildroot}/opt/b/four
            %files
            /opt/a
            /opt/b
            """
        let built = try run(
            "rpmbuild", "-bb", "--target", "noarch", "--define", "_topdir \(scratch.path)/top", "--define",
            "__os_install_post %{nil}", try scratch.file("linked.spec", spec.utf8))
        try #require(built.status == 0, "\(built.errors)")
        let reader = try RPMReader(path: "\(scratch.path)/top/RPMS/noarch/linked-1-1.noarch.rpm")
        for path in ["/opt/a/one", "/opt/a/two", "/opt/b/three"] {
            #expect(try reader.contents(of: path, limit: 10) == Array("hello".utf8))
        }
        #expect(try reader.contents(of: "/opt/b/four", limit: 10) == Array("other".utf8))
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/root", withIntermediateDirectories: true)
        try reader.extract(to: "\(scratch.path)/root")
        let links = try run("sh", "-c", "cd \(scratch.path)/root; find . -type f -printf '%n %s %p\\n' | sort").output
        #expect(links == "1 5 ./opt/b/four\n3 5 ./opt/a/one\n3 5 ./opt/a/two\n3 5 ./opt/b/three\n")
    }

    @Test("names are bytes: spellings and combining marks survive")
    func names() throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        let paths = ["/opt/e\u{301}/a", "/opt/\u{e9}/a", "/opt/\u{e9}/\u{301}b"]
        package.files = paths.enumerated().map { RPMFile(path: $1, contents: .data([UInt8($0)])) }
        let reader = try RPMReader(path: try RPMWriter.write(package, to: "\(scratch.path)/a.rpm").path)
        #expect(reader.files.map { Array($0.path.utf8) } == paths.map { Array($0.utf8) })
        for (index, path) in paths.enumerated() {
            #expect(try reader.contents(of: path, limit: 1) == [UInt8(index)])
        }
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/root", withIntermediateDirectories: true)
        try reader.extract(to: "\(scratch.path)/root")
        #expect(try scratch.listing("root/opt").count == 2)
    }

    @Test(
        "a path that climbs out of the target is refused, however it is written",
        arguments: [
            "/opt/../../outside", "/opt/../\u{301}x", "/../x",
        ])
    func climbing(path: String) throws {
        let scratch = try Scratch()
        let root = try ExtractionRoot(scratch.path, package: "a.rpm")
        #expect(throws: RPMError.unsafePath(path: path, package: "a.rpm", reason: "it is not normalised")) {
            try root.makeDirectory(path)
        }
        #expect(try scratch.listing().isEmpty)
    }

    @Test("a truncated package is refused with both sizes, wherever it ends")
    func truncated() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let written = try RPMWriter.write(package, to: "\(scratch.path)/a.rpm")
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: written.path)))
        for count in [4, 50, 95, 96, 100, 111, 112, 500, 4000, 5000, 8000, 20_000, bytes.count - 1] {
            let path = try scratch.file("short.rpm", bytes[..<count])
            do {
                _ = try RPMReader(path: path)
                Issue.record("\(count) bytes were accepted")
            } catch RPMError.wrongSize(_, let expected, let found) {
                #expect(found == count && expected > found)
                if count > 5000 { #expect(expected == written.size) }
            }
        }
        let long = try scratch.file("long.rpm", bytes + [0])
        #expect(throws: RPMError.wrongSize(path: long, expected: written.size, found: written.size + 1)) {
            try RPMReader(path: long)
        }
        for (bytes, found) in [
            ([UInt8](), "an empty file"), (Array("PK\u{3}\u{4}xx".utf8), "504b0304"), ([0xed], "ed"),
        ] {
            let path = try scratch.file("other", bytes)
            #expect(throws: RPMError.notAnRPM(path: path, found: found)) { try RPMReader(path: path) }
        }
        #expect(throws: RPMError.unreadable(path: "/nope", reason: "No such file or directory")) {
            try RPMReader(path: "/nope")
        }
        #expect(throws: RPMError.unreadable(path: "/", reason: "expected a regular file")) { try RPMReader(path: "/") }
    }

    @Test("damaged bytes are refused or harmless, never a crash")
    func fuzz() throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        package.files.removeAll { $0.path.hasSuffix("archive.conda") }
        let written = try RPMWriter.write(package, to: "\(scratch.path)/a.rpm")
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: written.path)))
        let header = Int(try RPMReader(path: written.path).payloadOffset)
        var random = SystemRandomNumberGenerator()
        var refused = 0
        for round in 0..<400 {
            var damaged = bytes
            for _ in 0..<(1 + round % 3) {
                // The reserved space in between is zeros that nobody reads.
                let place =
                    round % 2 == 0
                    ? Int.random(in: 96..<400, using: &random) : Int.random(in: 4300..<header + 600, using: &random)
                damaged[min(place, bytes.count - 1)] = UInt8.random(in: 0...255, using: &random)
            }
            let path = try scratch.file("damaged.rpm", damaged)
            do {
                let reader = try RPMReader(path: path)
                _ = (reader.files, reader.requires, reader.scriptlets, reader.changelog, reader.signature, reader.name)
                _ = try reader.contents(of: "/opt/orders/bundle/release.json", limit: 100)
            } catch {
                refused += 1
            }
        }
        #expect(refused > 0)
    }

    @Test("contents that do not have the header's digest are refused")
    func changedContents() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let written = try RPMWriter.write(package, to: "\(scratch.path)/a.rpm")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: written.path))
        let place = try #require(bytes.range(of: Data("{}\n\0".utf8)))
        bytes[place.lowerBound] = UInt8(ascii: "[")
        try bytes.write(to: URL(fileURLWithPath: written.path))
        #expect(throws: RPMError.self) {
            try RPMReader(path: written.path).contents(of: "/opt/orders/bundle/release.json", limit: 100)
        }
    }

    @Test("opening takes a few milliseconds")
    func speed() throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        package.files += (0..<300).map { RPMFile(path: "/opt/orders/pkgs/\($0).conda", contents: .data([1])) }
        let written = try RPMWriter.write(package, to: "\(scratch.path)/a.rpm")
        let fastest =
            try (0..<20).map { _ in
                try ContinuousClock().measure { _ = try RPMReader(path: written.path).files }
            }.min() ?? .zero
        #expect(fastest < .milliseconds(20), "\(fastest), without optimisation")
    }
}
