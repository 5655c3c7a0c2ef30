import CondaArchive

/// Decides which package's file is in place where several have one path.
///
/// conda links packages in topological order, each over what is there, and entry points after all of them; so the last
/// one wins. Where one package has a file and another a directory of the same name, the same rule holds.
struct PathOwners {
    /// Where in the plans a claim on a path comes from.
    private enum Claim {
        case task(package: Int, index: Int)
        case entryPoint(package: Int, index: Int)

        var package: Int {
            switch self {
            case .task(let package, _), .entryPoint(let package, _): package
            }
        }
    }

    private var owners: [RelativePath: Claim] = [:]
    private var losers: [RelativePath: [Int]] = [:]

    /// Directories that took the place of a file, with the package that needs them.
    private var directories: [RelativePath: Int] = [:]

    /// Marks what is not written in the plans, and returns what was clobbered.
    static func settle(_ plans: inout [PackagePlan]) -> [PathClobber] {
        var settlement = PathOwners()
        settlement.claimAll(&plans)
        settlement.separateFilesFromDirectories(&plans)
        return settlement.clobbers(plans)
    }

    private mutating func claimAll(_ plans: inout [PackagePlan]) {
        for package in plans.indices {
            for index in plans[package].tasks.indices {
                claim(plans[package].tasks[index].place, .task(package: package, index: index), &plans)
            }
        }
        for package in plans.indices {
            for index in plans[package].entryPoints.indices {
                claim(plans[package].entryPoints[index].place, .entryPoint(package: package, index: index), &plans)
            }
        }
    }

    private mutating func claim(_ place: RelativePath, _ claim: Claim, _ plans: inout [PackagePlan]) {
        guard let earlier = owners.updateValue(claim, forKey: place) else { return }
        if Self.isDirectory(earlier, plans), Self.isDirectory(claim, plans) { return }
        drop(earlier, from: place, &plans)
    }

    private mutating func drop(_ claim: Claim, from place: RelativePath, _ plans: inout [PackagePlan]) {
        losers[place, default: []].append(claim.package)
        switch claim {
        case .task(let package, let index): plans[package].tasks[index].isWritten = false
        case .entryPoint(let package, let index): plans[package].entryPoints[index].isWritten = false
        }
    }

    private static func isDirectory(_ claim: Claim, _ plans: [PackagePlan]) -> Bool {
        guard case .task(let package, let index) = claim else { return false }
        return plans[package].tasks[index].listed.type == .directory
    }

    /// Drops the earlier one where a file stands in the way of a directory.
    private mutating func separateFilesFromDirectories(_ plans: inout [PackagePlan]) {
        let needed = lastNeedOfDirectories()
        let conflicts = owners.filter { needed[$0.key] != nil && !Self.isDirectory($0.value, plans) }.keys.sorted()
        for place in conflicts {
            guard let claim = owners[place], let last = needed[place] else { continue }
            if last > claim.package {
                drop(claim, from: place, &plans)
                owners[place] = nil
                directories[place] = last
            } else {
                dropAll(below: place, &plans)
            }
        }
    }

    /// The directories that paths need, with the last package that needs each.
    private func lastNeedOfDirectories() -> [RelativePath: Int] {
        var needed: [RelativePath: Int] = [:]
        for (place, claim) in owners {
            var directory = place.parent
            while let current = directory, needed[current].map({ $0 < claim.package }) ?? true {
                needed[current] = claim.package
                directory = current.parent
            }
        }
        return needed
    }

    private mutating func dropAll(below place: RelativePath, _ plans: inout [PackagePlan]) {
        let directory = place.bytes + [UInt8(ascii: "/")]
        for (other, claim) in owners.filter({ $0.key.bytes.starts(with: directory) }) {
            drop(claim, from: other, &plans)
            owners[other] = nil
        }
    }

    private func clobbers(_ plans: [PackagePlan]) -> [PathClobber] {
        losers.sorted { $0.key < $1.key }.map { place, packages in
            let winner = winner(at: place).map { plans[$0].record.distribution } ?? ""
            let others = Set(packages).sorted().map { plans[$0].record.distribution }.filter { $0 != winner }
            return PathClobber(path: place.string, winner: winner, losers: others)
        }
    }

    /// The package that has a path, needs it as a directory, or put a file in place of its directory.
    private func winner(at place: RelativePath) -> Int? {
        owners[place]?.package ?? directories[place] ?? place.parent.flatMap(winner)
    }
}
