import Foundation
import Testing

@testable import CondaPrefix

/// The same wheel linked by us and by pip in an environment of its own.
@Suite struct WheelOracleTests {
    /// Makes a wheel with deflated members, and an environment into which pip installs it.
    ///
    /// Prints Python's version, then what pip put where.
    private static let installWithPip = """
        import base64, hashlib, os, pathlib, subprocess, sys, venv, zipfile
        folder = pathlib.Path(sys.argv[1])
        stem = 'Awkward_Tool-1.0.post1'
        files = {
            'awkward_tool/__init__.py': (b'VALUE = "x" * 10\\n' * 400, 0o100664),
            'awkward_tool/sub dir/\\u00e4.txt': ('\\u00e4\\n'.encode() * 50, 0o100600),
            'awkward_tool/empty': (b'', 0o100644),
            'awkward_tool/program': (bytes(range(256)) * 300, 0o100755),
            f'{stem}.data/purelib/awkward_extra.py': (b'y = 1\\n', 0o100644),
            f'{stem}.data/platlib/awkward_tool/native.so': (b'\\x7fELF' + bytes(70000), 0o100755),
            f'{stem}.data/scripts/awkward-script': (b'#!python\\nimport awkward_tool\\n', 0o100755),
            f'{stem}.data/scripts/awkward-options': (b'#!python -E\\r\\nprint()\\n', 0o100755),
            f'{stem}.data/scripts/awkward': (b'#!python\\nold\\n', 0o100755),
            f'{stem}.data/headers/awkward.h': (b'int a;\\n', 0o100644),
            f'{stem}.data/data/etc/awkward/settings': (b'a = b\\n', 0o100644),
            f'{stem}.dist-info/METADATA': (b'Metadata-Version: 2.1\\nName: Awkward.Tool\\nVersion: 1.0.post1\\n', 0o100644),
            f'{stem}.dist-info/WHEEL': (b'Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\nTag: py3-none-any\\n', 0o100644),
            f'{stem}.dist-info/licenses/LICENSE': (b'free\\n', 0o100644),
            f'{stem}.dist-info/entry_points.txt': (
                b'[console_scripts]\\nawkward = awkward_tool:main\\n[gui_scripts]\\nawkward-gui = awkward_tool:gui [x]\\n',
                0o100644),
        }
        rows = []
        wheel = folder / f'{stem}-py3-none-any.whl'
        with zipfile.ZipFile(wheel, 'w') as archive:
            def add(name, data, mode):
                entry = zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6))
                entry.external_attr = mode << 16
                archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
            for name, (data, mode) in files.items():
                add(name, data, mode)
                digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip('=')
                rows.append(f'{name},sha256={digest},{len(data)}')
            record = f'{stem}.dist-info/RECORD'
            add(record, '\\n'.join([*rows, f'{record},,']), 0o100644)
        root = folder / 'venv'
        venv.create(root, with_pip=True, symlinks=True)
        def tree():
            paths = [path for path in root.rglob('*') if path.is_file() and not path.is_symlink()]
            return {str(path.relative_to(root)): path for path in paths if '__pycache__' not in path.parts}
        before = set(tree())
        subprocess.run(
            [root / 'bin/python', '-m', 'pip', '--quiet', '--disable-pip-version-check', 'install', '--no-deps',
             '--no-index', '--no-compile', wheel], check=True, stdout=sys.stderr)
        print('%d.%d' % sys.version_info[:2])
        for name, path in sorted(tree().items()):
            if name not in before:
                name = name.replace('include/site/', 'include/')
                data = path.read_bytes().replace(os.fsencode(root), b'@')
                print(name, os.access(path, os.X_OK), hashlib.sha256(data).hexdigest(), sep='\\t')
        """

    /// Files that each installer writes in its own words.
    private static func isOwn(_ name: String) -> Bool {
        ["/RECORD", "/INSTALLER", "/direct_url.json", "/REQUESTED", "bin/awkward", "bin/awkward-gui"].contains {
            name.hasSuffix($0)
        }
    }

    @Test func treeIsPips() throws {
        let scratch = try Scratch()
        let lines = try Python.lines(Self.installWithPip, [scratch.path])
        let version = try #require(lines.first)
        var maker = PackageMaker("python", version: "\(version).1")
        maker.file("bin/python\(version)", "", mode: 0o755)
        let python = try maker.make(in: scratch.archives)
        let stem = "Awkward_Tool-1.0.post1"
        let wheel = PrefixWheel(
            name: "awkward-tool", version: "1.0.post1", path: "\(scratch.path)/\(stem)-py3-none-any.whl",
            isRequested: true)
        var options = PrefixOptions()
        options.compile = false
        _ = try PrefixInstaller(prefix: scratch.prefix, options: options).install([python], wheels: [wheel])

        var expected: [String: String] = [:]
        for line in lines.dropFirst() {
            let fields = line.split(separator: "\t").map(String.init)
            expected[fields[0]] = Self.isOwn(fields[0]) ? fields[1] : "\(fields[1]) \(fields[2])"
        }
        var found: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: scratch.prefix) {
            let isFile = scratch.mode(name) != 0 && !Self.isDirectory("\(scratch.prefix)/\(name)")
            guard isFile, !name.hasPrefix("conda-meta"), !name.hasPrefix("bin/python") else { continue }
            let isExecutable = scratch.mode(name) & 0o111 != 0 ? "True" : "False"
            var data = try Data(contentsOf: URL(fileURLWithPath: "\(scratch.prefix)/\(name)"))
            // pip names the interpreter that runs it, we the one that the package brings under its full name.
            let line = Data("#!\(scratch.prefix)/bin/python\(version)\n".utf8)
            if data.starts(with: line) { data = Data("#!@/bin/python\n".utf8) + data.dropFirst(line.count) }
            let digest = FileLinker.digest(of: Array(data))
            found[name] = Self.isOwn(name) ? isExecutable : "\(isExecutable) \(digest)"
        }
        expected = expected.filter { !$0.key.hasSuffix("/direct_url.json") }
        #expect(Set(found.keys) == Set(expected.keys))
        for (name, value) in expected { #expect(found[name] == value, "\(name)") }
        #expect(found.count > 14)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
