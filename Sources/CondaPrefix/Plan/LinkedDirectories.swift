import CondaArchive
import CondaModel

/// Directories of paths that are symbolic links of a package: `lib64/x` of one package where another makes `lib64` a
/// link to `lib`.
///
/// conda writes through such links. We look up where they lead while planning, so that nothing is ever written through
/// one and two packages that meet behind it are seen to.
struct LinkedDirectories {
    /// How often a link may lead to a further one.
    private static let maximumDepth = 40

    /// Links that stand in the way of other paths, by the package that brings them.
    private var wanted: [Int: Set<RelativePath>] = [:]

    init(_ plans: [PackagePlan]) {
        var links: [RelativePath: Int] = [:]
        for (package, plan) in plans.enumerated() {
            for task in plan.tasks where task.listed.type == .softlink { links[task.target] = package }
        }
        guard !links.isEmpty else { return }
        var seen: Set<RelativePath> = []
        for plan in plans {
            for task in plan.tasks {
                var directory = task.target.parent
                while let current = directory, seen.insert(current).inserted {
                    if let package = links[current] { wanted[package, default: []].insert(current) }
                    directory = current.parent
                }
            }
        }
    }

    /// Sends every path to where it leads.
    ///
    /// - Throws: ``PrefixError/badPath(package:path:problem:)`` when one leads out of the prefix.
    func redirect(_ plans: inout [PackagePlan]) throws(PrefixError) {
        guard !wanted.isEmpty else { return }
        let targets = try readTargets(plans)
        for package in plans.indices {
            for index in plans[package].tasks.indices {
                let task = plans[package].tasks[index]
                plans[package].tasks[index].place = try resolve(task.target, targets, plans[package].record)
            }
            for index in plans[package].entryPoints.indices {
                let task = plans[package].entryPoints[index]
                plans[package].entryPoints[index].place = try resolve(task.target, targets, plans[package].record)
            }
        }
    }

    private func readTargets(_ plans: [PackagePlan]) throws(PrefixError) -> [RelativePath: [UInt8]] {
        var targets: [RelativePath: [UInt8]] = [:]
        for (package, links) in wanted.sorted(by: { $0.key < $1.key }) {
            let plan = plans[package]
            try plan.visit { (member, index, _) throws(PrefixError) in
                guard links.contains(plan.tasks[index].target), case .symlink(let target) = member.kind else { return }
                targets[plan.tasks[index].target] = target
            }
        }
        return targets
    }

    private func resolve(
        _ path: RelativePath, _ targets: [RelativePath: [UInt8]], _ record: PackageRecord
    ) throws(PrefixError) -> RelativePath {
        var resolved = path
        for _ in 0..<Self.maximumDepth {
            guard let (link, rest) = Self.firstLink(in: resolved, targets), let text = targets[link] else {
                return resolved
            }
            switch LinkTarget(text).resolved(from: link.parent) {
            case .below(let place): resolved = place.appending(rest)
            case .root: resolved = rest
            case .outside: throw bad(path, "leads out of the prefix through the link '\(link)'", record)
            }
        }
        throw bad(path, "leads in a circle of links", record)
    }

    /// The shortest directory of a path that is a link, and what follows it.
    private static func firstLink(
        in path: RelativePath, _ targets: [RelativePath: [UInt8]]
    ) -> (link: RelativePath, rest: RelativePath)? {
        var found: RelativePath?
        var directory = path.parent
        while let current = directory {
            if targets[current] != nil { found = current }
            directory = current.parent
        }
        guard let link = found, let rest = try? RelativePath(bytes: path.bytes[(link.bytes.count + 1)...]) else {
            return nil
        }
        return (link, rest)
    }

    private func bad(_ path: RelativePath, _ problem: String, _ record: PackageRecord) -> PrefixError {
        .badPath(package: record.distribution, path: path.description, problem: problem)
    }
}
