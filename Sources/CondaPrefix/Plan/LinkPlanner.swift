import CondaArchive
import CondaModel

/// Makes the plan of an installation from the packages' own lists of paths.
struct LinkPlanner: Sendable {
    /// The absolute path that the files will live under.
    let prefix: String

    /// Archives read at the same time.
    let threads: Int

    /// Reads all archives' metadata and decides about every path.
    ///
    /// - Throws: ``PrefixError`` for the first package in topological order that cannot be linked.
    func plan(_ packages: [PrefixPackage]) async throws -> LinkPlan {
        let sources = try await read(packages)
        let ordered = try sorted(sources)
        let python = try ordered.first { $0.record.name == "python" }.map { (source) throws(PrefixError) in
            try PythonLayout(python: source.record)
        }
        var plans: [PackagePlan] = []
        for source in ordered { plans.append(try source.plan(prefix: prefix, python: python)) }
        try checkRoom(plans)
        try LinkedDirectories(plans).redirect(&plans)
        let clobbers = PathOwners.settle(&plans)
        return LinkPlan(packages: plans, python: python, clobbers: clobbers)
    }

    private func read(_ packages: [PrefixPackage]) async throws -> [PackageSource] {
        try await concurrently(packages, limit: threads) { package in
            try PackageSource(package)
        }
    }

    /// Orders the packages as conda links them.
    private func sorted(_ sources: [PackageSource]) throws(PrefixError) -> [PackageSource] {
        var byName: [String: PackageSource] = [:]
        for source in sources where byName.updateValue(source, forKey: source.record.name) != nil {
            throw .duplicatePackage(source.record.name)
        }
        return PackageRecord.topologicallySorted(sources.map(\.record)).compactMap { byName[$0.name] }
    }

    /// Refuses a prefix that does not fit, naming the file with the least room.
    private func checkRoom(_ plans: [PackagePlan]) throws(PrefixError) {
        var tightest: (room: Int, package: String, file: String)?
        for plan in plans {
            for task in plan.tasks {
                guard let replacement = task.replacement else { continue }
                do throws(PrefixReplacement.PrefixTooLong) {
                    try replacement.check()
                } catch {
                    if let tightest, tightest.room <= error.placeholderLength { continue }
                    tightest = (error.placeholderLength, plan.record.distribution, task.target.string)
                }
            }
        }
        guard let tightest else { return }
        throw .prefixTooLong(
            package: tightest.package, file: tightest.file, prefix: prefix, prefixLength: prefix.utf8.count,
            placeholderLength: tightest.room)
    }
}
