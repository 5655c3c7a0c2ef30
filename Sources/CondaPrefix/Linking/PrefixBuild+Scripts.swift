import CondaArchive
import CondaModel

extension PrefixBuild {
    /// Runs the pre-link scripts, each in an unpacked copy of its package that is removed afterwards.
    func runPreLink(_ scripts: inout LinkScripts) throws {
        for package in plan.packages where package.hasScript(.preLink) {
            let source = try Self.path(".pre-link")
            try unpack(package, below: source)
            try scripts.run(.preLink, of: package.record, source: "\(destination)/\(source.string)")
            try remove(source)
        }
    }

    /// Runs the post-link scripts in topological order, then brings up to date what is known about files that they
    /// changed.
    func runPostLink(_ scripts: inout LinkScripts, _ installed: inout Installed) throws {
        let packages = plan.packages.filter { $0.hasScript(.postLink) }
        guard !packages.isEmpty else { return }
        let begun = try directory.fileSystemTime()
        for package in packages { try scripts.run(.postLink, of: package.record) }
        let changes = try concurrently(plan.packages, limit: options.threads) { package in
            try digests(of: package, changedSince: begun)
        }
        for (index, changed) in changes.enumerated() {
            for (number, digest) in changed where installed.paths[index][number]?.kind == .hardlink {
                installed.paths[index][number]?.digestInPrefix = digest
            }
        }
    }

    /// The digests of a package's files that something was done to; by task.
    private func digests(
        of package: PackagePlan, changedSince time: FileTime?
    ) throws(PrefixError) -> [(task: Int, digest: String)] {
        var digests: [(task: Int, digest: String)] = []
        for (number, task) in package.tasks.enumerated() where task.listed.type == .hardlink {
            guard let digest = try directory.digest(of: task.place, changedSince: time) else { continue }
            digests.append((number, digest))
        }
        return digests
    }

    /// Unpacks a package as conda's cache would hold it, prefix not replaced.
    private func unpack(_ package: PackagePlan, below folder: RelativePath) throws(PrefixError) {
        let files = FileLinker(
            package: package.record.distribution, directory: directory, latestTime: options.sourceEpoch,
            checksContents: false, sharesFiles: false)
        var linker = PackageLinker(plan: package.unpacked(below: folder), files: files) { _ in }
        _ = try linker.link()
    }

    /// Removes a directory made here, if it is there, with all that is in it; links are removed, not followed.
    func remove(_ folder: RelativePath) throws(PrefixError) {
        try PrefixError.writing { () throws(DirectoryError) in
            if try directory.status(folder) != nil { try removeTree(folder) }
        }
    }

    private func removeTree(_ folder: RelativePath) throws(DirectoryError) {
        for name in try directory.names(in: folder) {
            let path = folder.appending(name)
            if try directory.status(path)?.kind == .directory {
                try removeTree(path)
            } else {
                try directory.removeFile(path)
            }
        }
        _ = try directory.removeEmptyDirectory(folder)
    }
}

extension PackagePlan {
    /// The same package to be written unchanged below a folder.
    func unpacked(below folder: RelativePath) -> PackagePlan {
        var plan = self
        plan.tasks = tasks.map { task in
            let place = folder.appending(task.source)
            return LinkTask(source: task.source, target: place, place: place, listed: task.listed, replacement: nil)
        }
        return plan
    }
}
