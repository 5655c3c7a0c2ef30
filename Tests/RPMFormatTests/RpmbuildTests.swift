import Foundation
import Testing

@testable import RPMFormat

/// The same package, once from rpmbuild by way of ``SpecText`` and once from ``RPMWriter``, compared tag by tag.
@Suite struct RpmbuildTests {
    @Test(
        "the header and the payload are those that rpmbuild writes",
        arguments: [
            (Self.package, RPMPayload.uncompressed), (Self.package, .gzip(level: 9)), (Self.awkward, .uncompressed),
        ])
    func sameAsRpmbuild(package: RPMDescription, payload: RPMPayload) throws {
        let scratch = try Scratch()
        var package = package
        package.payload = payload
        let theirs = try tags(of: try Self.rpmbuild(scratch, package))
        let written = try RPMWriter.write(package, to: "\(scratch.path)/ours.rpm")
        let ours = try tags(of: written.path)

        expectSame(ours, theirs)
        // The payload is the same to the byte, so its digests are too.
        #expect(ours["Payloaddigest"] == theirs["Payloaddigest"] && ours["Payloaddigest"] != nil)
        #expect(ours["Archivesize"] == theirs["Archivesize"])
    }

    @Test("a package of rpmbuild reads as one of ours")
    func read() throws {
        let scratch = try Scratch()
        var compressed = Self.package
        compressed.payload = .zstd(level: 3)
        let theirs = try RPMReader(path: try Self.rpmbuild(scratch, compressed))
        let ours = try RPMReader(path: try RPMWriter.write(Self.package, to: "\(scratch.path)/ours.rpm").path)
        #expect(theirs.files == ours.files)
        #expect(theirs.provides == ours.provides)
        #expect(theirs.requires.filter { !$0.name.contains("Zstd") } == ours.requires)
        #expect(theirs.conflicts == ours.conflicts && theirs.obsoletes == ours.obsoletes)
        #expect(theirs.recommends == ours.recommends)
        #expect(theirs.scriptlets == ours.scriptlets)
        #expect(theirs.changelog == ours.changelog)
        #expect(theirs.evr == "2:2.4.0~rc1-1.el9" && theirs.evr == ours.evr)
        #expect(theirs.payloadCompressor == "zstd" && ours.payloadCompressor == nil)
        #expect(try theirs.contents(of: "/usr/bin/orders-release", limit: 100) == Array("#!/bin/sh\n".utf8))
        #expect(throws: RPMError.tooLarge(path: "/usr/bin/orders-release", size: 10, limit: 9)) {
            try theirs.contents(of: "/usr/bin/orders-release", limit: 9)
        }
    }

    @Test(
        "the payload is read in every compression that rpm knows",
        arguments: [
            ("w.ufdio", nil), ("w9.gzdio", "gzip"), ("w9.bzdio", "bzip2"), ("w1.xzdio", "xz"), ("w1.lzdio", "lzma"),
            ("w1.zstdio", "zstd"),
        ])
    func payloads(mode: String, compressor: String?) throws {
        let scratch = try Scratch()
        let reader = try RPMReader(path: try Self.rpmbuild(scratch, Self.package, payloadMode: mode))
        #expect(reader.payloadCompressor == compressor)
        #expect(try reader.contents(of: "/usr/bin/orders-release", limit: 100) == Array("#!/bin/sh\n".utf8))
        try reader.checkDigests()
        try reader.readFiles { _, _ in }
    }

    static let package: RPMDescription = {
        var package = RPMDescription(
            name: "orders", epoch: 2, version: "2.4.0~rc1", release: "1.el9", architecture: "x86_64",
            summary: "Orders service", description: "Takes orders.\nShips them.\n", license: "Apache-2.0",
            vendor: "Example", packager: "Team <t@example.com>", url: "https://example.com", buildTime: 1_700_000_000)
        package.requires = [
            RPMDependency("glibc", .greaterOrEqual, "2.28"), RPMDependency("/usr/sbin/useradd", context: .pre),
            RPMDependency("(foo or bar)"),
        ]
        package.provides = [RPMDependency("bundled(conda-python)", .equal, "3.12.1^post1")]
        package.conflicts = [RPMDependency("orders-legacy")]
        package.obsoletes = [RPMDependency("orders-old", .less, "1:2.0-3")]
        package.recommends = [RPMDependency("logrotate")]
        package.scriptlets = RPMScriptlets(
            pretrans: RPMScriptlet(interpreter: ["<lua>"], body: "print('pretrans')"),
            pre: RPMScriptlet(body: "exit 0"), post: RPMScriptlet(body: "echo post\necho more\n\n"),
            preun: RPMScriptlet(body: "echo preun"),
            postun: RPMScriptlet(interpreter: ["/bin/sh", "-e"], body: "echo postun"),
            posttrans: RPMScriptlet(body: "echo posttrans"), verify: RPMScriptlet(body: "exit 0"))
        package.prefixes = ["/opt/orders"]
        package.changelog = [
            RPMChangelogEntry(
                time: 1_699_963_200, author: "Team <t@example.com> - 2.4.0-1", text: "- Ship faster\n- Fix\n")
        ]
        package.files = [
            RPMFile(path: "/opt/orders", contents: .directory, mode: 0o755),
            RPMFile(path: "/opt/orders/archive", contents: .data(noise(200_000)), mode: 0o644),
            RPMFile(path: "/opt/orders/dropped", contents: .data([1]), flags: .missingOK),
            RPMFile(path: "/opt/orders/empty", contents: .data([])),
            RPMFile(path: "/opt/orders/current", contents: .data([]), flags: .ghost),
            RPMFile(path: "/opt/orders/sub", contents: .directory, mode: 0o750),
            RPMFile(path: "/opt/orders/sub-1", contents: .data(Array("x".utf8)), mode: 0o600),
            RPMFile(path: "/opt/orders/sub/x", contents: .data(Array("y".utf8)), mode: 0o444),
            RPMFile(path: "/etc/orders.toml", contents: .data(Array("a = 1\n".utf8)), flags: [.config, .noReplace]),
            RPMFile(
                path: "/etc/maybe.toml", contents: .data(Array("b\n".utf8)), flags: [.config, .missingOK],
                verifyFlags: RPMVerifyFlags.all.subtracting([.digest, .size, .modificationTime])),
            RPMFile(path: "/usr/bin/orders", contents: .symlink(target: "../../opt/orders/missing/orders")),
            RPMFile(path: "/usr/bin/orders-release", contents: .data(Array("#!/bin/sh\n".utf8)), mode: 0o755),
            RPMFile(path: "/usr/share/doc/orders", contents: .data(Array("doc\n".utf8)), flags: .doc),
            RPMFile(path: "/usr/share/licenses/orders", contents: .data(Array("free\n".utf8)), flags: .license),
            RPMFile(path: "/usr/share/readme", contents: .data(Array("read\n".utf8)), flags: [.readme, .doc]),
        ]
        return package
    }()

    /// A package whose every text holds what a spec file gives a meaning to.
    static let awkward: RPMDescription = {
        var package = RPMDescription(
            name: "awk+ward", version: "1^2", release: "3", architecture: "noarch", summary: "100% of @NAME@ %{name}",
            description: "50%% of\n  %{release}\n\nends in \\\n100% # no comment\n\n", license: "MIT AND %x",
            packager: "100% me", url: "https://example.com/%20a", group: "Applications/%y", buildTime: 1_700_000_001)
        package.requires = [
            RPMDependency("/usr/bin/a%b", context: [.post, .postUninstall]), RPMDependency("b(%c)", .less, "1:2-3"),
        ]
        package.scriptlets = RPMScriptlets(
            pre: RPMScriptlet(body: "\n# %{nil} 100%\ncat <<E\n%d @NAME@ \\\n# kept\nE\necho ${1%%.*} ${1%x} \\"),
            post: RPMScriptlet(interpreter: ["/usr/bin/python3", "-I"], body: "print('%s' % 1)\n  # kept"),
            postun: RPMScriptlet(interpreter: ["/sbin/ldconfig"], body: ""))
        package.changelog = [
            RPMChangelogEntry(time: 1_709_208_000, author: "A 100% <a@b> - 2", text: "- %{x}\n  more\n- 5%"),
            RPMChangelogEntry(time: 1_700_000_000, author: "B", text: "- odd hour"),
            RPMChangelogEntry(time: 951_825_600, author: "C", text: "- leap day"),
        ]
        let names = [
            "sp ace", "per%cent", "%{name}", "br[x]", "brx", "st*r", "stxyr", "q?", "cu{a,b}", "cua", "dq\"q", "sq'q",
            "do$lar", "back\\slash", "\u{fc}n\u{ef}", "#h", "1!2", "a,b", "(p)", "-d", "{", "@NAME@", "~t", "7-x",
        ]
        package.files = names.enumerated().map { index, name in
            RPMFile(
                path: "/srv/%a b/\(name)", contents: .data(Array("\(index)".utf8)),
                modificationTime: UInt32(1_600_000_000 + index))
        }
        package.files += [
            RPMFile(path: "/srv/%a b", contents: .directory, mode: 0o2775, user: "mail", group: "daemon"),
            RPMFile(path: "/srv/%a b/sub", contents: .directory, modificationTime: 1_500_000_000),
            RPMFile(path: "/srv/%a b/sub/brx", contents: .data([1]), mode: 0o4711),
            RPMFile(path: "/srv/%a b/sub/awk+ward.spec", contents: .data([2]), flags: [.config, .artifact]),
            RPMFile(path: "/srv/%a b/link 1", contents: .symlink(target: "it's %a \"b\""), user: "games"),
            RPMFile(path: "/srv/ghost", contents: .directory, flags: .ghost),
            RPMFile(path: "/srv/ghost/link", contents: .symlink(target: "x"), flags: [.ghost]),
            RPMFile(
                path: "/srv/ghost/file", contents: .data([1, 2, 3]), flags: [.ghost, .config], verifyFlags: .mode),
            RPMFile(path: "/usr/share/doc/x", contents: .data([3]), verifyFlags: [.digest, .size]),
        ]
        return package
    }()

    /// Lets rpmbuild make a description's package from the spec file that we render.
    ///
    /// `payloadMode` takes the place of the compression that the description asks for.
    private static func rpmbuild(
        _ scratch: Scratch, _ package: RPMDescription, payloadMode: String? = nil
    ) throws -> String {
        let spec = try SpecText(package)
        for source in spec.sources {
            guard case .data(let bytes) = source.contents else { continue }
            try scratch.file("top/SOURCES/\(source.name)", bytes)
        }
        let text =
            if let payloadMode {
                spec.text.replacing(/_binary_payload \S+/, with: "_binary_payload \(payloadMode)")
            } else {
                spec.text
            }
        let path = try scratch.file(spec.fileName, text.utf8)
        let built = try run(
            "rpmbuild", "-bb", "--target", package.architecture, "--define", "_topdir \(scratch.path)/top", path)
        try #require(built.status == 0, "\(built.errors)\n\(spec.text)")
        #expect(!built.errors.contains("warning: "), "\(built.errors)")
        return "\(scratch.path)/top/RPMS/\(package.architecture)/\(package.fileName)"
    }
}

