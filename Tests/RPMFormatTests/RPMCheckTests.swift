import Testing

@testable import RPMFormat

@Suite struct RPMCheckTests {
    private static func package(_ change: (inout RPMDescription) -> Void = { _ in }) -> RPMDescription {
        var package = RPMDescription(
            name: "orders", version: "1.0", release: "1", architecture: "noarch", summary: "Orders", license: "MIT")
        change(&package)
        return package
    }

    private func problem(_ package: RPMDescription) -> RPMError? {
        do throws(RPMError) {
            _ = try PackagePlan(package)
            return nil
        } catch {
            return error
        }
    }

    @Test("names, versions and texts that RPM cannot hold are refused")
    func identity() throws {
        #expect(problem(Self.package()) == nil)
        for name in ["", "a b", "-a", "a/b", "a\n", "ä", ".a", "a:b"] {
            #expect(problem(Self.package { $0.name = name }) != nil, "\(name)")
        }
        for name in ["a", "orders-api", "_x", "libstdc++", "py3.12_x", "0ad"] {
            #expect(problem(Self.package { $0.name = name }) == nil, "\(name)")
        }
        for version in ["", "1-2", "1 2", "1:2", "1..2", "1/2", "1!2"] {
            #expect(problem(Self.package { $0.version = version }) != nil, "\(version)")
            #expect(problem(Self.package { $0.release = version }) != nil, "\(version)")
        }
        let dash = problem(Self.package { $0.version = "2.0-rc1" })
        #expect(dash?.hint?.contains("2.0.rc1") == true)
        for text in ["", "a\nb", "a\0"] {
            #expect(problem(Self.package { $0.summary = text }) != nil)
            #expect(problem(Self.package { $0.license = text }) != nil)
        }
        #expect(problem(Self.package { $0.architecture = "x86-64" }) != nil)
        #expect(problem(Self.package { $0.description = "a\0b" }) != nil)
        #expect(problem(Self.package { $0.description = "a\nb" }) == nil)
    }

