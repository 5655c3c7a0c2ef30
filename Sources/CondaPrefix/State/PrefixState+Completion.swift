import CondaArchive
import CondaModel

extension PrefixState {
    /// Adds to a prefix that another program has just linked what ours has from the beginning: everything that tells later
    /// whether a file was altered, the environment's variables, and what keeps others from changing it.
    ///
    /// conda records no digests of byte code and entry points, no texts of links, links where it has made copies, byte code
    /// that was never made, and the packages' own digests of files that link scripts have changed since. As nobody else had the prefix yet, what is there
    /// is what was meant.
    /// - Parameter options: variables and guards; the other options say nothing here.
    /// - Throws: ``PrefixError`` when something cannot be read or written.
    package func complete(_ options: PrefixOptions) throws {
        let isChanged = try packages.contains { try has(.preLink, $0) || has(.postLink, $0) }
        let all = packages.flatMap(\.paths).map(\.path)
        let shared = Set(Dictionary(grouping: all) { $0 }.filter { $1.count > 1 }.keys)
        _ = try concurrently(packages, limit: options.threads) { package in
            var updated = package
            updated.paths = try package.paths.compactMap { path in
                let isTrue = path.digestInPrefix != nil && !isChanged && !shared.contains(path.path)
                return try completed(path, of: package, isTrue: isTrue)
            }
            if updated.paths != package.paths { try replaceDocument(updated) }
        }
        try write(options.variables)
        try directory.write(PrefixGuard.all(options, python: python()))
    }

    /// The layout of the environment's Python, if it has one.
    func python(among records: [PackageRecord] = []) -> PythonLayout? {
        let python = (records + packages.map(\.record)).first { $0.name == "python" }
        return python.flatMap { try? PythonLayout(python: $0) }
    }

    /// - Parameter isTrue: whether the recorded digest is that of the file.
    /// - Returns: nil for byte code that is not there.
    private func completed(
        _ path: InstalledPath, of package: InstalledPackage, isTrue: Bool
    ) throws(PrefixError) -> InstalledPath? {
        var completed = path
        let location = try path.location(in: package.record.distribution)
        let found = try PrefixError.writing { () throws(DirectoryError) in try directory.status(location)?.kind }
        switch (path.kind, found) {
        case (.compiledModule, nil): return nil
        case (.softlink, .symbolicLink): completed.linkTarget = try linkText(location)
        case (.softlink, .file):
            // conda puts a copy of what an absolute link leads to in the link's place, and records the link.
            completed.kind = .hardlink
            completed.digestInPrefix = try FileDigest.sha256(of: location, in: directory).digest
        case (.hardlink, .file), (.entryPoint, .file), (.compiledModule, .file):
            if !isTrue { completed.digestInPrefix = try FileDigest.sha256(of: location, in: directory).digest }
        default: break
        }
        return completed
    }

    /// conda keeps an environment's own variables in `conda-meta/state`; `conda create` has no flag for them.
    private func write(_ variables: [String: String]) throws(PrefixError) {
        guard !variables.isEmpty else { return }
        let bytes = try Document.encode(EnvironmentState(variables: variables), path: EnvironmentState.path)
        let place = try PrefixBuild.path(EnvironmentState.path)
        try PrefixError.writing { () throws(DirectoryError) in
            _ = try directory.removeFile(place)
            try directory.createFile(place).write(bytes)
        }
    }
}
