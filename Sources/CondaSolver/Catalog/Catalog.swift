import CondaModel

/// Everything a request can be answered with: candidates by name, and which of them serve which requirement.
///
/// What is derived from records - parsed dependencies, matches, orders - is derived when it is first asked for, once
/// per distinct text or requirement, because a solution reaches a small part of a channel.
struct Catalog {
    private(set) var candidates: [Candidate] = []
    private var packages: [Package] = []
    private var nameIDs: [String: NameID] = [:]
    private var requirements: [Requirement] = []
    private var requirementIDs: [MatchSpec: RequirementID] = [:]
    private var parsed: [String: ParsedDependency] = [:]
    /// Runs of candidates in the order that their dependencies give, by the first of the run; see ``CandidateOrder``.
    var sortedRuns: [CandidateID: [CandidateID]] = [:]
    private var dependencyCache: [Dependencies?] = []
    /// Whether the channel counts more than the version.
    let prefersChannels: Bool

    /// One name and its candidates, in the order in which they were added.
    struct Package {
        let name: String
        var candidates: [CandidateID] = []
        /// Whether there ever was a candidate.
        var isKnown = false
        /// The candidate that is preferred to all others.
        var favoured: CandidateID?
        var exclusions: [(candidate: CandidateID, reason: Exclusion)] = []
        var order: CandidateOrder?
    }

    /// One distinct MatchSpec.
    private struct Requirement {
        let spec: MatchSpec
        let name: NameID
        var matches: CandidateMatches?
        var highest: HighestVersion??
        var ordered: [CandidateID]?
        var others: [CandidateID]?
    }

    private enum ParsedDependency {
        case requirement(RequirementID)
        case unreadable(String)
    }

    /// What a candidate asks of others.
    enum Dependencies {
        case readable(requirements: [RequirementID], constraints: [RequirementID])
        case unreadable(dependency: String, problem: String)
    }

    init(prefersChannels: Bool) {
        self.prefersChannels = prefersChannels
    }

    var nameCount: Int { packages.count }

    subscript(candidate: CandidateID) -> Candidate { candidates[Int(candidate.index)] }
    subscript(name: NameID) -> Package { packages[Int(name.index)] }
}

// Filling.
extension Catalog {
    mutating func nameID(_ name: String) -> NameID {
        if let known = nameIDs[name] { return known }
        let id = NameID(index: Int32(packages.count))
        nameIDs[name] = id
        packages.append(Package(name: name))
        return id
    }

    /// The name's number if any candidate or dependency mentioned it.
    func knownNameID(_ name: String) -> NameID? { nameIDs[name] }

    @discardableResult
    mutating func add(_ record: PackageRecord, kind: Candidate.Kind, channel: Int32) -> CandidateID {
        let recordName = record.name
        // Records of one name mostly stand together.
        let last = candidates.last.map(\.name)
        let name = last.flatMap { self[$0].name == recordName ? $0 : nil } ?? nameID(recordName)
        let id = CandidateID(index: Int32(candidates.count))
        candidates.append(Candidate(record: record, name: name, kind: kind, channel: channel))
        dependencyCache.append(nil)
        packages[Int(name.index)].candidates.append(id)
        packages[Int(name.index)].isKnown = true
        return id
    }

    mutating func exclude(_ candidate: CandidateID, _ reason: Exclusion) {
        packages[Int(self[candidate].name.index)].exclusions.append((candidate, reason))
    }

    /// Puts other candidates in the place of a name's.
    mutating func replaceCandidates(of name: NameID, with candidates: [CandidateID]) {
        packages[Int(name.index)].candidates = candidates
    }

    /// Leaves of a name's candidates only those that fulfil a condition.
    mutating func keepCandidates(of name: NameID, where isWanted: (Candidate) -> Bool) {
        let all = candidates
        packages[Int(name.index)].candidates.removeAll { !isWanted(all[Int($0.index)]) }
    }

    mutating func favour(_ candidate: CandidateID) {
        packages[Int(self[candidate].name.index)].favoured = candidate
    }

    /// The number of a spec whose name is `name`.
    mutating func requirementID(_ spec: MatchSpec, name: String) -> RequirementID {
        if let known = requirementIDs[spec] { return known }
        let id = RequirementID(index: Int32(requirements.count))
        requirementIDs[spec] = id
        requirements.append(Requirement(spec: spec, name: nameID(name)))
        return id
    }
}

