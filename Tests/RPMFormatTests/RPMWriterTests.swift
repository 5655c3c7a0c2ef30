import Foundation
import Testing

@testable import RPMFormat

@Suite struct RPMWriterTests {
    @Test(
        "rpm finds header and payload intact",
        arguments: [
            RPMPayload.uncompressed, .gzip(level: 6), .xz(level: 1), .zstd(level: 3),
        ])
    func verifies(payload: RPMPayload) throws {
        let scratch = try Scratch()
        for compatibility in [RPMCompatibility.modern, .rpm414, .rpm411] {
            if case .zstd = payload, !compatibility.allowsZstd { continue }
            var package = try samplePackage(scratch)
            package.payload = payload
            package.compatibility = compatibility
            let written = try RPMWriter.write(package, to: "\(scratch.path)/\(package.fileName)")
            let check = try run("rpm", "-Kv", written.path)
            #expect(check.status == 0, "\(check.output)\(check.errors)")
            #expect(check.output.contains("Header SHA256 digest: OK"))
            #expect(check.output.contains("Payload SHA256 digest: OK"))
            #expect(check.output.contains("\n    MD5 digest: OK"))
            #expect(check.output.contains("Header SHA1 digest: OK"))
            #expect(!check.output.contains("BAD") && !check.output.contains("NOTFOUND"))
            let sum = String(try run("sha256sum", written.path).output.prefix(64))
            #expect(sum == written.sha256)
            #expect(try FileManager.default.attributesOfItem(atPath: written.path)[.size] as? Int64 == written.size)
        }
    }

