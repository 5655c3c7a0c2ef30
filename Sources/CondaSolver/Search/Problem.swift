/// A request in clauses.
struct Problem {
    var clauses = ClauseStore()
    var demands = Demands()
    /// What each variable stands for.
    var meanings: [Meaning] = []
    /// The package of each variable that stands for a candidate.
    var packages: [NameID?] = []
    var packageCount = 0
    /// The requirement that nothing serves, for clauses that forbid its owner.
    var unserved: [ClauseID: RequirementID] = [:]
    /// The requirement whose candidates start at a place of the stored literals.
    var requirementAt: [Int32: RequirementID] = [:]

    /// What a variable stands for.
    enum Meaning {
        /// The request is met.
        case root
        /// The candidate is chosen.
        case candidate(CandidateID)
        /// A bit of the number of the chosen candidate among those of its name.
        case numberBit
        /// The requirement of some chosen candidate must be served.
        case demand(RequirementID)
        /// Some candidate that a constraint rules out is chosen.
        case violation(RequirementID)
    }

    /// Makes the first variables: the root, then one for each candidate.
    mutating func addRootAndCandidates(_ candidates: [Candidate]) {
        meanings = [.root] + candidates.indices.map { .candidate(CandidateID(index: Int32($0))) }
        packages = [nil] + candidates.map(\.name)
        clauses.grow(toVariables: meanings.count)
        demands.grow(toVariables: meanings.count)
    }

    mutating func addVariable(_ meaning: Meaning, package: NameID? = nil) -> Variable {
        let variable = Variable(index: UInt32(meanings.count))
        meanings.append(meaning)
        packages.append(package)
        clauses.grow(toVariables: meanings.count)
        demands.grow(toVariables: meanings.count)
        return variable
    }
}