// Reading.
extension Catalog {
    func name(of requirement: RequirementID) -> NameID { requirements[Int(requirement.index)].name }
    func spec(of requirement: RequirementID) -> MatchSpec { requirements[Int(requirement.index)].spec }
    func excludedCandidates(of name: NameID) -> [CandidateID] { self[name].exclusions.map(\.candidate) }

    /// What a candidate requires and what it constrains.
    mutating func dependencies(of candidate: CandidateID) -> Dependencies {
        if let known = dependencyCache[Int(candidate.index)] { return known }
        let dependencies = readDependencies(of: self[candidate])
        dependencyCache[Int(candidate.index)] = dependencies
        return dependencies
    }

    private mutating func readDependencies(of candidate: Candidate) -> Dependencies {
        guard candidate.kind != .virtual else { return .readable(requirements: [], constraints: []) }
        var lists: ([RequirementID], [RequirementID]) = ([], [])
        for text in candidate.record.depends {
            switch parse(text) {
            case .requirement(let id): lists.0.append(id)
            case .unreadable(let problem): return .unreadable(dependency: text, problem: problem)
            }
        }
        for text in candidate.record.constrains {
            switch parse(text) {
            case .requirement(let id): lists.1.append(id)
            case .unreadable(let problem): return .unreadable(dependency: text, problem: problem)
            }
        }
        return .readable(requirements: lists.0, constraints: lists.1)
    }

    private mutating func parse(_ text: String) -> ParsedDependency {
        if let known = parsed[text] { return known }
        let result: ParsedDependency
        do throws(MatchSpecError) {
            let spec = try MatchSpec(text)
            if let name = spec.name {
                result = .requirement(requirementID(spec, name: name))
            } else {
                result = .unreadable("it names no package")
            }
        } catch {
            result = .unreadable(error.description)
        }
        parsed[text] = result
        return result
    }

    /// The candidates that match a requirement.
    mutating func matches(of requirement: RequirementID) -> CandidateMatches {
        let place = Int(requirement.index)
        if let known = requirements[place].matches { return known }
        let name = requirements[place].name
        let order = order(of: name)
        let matches = CandidateMatches(
            requirements[place].spec, among: packages[Int(name.index)].candidates, order: order, of: self)
        requirements[place].matches = matches
        return matches
    }

    /// The highest version that matches a requirement.
    mutating func highestVersion(of requirement: RequirementID) -> HighestVersion? {
        let place = Int(requirement.index)
        if let known = requirements[place].highest { return known }
        let name = requirements[place].name
        let highest = matches(of: requirement).highestVersion(
            among: self[name].candidates, order: order(of: name), of: self)
        requirements[place].highest = .some(highest)
        return highest
    }

    /// The candidates that do not match a constraint, in the order they were added.
    mutating func otherCandidates(than constraint: RequirementID) -> [CandidateID] {
        let place = Int(constraint.index)
        if let known = requirements[place].others { return known }
        let others = matches(of: constraint).others(among: self[name(of: constraint)].candidates)
        requirements[place].others = others
        return others
    }

    /// The versions and the first order of a name's candidates.
    mutating func order(of name: NameID) -> CandidateOrder {
        if let known = packages[Int(name.index)].order { return known }
        let order = CandidateOrder(packages[Int(name.index)].candidates, of: self)
        packages[Int(name.index)].order = order
        return order
    }

    /// The candidates that match a requirement, best first.
    mutating func orderedCandidates(of requirement: RequirementID) -> [CandidateID] {
        let place = Int(requirement.index)
        if let known = requirements[place].ordered { return known }
        let name = requirements[place].name
        var ordered = preferenceOrder(matches(of: requirement), name: name)
        if let favoured = self[name].favoured, let found = ordered.firstIndex(of: favoured) {
            ordered.remove(at: found)
            ordered.insert(favoured, at: 0)
        }
        requirements[place].ordered = ordered
        return ordered
    }
}

// Names.
extension Catalog {
    /// Whether any channel or the target has something of this name.
    func isKnown(_ name: String) -> Bool {
        knownNameID(name).map { self[$0].isKnown } ?? false
    }

    /// All names that any channel or the target has.
    var knownNames: [String] {
        packages.filter(\.isKnown).map(\.name)
    }
}
