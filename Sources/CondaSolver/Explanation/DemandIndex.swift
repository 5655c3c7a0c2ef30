/// The requirements and constraints that a proof uses, by the name they are about.
struct DemandIndex {
    private var demands: [NameID: [Demand]] = [:]
    /// The candidates that do not meet a requirement.
    private var rejected: [RequirementID: Set<CandidateID>] = [:]

    /// One requirement or constraint and who has it.
    private struct Demand {
        let owner: Conflict.Owner
        let requirement: RequirementID
        let isConstraint: Bool
    }

    /// The user, or candidates of one name, who demand of a name what someone else cannot give.
    struct Rival: Hashable {
        /// The candidates; none when it is the user.
        var owners: [CandidateID]
        /// What they require, or what the only thing is that they work with.
        var requirements: [RequirementID]
        let isConstraint: Bool
    }

    init(_ conflict: Conflict, _ catalog: Catalog) {
        add(conflict.requirements, isConstraint: false, catalog)
        add(conflict.constraints, isConstraint: true, catalog)
    }

    private mutating func add(_ lists: [Conflict.Owner: [RequirementID]], isConstraint: Bool, _ catalog: Catalog) {
        for (owner, requirements) in lists.sorted(by: { $0.key < $1.key }) {
            for requirement in requirements {
                demands[catalog.name(of: requirement), default: []].append(
                    Demand(owner: owner, requirement: requirement, isConstraint: isConstraint))
            }
        }
    }

    /// Who demands something of a candidate's name that the candidate does not meet; the user goes before packages.
    ///
    /// Other candidates of the names in `path` are no rivals: they are alternatives to those for whose sake the
    /// candidate is considered.
    mutating func rival(of candidate: CandidateID, path: [PathStep], catalog: inout Catalog) -> Rival? {
        let name = catalog[candidate].name
        let path = path + [PathStep(name: name, candidates: [])]
        var against: [Demand] = []
        for demand in demands[name] ?? [] where counts(demand.owner, path, catalog) {
            if isRejected(candidate, by: demand.requirement, &catalog) { against.append(demand) }
        }
        return rival(against, catalog)
    }

    private mutating func isRejected(
        _ candidate: CandidateID, by requirement: RequirementID, _ catalog: inout Catalog
    ) -> Bool {
        if let known = rejected[requirement] { return known.contains(candidate) }
        let others = Set(catalog.otherCandidates(than: requirement))
        rejected[requirement] = others
        return others.contains(candidate)
    }

    /// Who requires something of a name, considering candidates at the end of a path.
    func claim(on name: NameID, path: [PathStep], catalog: Catalog) -> Rival? {
        rival((demands[name] ?? []).filter { !$0.isConstraint && counts($0.owner, path, catalog) }, catalog)
    }

    private func counts(_ owner: Conflict.Owner, _ path: [PathStep], _ catalog: Catalog) -> Bool {
        guard case .candidate(let candidate) = owner else { return true }
        let name = catalog[candidate].name
        return path.allSatisfy { $0.name != name || $0.candidates.contains(candidate) }
    }

    /// Puts the first demand together with the like of other candidates of its owner's name.
    private func rival(_ demands: [Demand], _ catalog: Catalog) -> Rival? {
        guard let first = demands.first else { return nil }
        guard case .candidate(let leader) = first.owner else {
            return Rival(owners: [], requirements: [first.requirement], isConstraint: first.isConstraint)
        }
        var rival = Rival(owners: [], requirements: [], isConstraint: first.isConstraint)
        for demand in demands where demand.isConstraint == first.isConstraint {
            guard case .candidate(let owner) = demand.owner else { continue }
            guard catalog[owner].name == catalog[leader].name else { continue }
            rival.owners.append(owner)
            if !rival.requirements.contains(demand.requirement) { rival.requirements.append(demand.requirement) }
        }
        return rival
    }
}

/// Candidates of one name for whose sake something is considered.
struct PathStep {
    let name: NameID
    let candidates: [CandidateID]
}

extension Conflict.Owner: Comparable {
    /// The user stands first, then candidates in the order they were added.
    static func < (left: Conflict.Owner, right: Conflict.Owner) -> Bool {
        switch (left, right) {
        case (.user, .candidate): true
        case (.candidate(let left), .candidate(let right)): left.index < right.index
        case (_, .user): false
        }
    }
}
