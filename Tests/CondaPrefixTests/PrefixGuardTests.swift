import CondaPrefix
import Foundation
import Testing

/// What keeps conda and pip from changing a prefix.
@Suite struct PrefixGuardTests {
    private static let managed = "lib/python3.11/EXTERNALLY-MANAGED"

    private var guarded: PrefixOptions {
        var options = PrefixOptions()
        options.frozen = "ask \"them\""
        options.externallyManaged = "first line\nsecond line"
        return options
    }

    /// What pip would show, read with the parser and by the key that PEP 668 names.
    private func shownByPip(_ path: String) throws -> [String] {
        try Python.lines(
            """
            import configparser, sys
            parser = configparser.ConfigParser(interpolation=None)
            parser.read(sys.argv[1], encoding="utf-8")
            print(parser["externally-managed"]["Error"])
            """, [path])
    }

    @Test func bothGuardsAreWrittenAndAreNoForeignFiles() throws {
        let scratch = try Scratch()
        try scratch.install([try NoarchPythonTests.python().make(in: scratch.archives)], options: guarded)
        let frozen = try JSONSerialization.jsonObject(with: Data(try scratch.text("conda-meta/frozen").utf8))
        #expect(frozen as? [String: String] == ["message": "ask \"them\""])
        #expect(try shownByPip("\(scratch.prefix)/\(Self.managed)") == ["first line", "second line"])
        #expect(scratch.mode(Self.managed) == 0o644)
        let state = try PrefixState(prefix: scratch.prefix)
        #expect(try state.verify(isGuarded: true, includingAdded: true).isEmpty)
        #expect(try state.verify(includingAdded: true).map(\.path) == [Self.managed])
    }

    @Test func withoutPythonOnlyCondaIsTold() throws {
        let scratch = try Scratch()
        try scratch.install([try PackageMaker("tool").make(in: scratch.archives)], options: guarded)
        #expect(scratch.exists("conda-meta/frozen"))
        #expect(!scratch.exists("lib"))
        #expect(try PrefixState(prefix: scratch.prefix).verify(isGuarded: true).isEmpty)
    }

    @Test func pythonWithoutItsGlobalLockHasItsOwnFolder() throws {
        let scratch = try Scratch()
        var python = PackageMaker("python", version: "3.13.1")
        python.extraIndex["python_site_packages_path"] = "lib/python3.13t/site-packages"
        var package = try python.make(in: scratch.archives)
        package.record.pythonSitePackagesPath = "lib/python3.13t/site-packages"
        try scratch.install([package], options: guarded)
        #expect(scratch.exists("lib/python3.13t/EXTERNALLY-MANAGED"))
    }

    @Test func aGuardThatIsGoneIsMissedAndComesBack() throws {
        let scratch = try Scratch()
        let packages = [try NoarchPythonTests.python().make(in: scratch.archives)]
        try scratch.install(packages, options: guarded)
        for path in [Self.managed, "conda-meta/frozen"] {
            try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(path)")
        }
        let found = try PrefixState(prefix: scratch.prefix).verify(isGuarded: true)
        #expect(found.map { "\($0.kind) \($0.path)" } == ["missing conda-meta/frozen", "missing \(Self.managed)"])
        let installer = PrefixInstaller(prefix: scratch.prefix, options: guarded)
        #expect(try installer.repair(found, packages: packages).isEmpty)
        #expect(scratch.exists(Self.managed) && scratch.exists("conda-meta/frozen"))
    }

    /// A distribution's own python may bring one.
    @Test func whatAPackageBringsStays() throws {
        let scratch = try Scratch()
        var python = NoarchPythonTests.python()
        python.file(Self.managed, "[externally-managed]\nError=theirs\n")
        try scratch.install([try python.make(in: scratch.archives)], options: guarded)
        #expect(try shownByPip("\(scratch.prefix)/\(Self.managed)") == ["theirs"])
        #expect(try PrefixState(prefix: scratch.prefix).verify(isGuarded: true, includingAdded: true).isEmpty)
    }
}
