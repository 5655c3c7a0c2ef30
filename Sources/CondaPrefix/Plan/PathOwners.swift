import CondaArchive

/// Decides which package's file is in place where several have one path.
///
/// conda links packages in topological order, each over what is there, and entry points after all of them; so the last
/// one wins. Where one package has a file and another a directory of the same name, the same rule holds. Wheels come
/// after all packages, as pip would write over what is there, and are settled the same way among themselves.
struct PathOwners {
    /// Where in the plan a claim on a path comes from.
    private enum Claim {
        case task(package: Int, index: Int)
        case entryPoint(package: Int, index: Int)
        case wheel(owner: Int, index: Int)

        /// The package's number; wheels go on counting where packages end.
        var owner: Int {
            switch self {
            case .task(let owner, _), .entryPoint(let owner, _), .wheel(let owner, _): owner
            }
        }
    }

    private var owners: [RelativePath: Claim] = [:]
    private var losers: [RelativePath: [Int]] = [:]

    /// Directories that took the place of a file, with the package or wheel that needs them.
    private var directories: [RelativePath: Int] = [:]

    /// Marks what is not written in the plans, and returns what was clobbered.
    static func settle(_ plan: inout LinkPlan) -> [PathClobber] {
        var settlement = PathOwners()
        settlement.claimAll(&plan)
        settlement.separateFilesFromDirectories(&plan)
        return settlement.clobbers(plan)
    }

    private mutating func claimAll(_ plan: inout LinkPlan) {
        for package in plan.packages.indices {
            for index in plan.packages[package].tasks.indices {
                claim(plan.packages[package].tasks[index].place, .task(package: package, index: index), &plan)
            }
        }
        for package in plan.packages.indices {
            for index in plan.packages[package].entryPoints.indices {
                let place = plan.packages[package].entryPoints[index].place
                claim(place, .entryPoint(package: package, index: index), &plan)
            }
        }
        for wheel in plan.wheels.indices {
            let owner = plan.packages.count + wheel
            for index in plan.wheels[wheel].tasks.indices {
                claim(plan.wheels[wheel].tasks[index].place, .wheel(owner: owner, index: index), &plan)
            }
        }
    }

    private mutating func claim(_ place: RelativePath, _ claim: Claim, _ plan: inout LinkPlan) {
        guard let earlier = owners.updateValue(claim, forKey: place) else { return }
        if Self.isDirectory(earlier, plan), Self.isDirectory(claim, plan) { return }
        drop(earlier, from: place, &plan)
    }

    private mutating func drop(_ claim: Claim, from place: RelativePath, _ plan: inout LinkPlan) {
        losers[place, default: []].append(claim.owner)
        switch claim {
        case .task(let package, let index): plan.packages[package].tasks[index].isWritten = false
        case .entryPoint(let package, let index): plan.packages[package].entryPoints[index].isWritten = false
        case .wheel(let owner, let index): plan.wheels[owner - plan.packages.count].tasks[index].isWritten = false
        }
    }

    private static func isDirectory(_ claim: Claim, _ plan: LinkPlan) -> Bool {
        guard case .task(let package, let index) = claim else { return false }
        return plan.packages[package].tasks[index].listed.type == .directory
    }

    /// Drops the earlier one where a file stands in the way of a directory.
    private mutating func separateFilesFromDirectories(_ plan: inout LinkPlan) {
        let needed = lastNeedOfDirectories()
        let conflicts = owners.filter { needed[$0.key] != nil && !Self.isDirectory($0.value, plan) }.keys.sorted()
        for place in conflicts {
            guard let claim = owners[place], let last = needed[place] else { continue }
            if last > claim.owner {
                drop(claim, from: place, &plan)
                owners[place] = nil
                directories[place] = last
            } else {
                dropAll(below: place, &plan)
            }
        }
    }

    /// The directories that paths need, with the last package that needs each.
    private func lastNeedOfDirectories() -> [RelativePath: Int] {
        var needed: [RelativePath: Int] = [:]
        for (place, claim) in owners {
            var directory = place.parent
            while let current = directory, needed[current].map({ $0 < claim.owner }) ?? true {
                needed[current] = claim.owner
                directory = current.parent
            }
        }
        return needed
    }

    private mutating func dropAll(below place: RelativePath, _ plan: inout LinkPlan) {
        let directory = place.bytes + [UInt8(ascii: "/")]
        for (other, claim) in owners.filter({ $0.key.bytes.starts(with: directory) }) {
            drop(claim, from: other, &plan)
            owners[other] = nil
        }
    }

    private func clobbers(_ plan: LinkPlan) -> [PathClobber] {
        losers.sorted { $0.key < $1.key }.map { place, packages in
            let winner = winner(at: place).map(plan.label) ?? ""
            let others = Set(packages).sorted().map(plan.label).filter { $0 != winner }
            return PathClobber(path: place.string, winner: winner, losers: others)
        }
    }

    /// The package that has a path, needs it as a directory, or put a file in place of its directory.
    private func winner(at place: RelativePath) -> Int? {
        owners[place]?.owner ?? directories[place] ?? place.parent.flatMap(winner)
    }
}

extension LinkPlan {
    /// The name of a package or, counted behind the packages, of a wheel.
    fileprivate func label(owner: Int) -> String {
        owner < packages.count ? packages[owner].record.distribution : wheels[owner - packages.count].label
    }
}
