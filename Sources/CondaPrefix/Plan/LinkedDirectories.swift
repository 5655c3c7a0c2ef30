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

    init(_ plan: LinkPlan) {
        var links: [RelativePath: Int] = [:]
        for (package, plan) in plan.packages.enumerated() {
            for task in plan.tasks where task.listed.type == .softlink { links[task.target] = package }
        }
        guard !links.isEmpty else { return }
        var seen: Set<RelativePath> = []
        let targets = plan.packages.map { $0.tasks.map(\.target) } + plan.wheels.map { $0.tasks.map(\.target) }
        for target in targets.joined() {
            var directory = target.parent
            while let current = directory, seen.insert(current).inserted {
                if let package = links[current] { wanted[package, default: []].insert(current) }
                directory = current.parent
            }
        }
    }

    /// Sends every path to where it leads.
    ///
    /// - Throws: ``PrefixError/badPath(package:path:problem:)`` when one leads out of the prefix.
    func redirect(_ plan: inout LinkPlan) throws(PrefixError) {
        guard !wanted.isEmpty else { return }
        let targets = try readTargets(plan.packages)
        for package in plan.packages.indices {
            let label = plan.packages[package].record.distribution
            for index in plan.packages[package].tasks.indices {
                let task = plan.packages[package].tasks[index]
                plan.packages[package].tasks[index].place = try resolve(task.target, targets, label)
            }
            for index in plan.packages[package].entryPoints.indices {
                let task = plan.packages[package].entryPoints[index]
                plan.packages[package].entryPoints[index].place = try resolve(task.target, targets, label)
            }
        }
        for wheel in plan.wheels.indices {
            for index in plan.wheels[wheel].tasks.indices {
                let task = plan.wheels[wheel].tasks[index]
                plan.wheels[wheel].tasks[index].place = try resolve(task.target, targets, plan.wheels[wheel].label)
            }
        }
    }

    private func readTargets(_ plans: [PackagePlan]) throws(PrefixError) -> [RelativePath: [UInt8]] {
        var targets: [RelativePath: [UInt8]] = [:]
        for (package, links) in wanted.sorted(by: { $0.key < $1.key }) {
            let plan = plans[package]
            try plan.forEachLink { path, target in
                if links.contains(path) { targets[path] = target }
            }
        }
        return targets
    }

    private func resolve(
        _ path: RelativePath, _ targets: [RelativePath: [UInt8]], _ package: String
    ) throws(PrefixError) -> RelativePath {
        var resolved = path
        for _ in 0..<Self.maximumDepth {
            guard let (link, rest) = Self.firstLink(in: resolved, targets), let text = targets[link] else {
                return resolved
            }
            switch LinkTarget(text).resolved(from: link.parent) {
            case .below(let place): resolved = place.appending(rest)
            case .root: resolved = rest
            case .outside: throw bad(path, "leads out of the prefix through the link '\(link)'", package)
            }
        }
        throw bad(path, "leads in a circle of links", package)
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

    private func bad(_ path: RelativePath, _ problem: String, _ package: String) -> PrefixError {
        .badPath(package: package, path: path.description, problem: problem)
    }
}
