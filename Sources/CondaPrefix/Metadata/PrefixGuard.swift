import CondaArchive
import CondaModel

/// A file that keeps a tool from changing an environment which another one looks after.
///
/// conda refuses to change what has `conda-meta/frozen` (CEP 22), pip what has `EXTERNALLY-MANAGED` beside Python's standard
/// library (PEP 668). Both show what the file says, so it says what to do instead.
struct PrefixGuard: Sendable, Hashable {
    /// Where it is, below the prefix.
    let path: RelativePath

    /// What it says, in the form that its reader expects.
    let contents: [UInt8]

    private static let frozenPath = "conda-meta/frozen"

    /// The guards that the options ask for; that of pip only where there is a Python.
    static func all(_ options: PrefixOptions, python: PythonLayout?) throws(PrefixError) -> [PrefixGuard] {
        var guards: [PrefixGuard] = []
        if let message = options.frozen {
            let document = try Document.encode(["message": message], path: frozenPath)
            guards.append(PrefixGuard(path: try PrefixBuild.path(frozenPath), contents: document))
        }
        if let message = options.externallyManaged, let python {
            guards.append(PrefixGuard(path: try managedPath(python), contents: managed(message)))
        }
        return guards
    }

    /// Where the guards of a prefix are, whatever they say.
    static func paths(python: PythonLayout?) throws(PrefixError) -> [RelativePath] {
        let frozen = try PrefixBuild.path(frozenPath)
        guard let python else { return [frozen] }
        return [frozen, try managedPath(python)]
    }

    /// `sysconfig.get_path("stdlib")`: `lib/python3.13`, or `lib/python3.13t` where Python runs without its global lock,
    /// which only the place of site-packages tells (CEP 17).
    private static func managedPath(_ python: PythonLayout) throws(PrefixError) -> RelativePath {
        let usual = "lib/python\(python.major).\(python.minor)"
        let parent = python.sitePackages.parent?.string ?? usual
        return try PrefixBuild.path("\(parent == "\(usual)t" ? parent : usual)/EXTERNALLY-MANAGED")
    }

    /// The INI file that pip reads; further lines of a value are indented.
    private static func managed(_ message: String) -> [UInt8] {
        let lines = message.split(whereSeparator: \.isNewline).joined(separator: "\n ")
        return Array("[externally-managed]\nError=\(lines)\n".utf8)
    }
}

extension SafeDirectory {
    /// Writes guards that are not there; a file that a package brings in its place guards as well.
    func write(_ guards: [PrefixGuard], time: FileTime? = nil) throws(PrefixError) {
        for guardFile in guards {
            try PrefixError.writing { () throws(DirectoryError) in
                guard try status(guardFile.path)?.kind != .file else { return }
                let file = try createFile(guardFile.path)
                try file.write(guardFile.contents)
                if let time { try file.setModificationTime(time) }
            }
        }
    }
}
