import CondaArchive
import CondaModel

/// Where the environment's Python keeps things, which is where `noarch: python` packages go (CEP 34, CEP 17).
package struct PythonLayout: Sendable, Hashable {
    /// Major and minor version, such as 3 and 12.
    package let major: Int
    /// See `major`.
    package let minor: Int

    /// The interpreter, below the prefix: `bin/python3.12`.
    package let executable: RelativePath

    /// Below the prefix: `lib/python3.12/site-packages` unless the python package says otherwise.
    package let sitePackages: RelativePath

    /// Reads the layout from the record of the package `python`.
    ///
    /// - Throws: ``PrefixError/unusablePython(version:problem:)``.
    init(python record: PackageRecord) throws(PrefixError) {
        let version = record.version.text
        let numbers = version.split(separator: ".", omittingEmptySubsequences: false).prefix(2)
            .map { Int($0.prefix { $0.isASCII && $0.isNumber }) }
        guard numbers.count == 2, let major = numbers[0], let minor = numbers[1] else {
            throw .unusablePython(version: version, problem: "expected a version that starts MAJOR.MINOR")
        }
        self.major = major
        self.minor = minor
        let sitePackages = record.pythonSitePackagesPath ?? "lib/python\(major).\(minor)/site-packages"
        do {
            executable = try RelativePath("bin/python\(major).\(minor)")
            self.sitePackages = try RelativePath(sitePackages)
        } catch {
            throw .unusablePython(version: version, problem: error.description)
        }
    }

    /// Where a file of a `noarch: python` package goes.
    func target(of source: RelativePath) -> RelativePath {
        if let rest = source.relative(to: "site-packages") { return sitePackages.appending(rest) }
        if let rest = source.relative(to: "python-scripts") { return rest.inside("bin") }
        return source
    }

    /// Whether conda compiles this file of a `noarch: python` package.
    static func isCompiled(_ source: RelativePath) -> Bool {
        source.relative(to: "site-packages").map(isModule) ?? false
    }

    /// Whether a file below `site-packages` is a module that can be compiled.
    static func isModule(_ path: RelativePath) -> Bool {
        guard path.bytes.suffix(3) == Array(".py".utf8)[...], path.bytes.count > 3 else { return false }
        // The list of files to compile is read line by line, so names with line breaks cannot be in it.
        return path.bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
    }

    /// Where the interpreter looks for the compiled form of a module.
    func compiledPath(of module: RelativePath) -> RelativePath? {
        if major < 3 { return try? RelativePath(bytes: module.bytes + Array("c".utf8)) }
        let stem = module.name.dropLast(3)
        let name = Array("__pycache__/".utf8) + stem + Array(".cpython-\(major)\(minor).pyc".utf8)
        guard let file = try? RelativePath(bytes: name) else { return nil }
        return module.parent?.appending(file) ?? file
    }
}

extension RelativePath {
    /// What follows `directory` in the path; nil when the path is not below it.
    func relative(to directory: StaticString) -> RelativePath? {
        let length = directory.utf8CodeUnitCount
        guard isInside(directory), bytes.count > length + 1 else { return nil }
        return try? RelativePath(bytes: bytes[(length + 1)...])
    }

    /// The path below a directory that is known to be valid.
    func inside(_ directory: StaticString) -> RelativePath {
        let prefixed = directory.withUTF8Buffer { Array($0) } + [UInt8(ascii: "/")] + bytes
        return (try? RelativePath(bytes: prefixed)) ?? self
    }
}