extension RPMDescription: CustomTestStringConvertible {
    /// The file name stands for the package in the tests' messages.
    public var testDescription: String { fileName }
}

/// Expects two packages to say the same but for what a writer leaves out on purpose, and what says who wrote them.
func expectSame(_ ours: [String: String], _ theirs: [String: String], sourceLocation: SourceLocation = #_sourceLocation)
{
    let leftOut: Set = [
        "Optflags", "Filecolors", "Fileclass", "Classdict", "Filedependsx", "Filedependsn", "Dependsdict",
        // Of a source package: who built it when, once more, and the spec file, which is in the payload.
        "Cookie", "Spec",
    ]
    let different: Set = ["Rpmversion", "Platform", "Sigsize", "Sigmd5", "Sha1header", "Sha256header"]
    #expect(Set(theirs.keys).subtracting(leftOut) == Set(ours.keys), sourceLocation: sourceLocation)
    for (name, value) in theirs where !leftOut.contains(name) && !different.contains(name) {
        #expect(ours[name] == value, "\(name)", sourceLocation: sourceLocation)
    }
}

/// All tags of a package and their values, as rpm prints them.
func tags(of path: String) throws -> [String: String] {
    let text = try run("rpm", "-qp", "--xml", path).output
    var tags: [String: String] = [:]
    for part in text.components(separatedBy: "<rpmTag name=\"").dropFirst() {
        let pieces = part.components(separatedBy: "\">\n")
        tags[pieces[0]] = pieces.dropFirst().joined().components(separatedBy: "</rpmTag>")[0]
    }
    return tags
}