    @Test("an RPM without files is complete")
    func noFiles() throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        package.files = []
        let written = try RPMWriter.write(package, to: "\(scratch.path)/a.rpm")
        #expect(try run("rpm", "-K", written.path).status == 0)
        #expect(try RPMReader(path: written.path).files.isEmpty)
        #expect(!(try run("rpm", "-qp", "--requires", written.path).output.contains("CompressedFileNames")))
    }

    @Test("the archive inside is what cpio reads")
    func archive() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let written = try RPMWriter.write(package, to: "\(scratch.path)/a.rpm")
        let listing = try run("sh", "-c", "rpm2cpio \(written.path) | cpio -tv --quiet")
        #expect(listing.status == 0, "\(listing.errors)")
        #expect(listing.output.contains("./usr/bin/orders -> /opt/orders/current/bin/orders"))
        #expect(listing.output.split(separator: "\n").count == package.files.count - 1, "all but the ghost")
    }

    @Test("tools that make repositories read it")
    func repository() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let written = try RPMWriter.write(package, to: "\(scratch.path)/\(package.fileName)")
        let made = try run("createrepo_c", "--compatibility", scratch.path)
        #expect(made.status == 0, "\(made.errors)")
        let primary = try run("sh", "-c", "zcat \(scratch.path)/repodata/*primary.xml.gz").output
        #expect(primary.contains("<checksum type=\"sha256\" pkgid=\"YES\">\(written.sha256 ?? "")</checksum>"))
        #expect(primary.contains("<arch>x86_64</arch>"))
        #expect(primary.contains("<rpm:sourcerpm>orders-2.4.0-1.el9.src.rpm</rpm:sourcerpm>"))
        #expect(primary.contains("<file>/etc/orders/orders.toml</file>"))
    }

    @Test("rpmlint has no error that comes from the writer")
    func lint() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let written = try RPMWriter.write(package, to: "\(scratch.path)/\(package.fileName)")
        let report = try run("rpmlint", written.path)
        // What the sample asks for itself (links out of the package, odd owners, scripts), and what rpmlint says of
        // every unsigned package and of the group that rpmbuild gives a package without one.
        let accepted = [
            "no-signature", "no-group-tag",
            "dangling-symlink", "dangerous-command", "non-standard", "no-binary", "dir-or-file-in-opt",
            "invalid-license",
            "zero-length", "file-parent-ownership-mismatch", "invalid-shell", "unreadable", "non-readable", "useless",
            "explicit-lib", "hidden", "arch-independent", "statically",
        ]
        let errors = report.output.split(separator: "\n").filter { line in
            line.contains(": E: ") && !accepted.contains(where: line.contains)
        }
        #expect(errors.isEmpty, "\(errors)")
        #expect(report.output.contains("1 packages and 0 specfiles checked"))
    }

    @Test("the same description gives the same bytes, in any order and under any name")
    func deterministic() throws {
        let scratch = try Scratch()
        for payload in [RPMPayload.uncompressed, .zstd(level: 3), .gzip(level: 9)] {
            var package = try samplePackage(scratch)
            package.payload = payload
            let first = try RPMWriter.write(package, to: "\(scratch.path)/first.rpm")
            package.files.reverse()
            package.requires.reverse()
            let second = try RPMWriter.write(package, to: "\(scratch.path)/second.rpm")
            #expect(first.sha256 == second.sha256)
            #expect(first.headerSHA256 == second.headerSHA256)
            let third = try RPMWriter.write(package, to: "\(scratch.path)/third.rpm", hashingFile: false)
            #expect(third.sha256 == nil && third.headerSHA256 == first.headerSHA256)
            #expect(try run("cmp", first.path, third.path).status == 0)
        }
    }

    @Test("zstd bytes do not depend on the number of threads")
    func threads() throws {
        let scratch = try Scratch()
        var bytes: [[UInt8]] = []
        let text = (0..<3_000_000).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 7 & 63) }
        for threads in [1, 2, 5] {
            let path = try scratch.file("\(threads)", [])
            let descriptor = open(path, O_WRONLY)
            let stream = try RPMStream(writing: descriptor, mode: "w3T\(threads).zstdio")
            for start in stride(from: 0, to: text.count, by: 700_001 + threads) {
                let end = min(start + 700_001 + threads, text.count)
                #expect(text[start..<end].withUnsafeBytes(stream.write))
            }
            #expect(stream.finish() == nil)
            close(descriptor)
            bytes.append(try Array(Data(contentsOf: URL(fileURLWithPath: path))))
        }
        #expect(bytes[0].count > 1000)
        #expect(bytes[0] == bytes[1] && bytes[1] == bytes[2])
    }

    @Test("a digest that is known is compared with what went in")
    func knownDigests() throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        let path = "\(scratch.path)/source/archive.conda"
        let digest = String(try run("sha256sum", path).output.prefix(64))
        package.files = [RPMFile(path: "/opt/a", contents: .file(path: path, size: 300_000, sha256: digest))]
        let written = try RPMWriter.write(package, to: "\(scratch.path)/a.rpm")
        #expect(try RPMReader(path: written.path).files.map(\.digest) == [digest])

        let wrong = String(digest.reversed())
        package.files = [RPMFile(path: "/opt/a", contents: .file(path: path, size: 300_000, sha256: wrong))]
        #expect(throws: RPMError.digestMismatch(path: path, expected: wrong, found: digest)) {
            try RPMWriter.write(package, to: "\(scratch.path)/b.rpm")
        }
        #expect(try scratch.listing() == ["a.rpm", "source"])
    }

    @Test("a digest that was compared already is believed, and the package is the same")
    func verifiedDigests() throws {
        let scratch = try Scratch()
        let path = try scratch.file("a", noise(300_000))
        var package = try samplePackage(scratch)
        let digest = String(try run("sha256sum", path).output.prefix(64))
        func write(_ sha256: String, isVerified: Bool, as name: String) throws -> String {
            var file = RPMFile(path: "/opt/a", contents: .file(path: path, size: 300_000, sha256: sha256))
            file.isVerified = isVerified
            package.files = [file]
            return try RPMWriter.write(package, to: "\(scratch.path)/\(name)").path
        }
        let computed = try write(digest, isVerified: false, as: "computed.rpm")
        let believed = try write(digest, isVerified: true, as: "believed.rpm")
        #expect(FileManager.default.contentsEqual(atPath: computed, andPath: believed))
        let wrong = String(repeating: "0", count: 64)
        let reader = try RPMReader(path: write(wrong, isVerified: true, as: "wrong.rpm"))
        #expect(reader.files.map(\.digest) == [wrong])
    }

    @Test(
        "a source that is missing or of another size is refused, and nothing is left behind",
        arguments: [
            (299_999, "another size"), (300_001, "another size"),
        ])
    func changedSource(size: Int64, text: String) throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        let path = "\(scratch.path)/source/archive.conda"
        package.files = [RPMFile(path: "/opt/a", contents: .file(path: path, size: size, sha256: nil))]
        #expect(throws: RPMError.sizeChanged(path: path, expected: size, found: 300_000)) {
            try RPMWriter.write(package, to: "\(scratch.path)/b.rpm")
        }
        package.files = [RPMFile(path: "/opt/a", contents: .file(path: path + "x", size: size, sha256: nil))]
        #expect(throws: RPMError.unreadable(path: path + "x", reason: "No such file or directory")) {
            try RPMWriter.write(package, to: "\(scratch.path)/b.rpm")
        }
        #expect(try scratch.listing() == ["source"])
    }

    @Test("an output that cannot be made is refused with the path and the reason")
    func unwritable() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let missing = "\(scratch.path)/missing/a.rpm"
        #expect(throws: RPMError.unwritable(path: missing, reason: "No such file or directory")) {
            try RPMWriter.write(package, to: missing)
        }
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/taken.rpm", withIntermediateDirectories: true)
        #expect(throws: RPMError.unwritable(path: "\(scratch.path)/taken.rpm", reason: "Is a directory")) {
            try RPMWriter.write(package, to: "\(scratch.path)/taken.rpm")
        }
        #expect(try scratch.listing() == ["source", "taken.rpm"])
        #expect(throws: RPMError.self) { try RPMWriter.write(package, to: "/proc/a.rpm") }
    }

    @Test("a full disk gives a clear error and leaves the earlier package")
    func fullDisk() throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        let disk = "\(scratch.path)/disk"
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        try #require(
            try run("mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", disk).status == 0,
            "this test needs to mount: run it as root")
        defer { _ = try? run("umount", disk) }
        try Data("old".utf8).write(to: URL(fileURLWithPath: "\(disk)/a.rpm"))
        let big = try scratch.file("big", noise(800_000))
        package.files = [RPMFile(path: "/opt/a", contents: .file(path: big, size: 800_000, sha256: nil))]
        for payload in [RPMPayload.uncompressed, .zstd(level: 1), .gzip(level: 1), .xz(level: 0)] {
            package.payload = payload
            #expect(throws: RPMError.unwritable(path: "\(disk)/a.rpm", reason: "No space left on device")) {
                try RPMWriter.write(package, to: "\(disk)/a.rpm")
            }
            #expect(try scratch.listing("disk") == ["a.rpm"])
            #expect(try String(contentsOfFile: "\(disk)/a.rpm", encoding: .utf8) == "old")
        }
    }

    @Test("the file is for everybody, and no name of this machine is in it")
    func neutral() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let before = umask(0o077)
        defer { umask(before) }
        let written = try RPMWriter.write(package, to: "\(scratch.path)/a.rpm")
        let mode = try FileManager.default.attributesOfItem(atPath: written.path)[.posixPermissions] as? Int
        #expect(mode == 0o644)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: written.path))
        #expect(bytes.range(of: Data(scratch.path.utf8)) == nil)
        #expect(try run("rpm", "-qp", "--qf", "%{BUILDHOST}", written.path).output == "localhost")
    }

    @Test("packages can be written at the same time")
    func concurrently() async throws {
        let scratch = try Scratch()
        var package = try samplePackage(scratch)
        package.payload = .zstd(level: 1)
        let described = package
        let paths = (0..<8).map { "\(scratch.path)/\($0).rpm" }
        let digests = try await withThrowingTaskGroup(of: String.self) { group in
            for path in paths {
                group.addTask {
                    let written = try RPMWriter.write(described, to: path)
                    _ = try RPMReader(path: path).contents(of: "/opt/orders/bundle/archive.conda", limit: 1 << 20)
                    return written.headerSHA256
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(digests.count == 8 && Set(digests).count == 1)
    }

    @Test("a file system without nameless files gets a named temporary file, gone after a failure")
    func namedTemporary() throws {
        let scratch = try Scratch()
        func start(isCommitted: Bool) throws {
            let output = try TemporaryOutput(for: "\(scratch.path)/a.rpm", isNameless: false)
            try output.write([1, 2, 3], at: 0)
            let names = try scratch.listing()
            #expect(names.count == 1 && names[0].hasSuffix(".new"))
            if isCommitted { try output.commit() }
        }
        try start(isCommitted: false)
        #expect(try scratch.listing().isEmpty)
        try start(isCommitted: true)
        #expect(try scratch.listing() == ["a.rpm"])
    }

    @Test("two hundred thousand files")
    func manyFiles() throws {
        let scratch = try Scratch()
        var package = RpmbuildTests.package
        package.payload = .zstd(level: 1)
        package.files = (0..<200).map { RPMFile(path: "/opt/many/\($0)", contents: .directory, mode: 0o755) }
        package.files += (0..<200_000).map { number in
            RPMFile(path: "/opt/many/\(number % 200)/file\(number)", contents: .data(Array("\(number)".utf8)))
        }
        let path = try RPMWriter.write(package, to: "\(scratch.path)/many.rpm", hashingFile: false).path
        let listed = try run("rpm", "-qp", "--queryformat", "[%{FILESIZES} %{FILENAMES}\n]", path).output
        #expect(listed.split(separator: "\n").count == 200_200)
        #expect(listed.contains("6 /opt/many/199/file199999\n"))
        #expect(try run("rpm", "-K", "--nosignature", path).status == 0)
        #expect(try RPMReader(path: path).contents(of: "/opt/many/199/file199999", limit: 9) == Array("199999".utf8))
    }

    @Test("a sparse file of five gigabytes, which EL7 is spared")
    func largeFile() throws {
        let scratch = try Scratch()
        let size: Int64 = 5 << 30
        let source = try scratch.file("large", [UInt8]("begin".utf8))
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: source))
        try handle.truncate(atOffset: UInt64(size))
        var package = RpmbuildTests.package
        package.files = [RPMFile(path: "/opt/large", contents: .file(path: source, size: size, sha256: nil))]
        package.compatibility = .rpm411
        #expect(throws: RPMError.self) { try RPMWriter.write(package, to: "\(scratch.path)/large.rpm") }
        package.compatibility = .modern
        package.payload = .zstd(level: 1)
        let written = try RPMWriter.write(package, to: "\(scratch.path)/large.rpm", hashingFile: false)
        #expect(written.size < 1 << 20)
        let said = try run(
            "rpm", "-qp", "--queryformat", "%{LONGSIZE} [%{LONGFILESIZES} ]", "--requires", written.path)
        #expect(said.output.hasPrefix("\(size) \(size) ") && said.output.contains("rpmlib(LargeFiles)"))
        #expect(try run("rpm", "-K", "--nosignature", written.path).status == 0)
        let digest = try run("rpm", "-qp", "--queryformat", "[%{FILEDIGESTS}]", written.path)
        // What sha256sum says of it, in half a minute.
        #expect(digest.output == "af9371f7f851856d1ec74e32110c76d67842b60894f979d7c00abfc964c7434e")
    }

    @Test("64-bit sizes leave the signature section as long as it was")
    func signatureSection() throws {
        let scratch = try Scratch()
        let package = try samplePackage(scratch)
        let plan = try PackagePlan(package)
        var facts = SignatureSection.placeholder
        let small = try SignatureSection.bytes(of: plan, facts)
        #expect(small.count % 8 == 0 && small.count > 4096)
        for (size, payloadSize) in [(5 << 30, 4 << 30), (0xffff_ffff, 1), (1, 0xffff_ffff), (0xffff_fffe, 1)] {
            facts.size = Int64(size)
            facts.payloadSize = Int64(payloadSize)
            #expect(try SignatureSection.bytes(of: plan, facts).count == small.count)
        }
    }
}
