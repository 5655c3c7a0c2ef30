/// Writes a request as clauses.
///
/// Candidates are taken in from the request outwards, breadth first: what a candidate requires is written down when it
/// is first required. The order of clauses is the order of resolvo's encoding, because it decides how conflicts are
/// found; see ``Search``.
struct Encoder {
    private(set) var catalog: Catalog
    private(set) var problem = Problem()
    private var queue: [Task] = []
    private var knownPackages = IndexSet()
    private var knownCandidates = IndexSet()
    private var knownRequirements = IndexSet()
    private var exclusive = ExclusiveGroups()
    /// The stored candidates, the shared demand and the violation variable of each requirement that has one.
    private var stored: [RequirementID: Range<Int32>] = [:]
    private var demandVariables: [RequirementID: Variable] = [:]
    private var violations: [RequirementID: Variable] = [:]

    /// From how many candidates on a requirement or constraint gets a variable that its owners share.
    private static let sharingThreshold = 4

    private enum Task {
        case dependencies(CandidateID)
        case package(NameID)
        case requirement(Variable, RequirementID)
        case constraint(Variable, RequirementID)
    }

    init(_ catalog: consuming Catalog) {
        problem.addRootAndCandidates(catalog.candidates)
        self.catalog = catalog
    }

    /// Writes the clauses of a request: requirements that must be served, and constraints on whatever is chosen.
    mutating func encode(requirements: [RequirementID], constraints: [RequirementID]) {
        enqueue(requirements: requirements, constraints: constraints, of: .root)
        var next = 0
        while next < queue.count {
            let task = queue[next]
            next += 1
            switch task {
            case .dependencies(let candidate): addDependencies(of: candidate)
            case .package(let name): addExclusions(of: name)
            case .requirement(let owner, let requirement): addRequirement(requirement, of: owner)
            case .constraint(let owner, let constraint): addConstraint(constraint, of: owner)
            }
        }
        exclusive.encode(into: &problem)
        problem.packageCount = catalog.nameCount
        queue = []
    }

    /// Gives the catalog away, so that it can be changed without a copy.
    mutating func takeCatalog() -> Catalog {
        let taken = catalog
        catalog = Catalog(prefersChannels: false)
        return taken
    }

    /// Gives the clauses away, so that a search can change them without a copy.
    mutating func takeProblem() -> Problem {
        let taken = problem
        problem = Problem()
        return taken
    }

    private func variable(_ candidate: CandidateID) -> Variable {
        Variable(index: UInt32(candidate.index + 1))
    }

    private mutating func enqueue(requirements: [RequirementID], constraints: [RequirementID], of owner: Variable) {
        for requirement in requirements { enqueuePackage(of: requirement) }
        for constraint in constraints { enqueuePackage(of: constraint) }
        for requirement in requirements { queue.append(.requirement(owner, requirement)) }
        for constraint in constraints { queue.append(.constraint(owner, constraint)) }
    }

    private mutating func enqueuePackage(of requirement: RequirementID) {
        let name = catalog.name(of: requirement)
        if knownPackages.insert(Int(name.index)) { queue.append(.package(name)) }
    }

    private mutating func addDependencies(of candidate: CandidateID) {
        switch catalog.dependencies(of: candidate) {
        case .unreadable: _ = problem.clauses.addUnit(variable(candidate).isFalse)
        case .readable(let requirements, let constraints):
            enqueue(requirements: requirements, constraints: constraints, of: variable(candidate))
        }
    }

    private mutating func addExclusions(of name: NameID) {
        for candidate in catalog.excludedCandidates(of: name) {
            _ = problem.clauses.addUnit(variable(candidate).isFalse)
        }
    }
}

extension Encoder {
    /// Adds "not the owner, or one of the candidates".
    private mutating func addRequirement(_ requirement: RequirementID, of owner: Variable) {
        let candidates = catalog.orderedCandidates(of: requirement)
        takeIn(candidates, of: requirement)
        guard !candidates.isEmpty else {
            let clause = problem.clauses.addUnit(owner.isFalse)
            problem.unserved[clause] = requirement
            return
        }
        if owner == .root || candidates.count < Self.sharingThreshold {
            addDemand(of: owner, requirement, candidates)
        } else {
            let demand = sharedDemand(requirement, candidates)
            _ = problem.clauses.addPair(demand.isTrue, owner.isFalse)
        }
    }

    /// Takes in what a requirement's candidates require, when the requirement is met for the first time.
    private mutating func takeIn(_ candidates: [CandidateID], of requirement: RequirementID) {
        guard knownRequirements.insert(Int(requirement.index)) else { return }
        let name = catalog.name(of: requirement)
        for candidate in candidates where knownCandidates.insert(Int(candidate.index)) {
            exclusive.add(variable(candidate), to: name)
            queue.append(.dependencies(candidate))
        }
    }

    private mutating func addDemand(of owner: Variable, _ requirement: RequirementID, _ candidates: [CandidateID]) {
        let range = storedLiterals(of: requirement, candidates)
        let clause = problem.clauses.addLong(head: owner.isFalse, range)
        let name = catalog.name(of: requirement)
        problem.demands.add(
            .init(clause: clause, candidates: range, package: name, requirement: requirement), of: owner)
    }

    private mutating func storedLiterals(of requirement: RequirementID, _ candidates: [CandidateID]) -> Range<Int32> {
        if let range = stored[requirement] { return range }
        let range = problem.clauses.store(candidates.map { variable($0).isTrue })
        stored[requirement] = range
        problem.requirementAt[range.lowerBound] = requirement
        return range
    }

    /// The variable that stands for a requirement with many candidates, so that they are listed once.
    private mutating func sharedDemand(_ requirement: RequirementID, _ candidates: [CandidateID]) -> Variable {
        if let variable = demandVariables[requirement] { return variable }
        let variable = problem.addVariable(.demand(requirement))
        demandVariables[requirement] = variable
        addDemand(of: variable, requirement, candidates)
        return variable
    }

    /// Adds "not the owner together with a candidate that the constraint rules out".
    private mutating func addConstraint(_ constraint: RequirementID, of owner: Variable) {
        let forbidden = catalog.otherCandidates(than: constraint)
        if forbidden.count < Self.sharingThreshold {
            for candidate in forbidden {
                _ = problem.clauses.addPair(owner.isFalse, variable(candidate).isFalse)
            }
        } else {
            let violation = violation(of: constraint, forbidden)
            _ = problem.clauses.addPair(owner.isFalse, violation.isFalse)
        }
    }

    /// The variable that is true when a candidate is chosen that a constraint rules out.
    private mutating func violation(of constraint: RequirementID, _ forbidden: [CandidateID]) -> Variable {
        if let variable = violations[constraint] { return variable }
        let violation = problem.addVariable(.violation(constraint))
        violations[constraint] = violation
        for candidate in forbidden {
            _ = problem.clauses.addPair(variable(candidate).isFalse, violation.isTrue)
        }
        return violation
    }
}

/// A set of small numbers.
private struct IndexSet {
    private var members: [Bool] = []

    /// Adds a number; returns whether it is new.
    mutating func insert(_ number: Int) -> Bool {
        if number >= members.count {
            members.append(contentsOf: repeatElement(false, count: max(number + 1, 2 * members.count) - members.count))
        }
        defer { members[number] = true }
        return !members[number]
    }
}
