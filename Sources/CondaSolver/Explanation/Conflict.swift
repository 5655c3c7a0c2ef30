/// What a proof of impossibility uses of the request and its candidates.
struct Conflict {
    /// Who demands something.
    enum Owner: Hashable {
        case user
        case candidate(CandidateID)
    }

    /// The requirements that count, by who has them, in the order the proof names them.
    private(set) var requirements: [Owner: [RequirementID]] = [:]
    /// The constraints that count, by who has them; those of the user are pins.
    private(set) var constraints: [Owner: [RequirementID]] = [:]
    /// The candidates whose exclusion counts.
    private(set) var excluded: Set<CandidateID> = []

    mutating func addRequirement(_ requirement: RequirementID, of owner: Owner) {
        if requirements[owner]?.contains(requirement) != true { requirements[owner, default: []].append(requirement) }
    }

    mutating func addConstraint(_ constraint: RequirementID, of owner: Owner) {
        if constraints[owner]?.contains(constraint) != true { constraints[owner, default: []].append(constraint) }
    }

    mutating func addExclusion(_ candidate: CandidateID) {
        excluded.insert(candidate)
    }
}
