import CondaPrefix
import Foundation
import Testing

@Suite struct NoarchPythonTests {
    /// A python that understands just enough of `-m compileall`: it writes `compiled` behind each module's text, and
    /// fails on modules that say `broken`.
    static func python() -> PackageMaker {
        var python = PackageMaker("python", version: "3.11.7")
        python.file(
            "bin/python3.11",
            """
            #!/bin/sh
            echo "$PYTHONHASHSEED $*" > ../arguments 2>/dev/null || true
            for argument; do list=$previous; previous=$argument; done
            while [ "$1" != -i ]; do shift; done
            while read -r module; do
                grep -q broken "$module" && continue
                folder=$(dirname "$module")/__pycache__
                mkdir -p "$folder"
                { cat "$module"; echo compiled; } > "$folder/$(basename "$module" .py).cpython-311.pyc"
            done < "$2"
            """, mode: 0o755)
        return python
    }

    static func library() -> PackageMaker {
        var library = PackageMaker("library", depends: ["python"], noarch: "python")
        library.entryPoints = ["run = library.main:run"]
        library.file("site-packages/library/__init__.py", "x = 1\n")
        library.file("site-packages/library/broken.py", "broken\n")
        library.file("site-packages/library/data.txt", "data\n")
        library.file("python-scripts/helper", "#!/bin/sh\n", mode: 0o755)
        return library
    }

    private static let modules = "lib/python3.11/site-packages/library"

