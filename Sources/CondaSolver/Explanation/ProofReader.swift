/// Which requirement the clauses of a problem are about.
struct ServedClauses {
    let unserved: [ClauseID: RequirementID]
    let requirementAt: [Int32: RequirementID]

    init(_ problem: Problem) {
        unserved = problem.unserved
        requirementAt = problem.requirementAt
    }
}

/// Translates the clauses of a proof back into requirements, constraints and exclusions.
struct ProofReader {
    private let meanings: [Problem.Meaning]
    private let served: ServedClauses
    private let pinned: [RequirementID]
    private var catalog: Catalog
    private(set) var conflict = Conflict()

    init(meanings: [Problem.Meaning], served: ServedClauses, pinned: [RequirementID], catalog: Catalog) {
        (self.meanings, self.served, self.pinned, self.catalog) = (meanings, served, pinned, catalog)
    }

    /// Takes a clause in.
    mutating func read(_ id: ClauseID, _ store: ClauseStore) {
        let clause = store.clauses[Int(id.index)]
        switch clause.body {
        case .unit: readUnit(id, clause.watched.0)
        case .long(let head, let start, _):
            if let owner = head.flatMap({ owner($0.variable) }), let requirement = served.requirementAt[start] {
                conflict.addRequirement(requirement, of: owner)
            }
        case .pair: readPair(clause.watched.0, clause.watched.1)
        }
    }

    private func owner(_ variable: Variable) -> Conflict.Owner? {
        switch meanings[Int(variable.index)] {
        case .root: .user
        case .candidate(let id): .candidate(id)
        case .numberBit, .demand, .violation: nil
        }
    }

    private mutating func readUnit(_ id: ClauseID, _ literal: Literal) {
        guard let owner = owner(literal.variable) else { return }
        if let requirement = served.unserved[id] {
            conflict.addRequirement(requirement, of: owner)
        } else if case .candidate(let candidate) = owner {
            conflict.addExclusion(candidate)
        }
    }

    private mutating func readPair(_ first: Literal, _ second: Literal) {
        switch (meanings[Int(first.variable.index)], meanings[Int(second.variable.index)]) {
        case (.demand(let requirement), _):
            if let owner = owner(second.variable) { conflict.addRequirement(requirement, of: owner) }
        case (_, .violation(let constraint)):
            // The link from a forbidden candidate to the violation is positive and says nothing about who forbids it.
            if let owner = owner(first.variable), !second.isPositive {
                conflict.addConstraint(constraint, of: owner)
            }
        case (_, .candidate(let forbidden)):
            if let owner = owner(first.variable) { readForbiddenPair(owner, forbidden) }
        default: break
        }
    }

    private mutating func readForbiddenPair(_ owner: Conflict.Owner, _ forbidden: CandidateID) {
        for constraint in constraints(of: owner) where catalog.otherCandidates(than: constraint).contains(forbidden) {
            conflict.addConstraint(constraint, of: owner)
        }
    }

    private mutating func constraints(of owner: Conflict.Owner) -> [RequirementID] {
        guard case .candidate(let candidate) = owner else { return pinned }
        guard case .readable(_, let constraints) = catalog.dependencies(of: candidate) else { return [] }
        return constraints
    }
}
