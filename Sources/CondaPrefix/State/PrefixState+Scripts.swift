import CondaArchive

extension PrefixState {
    /// Does what is left to do for a prefix whose files came from elsewhere, linked for this place: runs the pre-link and
    /// post-link scripts in topological order, and records what they have changed.
    ///
    /// There is no unpacked package any more when pre-link scripts run: they find it linked already.
    /// - Returns: what the scripts left for the user.
    /// - Throws: ``PrefixError`` when a script fails.
    package func runLinkScripts(
        events: @escaping @Sendable (PrefixEvent) -> Void = { _ in }
    ) throws -> [ScriptMessage] {
        var scripts = LinkScripts(prefix: prefix, directory: directory, events: events)
        let begun = try directory.fileSystemTime()
        var count = 0
        for kind in [LinkScript.Kind.preLink, .postLink] {
            for package in packages where try has(kind, package) {
                try scripts.run(kind, of: package.record)
                count += 1
            }
        }
        if count > 0 { try recordChanges(since: begun) }
        return scripts.messages
    }

    /// Runs the packages' pre-unlink scripts before the prefix is removed, dependents first.
    ///
    /// A failing script is reported and stops nothing, as with conda.
    /// - Returns: what the scripts left for the user.
    /// - Throws: ``PrefixError`` when a script could not be started.
    package func runPreUnlinkScripts(
        events: @escaping @Sendable (PrefixEvent) -> Void = { _ in }
    ) throws -> [ScriptMessage] {
        var scripts = LinkScripts(prefix: prefix, directory: directory, events: events)
        for package in packages.reversed() where try has(.preUnlink, package) {
            try scripts.tryToRun(.preUnlink, of: package.record)
        }
        return scripts.messages
    }

    func has(_ kind: LinkScript.Kind, _ package: InstalledPackage) throws(PrefixError) -> Bool {
        let path = try PrefixBuild.path(kind.path(package: package.record.name))
        return try PrefixError.writing { () throws(DirectoryError) in try directory.status(path)?.kind == .file }
    }

    /// Brings the documents of packages up to date whose files something was done to.
    private func recordChanges(since time: FileTime?) throws {
        _ = try concurrently(packages, limit: PrefixOptions().threads) { package in
            var updated = package
            for (number, path) in package.paths.enumerated() where path.kind == .hardlink {
                let location = try path.location(in: package.record.distribution)
                guard let digest = try directory.digest(of: location, changedSince: time) else { continue }
                updated.paths[number].digestInPrefix = digest
            }
            if updated.paths != package.paths { try replaceDocument(updated) }
        }
    }

    func replaceDocument(_ package: InstalledPackage) throws(PrefixError) {
        let bytes = try Document.encode(package, path: package.documentPath)
        let place = try PrefixBuild.path(package.documentPath)
        let temporary = try PrefixBuild.path("\(package.documentPath).new")
        try PrefixError.writing { () throws(DirectoryError) in
            try directory.removeFile(temporary)
            try directory.createFile(temporary).write(bytes)
            try directory.rename(temporary, to: place)
        }
    }
}

extension SafeDirectory {
    /// What the clock of the file system says; nil where it does not tell.
    func fileSystemTime() throws(PrefixError) -> FileTime? {
        let stamp = try PrefixBuild.path(".post-link")
        return try PrefixError.writing { () throws(DirectoryError) in
            try removeFile(stamp)
            try createFile(stamp).write([])
            let time = try status(stamp)?.changeTime
            try removeFile(stamp)
            return time
        }
    }

    /// The SHA-256 digest of a file that something was done to; nil for one that is as it was, or is none.
    func digest(of path: RelativePath, changedSince time: FileTime?) throws(PrefixError) -> String? {
        let found = try PrefixError.writing { () throws(DirectoryError) in try status(path) }
        guard let found, found.kind == .file, time.map({ found.changeTime >= $0 }) ?? true else { return nil }
        return try FileDigest.sha256(of: path, in: self).digest
    }
}