    @Test func packageIsMappedCompiledAndGetsItsCommands() throws {
        let scratch = try Scratch()
        let packages = [
            try Self.library().make(in: scratch.archives), try Self.python().make(in: scratch.archives),
        ]
        let report = try scratch.install(packages)
        #expect(try scratch.text("\(Self.modules)/__init__.py") == "x = 1\n")
        #expect(try scratch.text("\(Self.modules)/__pycache__/__init__.cpython-311.pyc") == "x = 1\ncompiled\n")
        #expect(scratch.mode("\(Self.modules)/__pycache__/__init__.cpython-311.pyc") == 0o644)
        #expect(scratch.mode("\(Self.modules)/__pycache__") == 0o755)
        #expect(scratch.mode("bin/helper") == 0o755)
        #expect(scratch.mode("bin/run") == 0o755)
        #expect(try scratch.text("bin/run").hasPrefix("#!\(scratch.prefix)/bin/python3.11\n"))
        #expect(
            try scratch.document("library-1.0-0")["files"] as? [String] == [
                "\(Self.modules)/__init__.py", "\(Self.modules)/broken.py", "\(Self.modules)/data.txt", "bin/helper",
                "\(Self.modules)/__pycache__/__init__.cpython-311.pyc", "bin/run",
            ])
        let paths = try scratch.paths("library-1.0-0")
        #expect(paths["bin/run"]?["path_type"] as? String == "unix_python_entry_point")
        #expect(paths["\(Self.modules)/__pycache__/__init__.cpython-311.pyc"]?["path_type"] as? String == "pyc_file")
        #expect(report.files == 7)
        #expect(try PrefixState(prefix: scratch.prefix).verify(includingAdded: true).isEmpty)
    }

    /// This machine's Python: what it writes is what hosts have, and a hot fix in a module takes effect.
    @Test func byteCodeNoticesThatItsSourceChanged() throws {
        let scratch = try Scratch()
        let found = try Python.lines(
            "import sys; print(sys.executable); print('.'.join(map(str, sys.version_info[:3])))", [])
        let version = found[1].split(separator: ".").prefix(2).joined(separator: ".")
        var python = PackageMaker("python", version: found[1])
        python.file("bin/python\(version)", "#!/bin/sh\nexec \(found[0]) \"$@\"\n", mode: 0o755)
        // Where Python runs, but none of its modules: they would be taken for its own.
        for module in ["compileall", "py_compile", "struct", "sitecustomize"] {
            python.file("\(module).py", "open('planted', 'w').close()\n")
        }
        let packages = [try Self.library().make(in: scratch.archives), try python.make(in: scratch.archives)]
        try scratch.install(packages)
        #expect(!scratch.exists("planted"))
        let modules = "\(scratch.prefix)/lib/python\(version)/site-packages"
        let tag = version.replacing(".", with: "")
        let bytecode = URL(fileURLWithPath: "\(modules)/library/__pycache__/__init__.cpython-\(tag).pyc")
        // PEP 552: flags behind the magic number; 1 for a digest in place of the time, 2 for comparing it.
        #expect(Array(try Data(contentsOf: bytecode)[4..<8]) == [3, 0, 0, 0])
        let shown = "import sys; sys.path.insert(0, '\(modules)'); import library; print(library.x)"
        #expect(try Python.lines(shown, []) == ["1"])
        try scratch.write("x = 2\n", to: "lib/python\(version)/site-packages/library/__init__.py")
        #expect(try Python.lines(shown, []) == ["2"])
    }

    @Test func pythonThatDoesNotRunIsToleratedAndReported() throws {
        let scratch = try Scratch()
        var python = PackageMaker("python", version: "3.11.7")
        python.file("bin/python3.11", "#!/bin/sh\necho cannot load >&2\nexit 127\n", mode: 0o755)
        let log = EventLog()
        let packages = [try Self.library().make(in: scratch.archives), try python.make(in: scratch.archives)]
        try scratch.install(packages, events: log.add)
        #expect(log.events.contains(.notCompiled(reason: "exit status 127\ncannot load\n")))
        #expect(!scratch.exists("\(Self.modules)/__pycache__"))
    }

    /// A compiler that did not get to the end: by a signal, or for want of what the host has too little of.
    @Test(arguments: [
        ("kill -INT $$", "signal 2"), ("echo 'MemoryError'; exit 1", "exit status 1"), ("exit 1", "exit status 1"),
        ("echo \"*** Error compiling 'a.py'...\"; echo 'OSError: [Errno 28] No space left'; exit 1", "Errno 28"),
    ])
    func aCompilerThatGaveUpFailsTheStep(script: String, reason: String) throws {
        let scratch = try Scratch()
        var python = PackageMaker("python", version: "3.11.7")
        python.file("bin/python3.11", "#!/bin/sh\n\(script)\n", mode: 0o755)
        let packages = [try Self.library().make(in: scratch.archives), try python.make(in: scratch.archives)]
        let error = #expect(throws: PrefixError.self) { try scratch.install(packages) }
        #expect(error?.description.contains(reason) == true)
    }

    /// `compileall` ends with 1 and names what it could not compile: modules for other Pythons.
    @Test func modulesThatDoNotCompileAreTolerated() throws {
        let scratch = try Scratch()
        var python = PackageMaker("python", version: "3.11.7")
        let names = ["broken", "__init__"].map { "*** Error compiling '\(Self.modules)/\($0).py'..." }
        let output = names.map { "\($0)\nSyntaxError: invalid syntax\n" }.joined()
        python.file("bin/python3.11", "#!/bin/sh\ncat <<'END'\n\(output)END\nexit 1\n", mode: 0o755)
        let packages = [try Self.library().make(in: scratch.archives), try python.make(in: scratch.archives)]
        try scratch.install(packages)
        #expect(try PrefixState(prefix: scratch.prefix).verify().isEmpty)
    }

    @Test func byteCodeThatIsGoneIsMissed() throws {
        let scratch = try Scratch()
        let packages = [
            try Self.library().make(in: scratch.archives), try Self.python().make(in: scratch.archives),
        ]
        try scratch.install(packages)
        let path = "\(Self.modules)/__pycache__/__init__.cpython-311.pyc"
        try FileManager.default.removeItem(atPath: "\(scratch.prefix)/\(Self.modules)/__pycache__")
        let differences = try PrefixState(prefix: scratch.prefix).verify()
        #expect(differences.map(\.path) == [path])
        #expect(try PrefixInstaller(prefix: scratch.prefix).repair(differences, packages: packages).isEmpty)
        #expect(try scratch.text(path) == "x = 1\ncompiled\n")
    }

    @Test func compilingCanBeLeftOut() throws {
        let scratch = try Scratch()
        var options = PrefixOptions()
        options.compile = false
        let packages = [
            try Self.library().make(in: scratch.archives), try Self.python().make(in: scratch.archives),
        ]
        try scratch.install(packages, options: options)
        #expect(!scratch.exists("\(Self.modules)/__pycache__"))
    }

    @Test func pythonMustBeThere() throws {
        let scratch = try Scratch()
        let package = try Self.library().make(in: scratch.archives)
        let error = #expect(throws: PrefixError.self) { try scratch.install([package]) }
        #expect(error?.hint == "add python to the dependencies")
    }

    @Test func badEntryPointIsRefusedBeforeAnythingIsWritten() throws {
        let scratch = try Scratch()
        var library = Self.library()
        library.entryPoints = ["../escape = a:b"]
        let packages = [try library.make(in: scratch.archives), try Self.python().make(in: scratch.archives)]
        #expect(throws: PrefixError.self) { try scratch.install(packages) }
        #expect(!FileManager.default.fileExists(atPath: scratch.prefix))
    }

    @Test func commandOfADependencyGivesWayToTheEntryPoint() throws {
        let scratch = try Scratch()
        var other = PackageMaker("zother", depends: ["library"])
        other.file("bin/run", "a file")
        let packages = [
            try Self.library().make(in: scratch.archives), try Self.python().make(in: scratch.archives),
            try other.make(in: scratch.archives),
        ]
        let report = try scratch.install(packages)
        #expect(try scratch.text("bin/run").contains("from library.main import run"))
        #expect(report.clobbers.map(\.winner) == ["library-1.0-0"])
        #expect(try PrefixState(prefix: scratch.prefix).verify().isEmpty)
    }

    /// CEP 20: compiled against Python's stable interface, so `noarch: python` in the subdirectory of a platform.
    @Test func abi3PackagesAreMappedToo() throws {
        let scratch = try Scratch()
        var library = PackageMaker("library", depends: ["python"], noarch: "python")
        library.file("site-packages/library.abi3.so", "code")
        let python = try Self.python().make(in: scratch.archives)
        try scratch.install([library.make(in: scratch.archives), python])
        #expect(try scratch.text("lib/python3.11/site-packages/library.abi3.so") == "code")
        #expect(try scratch.document("library-1.0-0")["subdir"] as? String == "linux-64")
    }

    @Test func genericPackagesAreLinkedAsTheyAre() throws {
        let scratch = try Scratch()
        var data = PackageMaker("data", noarch: "generic")
        data.file("site-packages/data.txt", "data")
        data.file("python-scripts/helper", "x")
        try scratch.install([data.make(in: scratch.archives)])
        #expect(try scratch.text("site-packages/data.txt") == "data")
        #expect(scratch.exists("python-scripts/helper"))
    }
}
