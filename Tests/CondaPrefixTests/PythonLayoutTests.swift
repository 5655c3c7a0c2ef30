import CondaArchive
import CondaModel
import Testing

@testable import CondaPrefix

@Suite struct PythonLayoutTests {
    private func layout(_ version: String, sitePackages: String? = nil) throws -> PythonLayout {
        var record = PackageRecord(name: "python", version: try Version(version), build: "0")
        record.pythonSitePackagesPath = sitePackages
        return try PythonLayout(python: record)
    }

    @Test(arguments: [
        ("site-packages/a/b.py", "lib/python3.12/site-packages/a/b.py"),
        ("python-scripts/run", "bin/run"),
        ("site-packages", "site-packages"),
        ("site-packages-2/a.py", "site-packages-2/a.py"),
        ("etc/conf", "etc/conf"),
        ("share/site-packages/x", "share/site-packages/x"),
    ])
    func noarchPathsAreMapped(source: String, target: String) throws {
        #expect(try layout("3.12.4").target(of: RelativePath(source)).string == target)
    }

    @Test func sitePackagesPathOfThePythonPackageWins() throws {
        let free = try layout("3.13.1", sitePackages: "lib/python3.13t/site-packages")
        #expect(try free.target(of: RelativePath("site-packages/a.py")).string == "lib/python3.13t/site-packages/a.py")
        #expect(free.executable.string == "bin/python3.13")
    }

    @Test(arguments: ["../lib", "/usr/lib", ""])
    func sitePackagesPathMustStayInside(path: String) {
        #expect(throws: PrefixError.self) { try layout("3.12", sitePackages: path) }
    }

    @Test func versionWithoutMinorIsRefused() {
        #expect(throws: PrefixError.self) { try layout("3") }
    }

    @Test(arguments: [
        ("3.12", "lib/a.py", "lib/__pycache__/a.cpython-312.pyc"), ("3.9", "a.py", "__pycache__/a.cpython-39.pyc"),
        ("2.7", "lib/a.py", "lib/a.pyc"),
    ])
    func compiledFilesAreWherePythonLooks(version: String, source: String, compiled: String) throws {
        #expect(try layout(version).compiledPath(of: RelativePath(source))?.string == compiled)
    }

    @Test(arguments: [
        ("site-packages/a.py", true), ("site-packages/a.pyi", false), ("site-packages/.py", false),
        ("python-scripts/a.py", false), ("lib/a.py", false), ("site-packages/a\tb.py", false),
        ("site-packages/a b.py", true),
    ])
    func onlyModulesOfSitePackagesAreCompiled(source: String, expected: Bool) throws {
        #expect(PythonLayout.isCompiled(try RelativePath(source)) == expected)
    }
}
