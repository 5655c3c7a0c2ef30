import CondaModel

extension Lock {
    /// Judges whether the lock still answers a requirement set.
    ///
    /// A lock of ours answers exactly the set it was made for. A foreign lock answers when each requirement is met by
    /// a package in it, whatever it was made for. In both the packages must fit together.
    ///
    /// - Parameter categories: the groups of packages that count.
    package func check(against wanted: RequirementSet, categories: Set<String> = ["main"]) -> LockAnswer {
        guard platforms.contains(wanted.platform) else {
            return LockAnswer(reasons: [.noPackages(platform: wanted.platform, known: platforms)])
        }
        let locked = LockedSet(self, platform: wanted.platform, categories: categories)
        var reasons = origin == .ours ? differences(from: wanted) : []
        let unmet = wanted.specs.compactMap { locked.unmet($0, virtual: wanted.virtualPackages) }
        let unmetPip = wanted.pip.compactMap { locked.unmet(pip: $0, beside: wanted.localWheels) }
        // What is not in the lock at all was added, too: one reason for each requirement is enough.
        let explained = Set((unmet + unmetPip).compactMap(\.requirement))
        reasons.removeAll { reason in
            guard case .added(let requirement) = reason else { return false }
            return explained.contains(requirement)
        }
        reasons += unmet + unmetPip + locked.brokenDependencies()
        if reasons.isEmpty, origin == .ours, contentHash[wanted.platform] != wanted.contentHash {
            reasons = [.contentHashDiffers]
        }
        return LockAnswer(reasons: reasons)
    }

    /// What changed in the requirement set since a lock of ours was made.
    private func differences(from wanted: RequirementSet) -> [LockAnswer.Reason] {
        guard contentHash[wanted.platform] != wanted.contentHash else { return [] }
        var reasons: [LockAnswer.Reason] = []
        let before = channels(for: wanted.platform)
        if before != wanted.channels { reasons.append(.channelsDiffer(locked: before, wanted: wanted.channels)) }
        if let before = requirements(for: wanted.platform) {
            let now = wanted.requirementLines
            reasons += before.filter { !now.contains($0) }.map { .removed(requirement: $0) }
            reasons += now.filter { !before.contains($0) }.map { .added(requirement: $0) }
        }
        if let before = virtualPackages(for: wanted.platform), before != wanted.virtualPackageLines {
            reasons.append(.targetDiffers(locked: before, wanted: wanted.virtualPackageLines))
        }
        return reasons
    }
}

extension LockAnswer.Reason {
    fileprivate var requirement: String? {
        switch self {
        case .notLocked(let requirement), .doesNotMatch(let requirement, _): requirement
        default: nil
        }
    }
}
