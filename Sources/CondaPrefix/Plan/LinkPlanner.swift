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
    func plan(_ packages: [PrefixPackage], wheels: [PrefixWheel] = []) throws -> LinkPlan {
        let sources = try read(packages)
        let ordered = try sorted(sources)
        let python = try ordered.first { $0.record.name == "python" }.map { (source) throws(PrefixError) in
            try PythonLayout(python: source.record)
        }
        let plans = try concurrently(ordered, limit: threads) { [prefix] source in
            try source.plan(prefix: prefix, python: python)
        }
        try checkRoom(plans)
        var plan = LinkPlan(packages: plans, python: python)
        plan.wheels = try self.plan(wheels, python)
        try Self.checkDistributions(plan)
        try LinkedDirectories(plan).redirect(&plan)
        plan.clobbers = PathOwners.settle(&plan)
        try PythonStartup.check(plan)
        return plan
    }

    /// Plans wheels, ordered by name because nothing else says which of two comes last.
    private func plan(_ wheels: [PrefixWheel], _ python: PythonLayout?) throws -> [WheelPlan] {
        guard let first = wheels.first else { return [] }
        guard let python else { throw PrefixError.missingPython(package: "the wheel \(first.name) \(first.version)") }
        let ordered = wheels.map { (DistributionName.canonical($0.name), $0) }.sorted { $0.0 < $1.0 }
        return try concurrently(ordered.map(\.1), limit: threads) { wheel in
            try WheelSource(wheel).plan(python: python)
        }
    }

    /// Refuses two copies of one distribution: Python would import a mixture of both.
    private static func checkDistributions(_ plan: LinkPlan) throws(PrefixError) {
        var owners: [String: String] = [:]
        for package in plan.packages where !plan.wheels.isEmpty {
            for task in package.tasks {
                guard let name = distribution(of: task.target) else { continue }
                owners[name] = package.record.distribution
            }
        }
        for wheel in plan.wheels {
            let name = DistributionName.canonical(wheel.wheel.name)
            if let owner = owners.updateValue(wheel.wheel.path, forKey: name) {
                throw .distributionTwice(name: name, first: owner, second: wheel.wheel.path)
            }
        }
    }

    /// The distribution whose metadata a path holds.
    private static func distribution(of path: RelativePath) -> String? {
        guard let folder = path.parent, ["METADATA", "PKG-INFO"].contains(where: { path.name.elementsEqual($0.utf8) })
        else {
            return nil
        }
        let text = String(decoding: folder.name, as: UTF8.self)
        for suffix in [".dist-info", ".egg-info"] where text.hasSuffix(suffix) {
            return DistributionName.split(stem: text.dropLast(suffix.count)).map { DistributionName.canonical($0.name) }
        }
        return nil
    }

    private func read(_ packages: [PrefixPackage]) throws -> [PackageSource] {
        try concurrently(packages, limit: threads) { package in
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