    @Test("paths are absolute, normalised, unique, and below directories")
    func paths() throws {
        for path in [
            "", "/", "a", "a/b", "/a/", "/a//b", "/a/../b", "/a/./b", "/..", "/a\nb", "/a\0b",
            "/" + String(repeating: "x", count: 256),
        ] {
            #expect(problem(Self.package { $0.files = [RPMFile(path: path, contents: .data([]))] }) != nil, "\(path)")
            #expect(problem(Self.package { $0.prefixes = [path] }) != nil, "\(path)")
        }
        for path in ["/a", "/opt/ä b", "/opt/...", "/" + String(repeating: "x", count: 255)] {
            #expect(problem(Self.package { $0.files = [RPMFile(path: path, contents: .data([]))] }) == nil, "\(path)")
        }
        let twice = [RPMFile(path: "/a", contents: .directory), RPMFile(path: "/a", contents: .directory)]
        #expect(
            problem(Self.package { $0.files = twice }) == .conflict(path: "/a", problem: "the package has it twice"))
        let below = [
            RPMFile(path: "/a/b", contents: .symlink(target: "/etc")), RPMFile(path: "/a/b/c/d", contents: .data([])),
            RPMFile(path: "/a", contents: .directory),
        ]
        #expect(
            problem(Self.package { $0.files = below })
                == .conflict(path: "/a/b/c/d", problem: "/a/b above it is not a directory"))
        // A slash with a combining mark behind it is still a slash, and two spellings are two names.
        for path in ["/a/../\u{301}b", "/a//\u{301}b", "/a/./\u{301}b", "\u{301}/a"] {
            #expect(problem(Self.package { $0.files = [RPMFile(path: path, contents: .data([]))] }) != nil, "\(path)")
        }
        let spellings = ["/\u{e9}/a", "/e\u{301}/a", "/\u{e9}/\u{301}b"].map { RPMFile(path: $0, contents: .data([])) }
        #expect(problem(Self.package { $0.files = spellings }) == nil)
        for file in [
            RPMFile(path: "/a", contents: .symlink(target: "")),
            RPMFile(path: "/a", contents: .data([]), mode: 0o10_000),
            RPMFile(path: "/a", contents: .data([]), user: ""), RPMFile(path: "/a", contents: .data([]), group: "a:b"),
            RPMFile(path: "/a", contents: .file(path: "/x", size: 1, sha256: "abc")),
            RPMFile(path: "/a", contents: .file(path: "/x", size: 1, sha256: String(repeating: "A", count: 64))),
            RPMFile(path: "/a", contents: .file(path: "/x", size: -1, sha256: nil)),
        ] {
            #expect(problem(Self.package { $0.files = [file] }) != nil, "\(file)")
        }
    }

    @Test(
        "relations are read as spec files write them",
        arguments: [
            ("glibc", RPMDependency("glibc")), ("glibc >= 2.28", RPMDependency("glibc", .greaterOrEqual, "2.28")),
            ("a == 1:2-3", RPMDependency("a", .equal, "1:2-3")), ("/bin/sh", RPMDependency("/bin/sh")),
            ("  a   <  2~rc1 ", RPMDependency("a", .less, "2~rc1")), ("(a or b >= 1)", RPMDependency("(a or b >= 1)")),
            ("libc.so.6(GLIBC_2.28)(64bit)", RPMDependency("libc.so.6(GLIBC_2.28)(64bit)")),
            ("config(x) = 1-1", RPMDependency("config(x)", .equal, "1-1")),
        ])
    func relations(text: String, expected: RPMDependency) throws {
        #expect(try RPMDependency(parsing: text) == expected)
    }

    @Test(
        "what is no relation is refused",
        arguments: [
            "", "a b", "a >= ", "a>=1", "a ~ 1", "a >= 1 b", "a >= x y", "-a", "a >= 1-2-3", "a >= b:1", "(a or b",
            "=1", "a = 1 2",
        ])
    func refusedRelations(text: String) {
        #expect(throws: RPMError.self) { try RPMDependency(parsing: text) }
    }

    @Test("a target's limits hold")
    func compatibility() throws {
        func old(_ change: (inout RPMDescription) -> Void) -> RPMError? {
            problem(
                Self.package {
                    $0.compatibility = .rpm411; change(&$0)
                })
        }
        let large = RPMFile(path: "/big", contents: .file(path: "/x", size: 0xffff_ffff, sha256: nil))
        #expect(old { $0.files = [large] } != nil)
        #expect(problem(Self.package { $0.files = [large] }) == nil)
        #expect(old { $0.payload = .zstd(level: 3) } != nil)
        #expect(old { $0.payload = .xz(level: 3) } == nil)
        #expect(old { $0.version = "1^2" } != nil)
        #expect(old { $0.requires = [RPMDependency("(a or b)")] } != nil)
        #expect(old { $0.recommends = [RPMDependency("a")] } != nil)
        #expect(old { $0.version = "1~rc1" } == nil)
        #expect(problem(Self.package { $0.payload = .zstd(level: 0) }) != nil)
        #expect(problem(Self.package { $0.payload = .gzip(level: 10) }) != nil)
        var tight = RPMCompatibility.modern
        tight.maximumHeaderSize = 500
        let scratch = try Scratch()
        #expect(throws: RPMError.self) {
            try RPMWriter.write(Self.package { $0.compatibility = tight }, to: "\(scratch.path)/a.rpm")
        }
        #expect(try scratch.listing().isEmpty)
    }

    @Test("scriptlets need an absolute interpreter")
    func scriptlets() {
        for interpreter in [[], ["sh"], [""]] {
            #expect(
                problem(Self.package { $0.scriptlets.post = RPMScriptlet(interpreter: interpreter, body: "x") }) != nil)
        }
        #expect(problem(Self.package { $0.scriptlets.post = RPMScriptlet(body: "a\0b") }) != nil)
        #expect(problem(Self.package { $0.scriptlets.post = RPMScriptlet(interpreter: ["<lua>"], body: "x") }) == nil)
    }

    @Test("features of rpm are required where they are used, and only there")
    func features() throws {
        let cases: [(String, (inout RPMDescription) -> Void)] = [
            ("TildeInVersions", { $0.version = "1~rc1" }),
            ("TildeInVersions", { $0.requires = [RPMDependency("a", .less, "2~")] }),
            ("CaretInVersions", { $0.release = "1^1" }),
            ("RichDependencies", { $0.conflicts = [RPMDependency("(a or b)")] }),
            ("PayloadIsZstd", { $0.payload = .zstd(level: 3) }), ("PayloadIsXz", { $0.payload = .xz(level: 3) }),
            (
                "LargeFiles",
                { $0.files = [RPMFile(path: "/a", contents: .file(path: "/x", size: 1 << 33, sha256: nil))] }
            ),
            ("CompressedFileNames", { $0.files = [RPMFile(path: "/a", contents: .directory)] }),
            ("FileDigests", { $0.files = [RPMFile(path: "/a", contents: .directory)] }),
            ("BuiltinLuaScripts", { $0.scriptlets.pre = RPMScriptlet(interpreter: ["<lua>"], body: "") }),
            (
                "ScriptletInterpreterArgs",
                { $0.scriptlets.pre = RPMScriptlet(interpreter: ["/bin/sh", "-e"], body: "x") }
            ),
        ]
        let without = PackageRelations(try PackagePlan(Self.package()))
        for (name, change) in cases {
            let with = PackageRelations(try PackagePlan(Self.package(change)))
            #expect(!without.requires.contains { $0.name == "rpmlib(\(name))" })
            #expect(with.requires.contains { $0.name == "rpmlib(\(name))" && $0.headerFlags == 0x100_000a }, "\(name)")
        }
    }
}
