import CondaModel

/// Builds the tree of an ``Explanation``.
///
/// The tree goes down from the requirements of the conflict's core, follows only what the proof uses, and puts
/// candidates that fail for the same reasons together.
struct ExplanationBuilder {
    private let core: ConflictCore
    private(set) var catalog: Catalog
    private let conflict: Conflict
    private var demands: DemandIndex
    /// The requirements that were explained already.
    private var explained: Set<RequirementID> = []

    /// How many groups of candidates are told apart below one requirement.
    private static let groupLimit = 4

    init(_ core: ConflictCore) {
        self.core = core
        catalog = core.catalog
        conflict = core.conflict
        demands = DemandIndex(core.conflict, core.catalog)
    }

    /// The explanation.
    mutating func build() -> Explanation {
        let required = core.goals.required.map { requirement in
            let reasons = explain(requirement, path: [])
            return reason(.requirement, plain(requirement), about: catalog.name(of: requirement), reasons)
        }
        let pinned = core.goals.pinned.map { pin in
            reason(.pin, "\(plain(pin)) (pinned)", about: catalog.name(of: pin))
        }
        let specs = (core.goals.required + core.goals.pinned).map { plain($0) }
        return Explanation(requirements: specs, reasons: required + pinned)
    }

    /// Why a requirement cannot be served; empty when nothing stands against it.
    ///
    /// `path` holds the packages for whose sake it is looked at.
    private mutating func explain(_ requirement: RequirementID, path: [PathStep]) -> [Explanation.Reason] {
        let candidates = catalog.orderedCandidates(of: requirement)
        guard !candidates.isEmpty else { return [missing(requirement)] }
        guard explained.insert(requirement).inserted else {
            return [Explanation.Reason(.abridged, "for the reasons given above")]
        }
        var told: [[Explanation.Reason]] = []
        for group in groups(candidates, path: path) {
            let reasons = group.obstacles.flatMap { tell($0, group.candidates, path: path) }
            if !reasons.isEmpty { told.append(reasons) }
        }
        let shown = told.prefix(Self.groupLimit).flatMap { $0 }
        guard told.count > Self.groupLimit else { return shown }
        let rest = told.count - Self.groupLimit
        return shown + [Explanation.Reason(.abridged, "and \(rest) more for similar reasons")]
    }

    private mutating func groups(_ candidates: [CandidateID], path: [PathStep]) -> [ObstacleGroup] {
        var groups: [ObstacleGroup] = []
        var places: [[Obstacle]: Int] = [:]
        for candidate in candidates {
            let obstacles = findObstacles(to: candidate, path: path)
            if let place = places[obstacles] {
                groups[place].candidates.append(candidate)
            } else {
                places[obstacles] = groups.count
                groups.append(ObstacleGroup(obstacles: obstacles, candidates: [candidate]))
            }
        }
        return groups
    }

    /// What stands against a candidate: an exclusion alone, or else a demand on its name, or what it asks for itself.
    private mutating func findObstacles(to candidate: CandidateID, path: [PathStep]) -> [Obstacle] {
        if conflict.excluded.contains(candidate), let reason = exclusion(of: candidate) { return [.excluded(reason)] }
        if let rival = demands.rival(of: candidate, path: path, catalog: &catalog) { return [.rival(rival)] }
        let needed = conflict.requirements[.candidate(candidate)] ?? []
        let constrained = conflict.constraints[.candidate(candidate)] ?? []
        var obstacles = needed.map(Obstacle.needs)
        for constraint in constrained {
            let obstacle = Obstacle.worksOnlyWith(catalog.name(of: constraint))
            if !obstacles.contains(obstacle) { obstacles.append(obstacle) }
        }
        return obstacles
    }

    private mutating func exclusion(of candidate: CandidateID) -> Exclusion? {
        let name = catalog[candidate].name
        if let known = catalog[name].exclusions.first(where: { $0.candidate == candidate }) { return known.reason }
        if case .unreadable(let dependency, let problem) = catalog.dependencies(of: candidate) {
            return .unreadable(dependency: dependency, problem: problem)
        }
        return nil
    }
}

// Sentences.
extension ExplanationBuilder {
    private func plain(_ requirement: RequirementID) -> String { catalog.spec(of: requirement).plain }

    private func summary(_ candidates: [CandidateID]) -> CandidateSummary {
        CandidateSummary(candidates.map { catalog[$0] })
    }

    private func reason(
        _ kind: Explanation.Kind, _ text: String, about name: NameID, _ reasons: [Explanation.Reason] = []
    ) -> Explanation.Reason {
        Explanation.Reason(kind, text, package: catalog[name].name, reasons: reasons)
    }

    /// Says what stands against candidates; nothing when it turns out to be no obstacle.
    private mutating func tell(
        _ obstacle: Obstacle, _ candidates: [CandidateID], path: [PathStep]
    ) -> [Explanation.Reason] {
        let subject = summary(candidates)
        let name = catalog[candidates[0]].name
        let here = path + [PathStep(name: name, candidates: candidates)]
        switch obstacle {
        case .excluded(let exclusion): return [reason(exclusion.kind, subject.sentence(exclusion), about: name)]
        case .rival(let rival): return [reason(.conflict, "\(subject) \(objection(rival, to: subject))", about: name)]
        case .needs(let requirement):
            let reasons = explain(requirement, path: here)
            // What nothing stands against is no obstacle, although the proof mentions it.
            guard !reasons.isEmpty else { return [] }
            let text = "\(subject) \(subject.verb("need")) \(plain(requirement))"
            return [reason(.dependency, text, about: name, reasons)]
        case .worksOnlyWith(let other):
            guard let text = limits(candidates, on: other, path: here) else { return [] }
            return [reason(.conflict, "\(subject) \(subject.verb("work")) only with \(text)", about: name)]
        }
    }

    /// What a rival has against candidates.
    private func objection(_ rival: DemandIndex.Rival, to subject: CandidateSummary) -> String {
        let wanted = "'\(plain(rival.requirements[0]))'"
        let isOne = rival.requirements.count == 1
        guard !rival.owners.isEmpty else {
            let demand = rival.isConstraint ? "the pin \(wanted)" : "\(wanted), which is required too"
            return "\(subject.verb("do")) not match \(demand)"
        }
        let owner = summary(rival.owners)
        if rival.isConstraint {
            let limit = isOne ? "only with \(wanted)" : "only with others, such as \(wanted)"
            return "\(subject.verb("be")) ruled out by \(owner), which \(owner.verb("work")) \(limit)"
        }
        let need = "\(owner) \(owner.verb("need"))"
        let demand = isOne ? "\(wanted), which \(need)" : "what \(need), such as \(wanted)"
        return "\(subject.verb("do")) not match \(demand)"
    }

    /// What candidates work only with, and why that is not to be had; nil when nobody wants something else.
    private mutating func limits(_ candidates: [CandidateID], on name: NameID, path: [PathStep]) -> String? {
        let constraints = candidates.flatMap { conflict.constraints[.candidate($0)] ?? [] }
            .filter { catalog.name(of: $0) == name }
        guard let first = constraints.first else { return nil }
        let isOne = constraints.allSatisfy { $0 == first }
        let text = isOne ? "'\(plain(first))'" : "certain \(catalog[name].name), such as '\(plain(first))'"
        if catalog.spec(of: first).isVirtual {
            return "\(text), but the target has \(summary(catalog[name].candidates))"
        }
        if isOne, catalog.matches(of: first).count == 0 { return "\(text), which does not exist" }
        guard let rival = demands.claim(on: name, path: path, catalog: catalog) else { return nil }
        let wanted = plain(rival.requirements[0])
        guard !rival.owners.isEmpty else { return "\(text), but '\(wanted)' is required" }
        let owner = summary(rival.owners)
        return "\(text), but \(owner) \(owner.verb("need")) '\(wanted)'"
    }

    /// Why nothing matches a requirement.
    private func missing(_ requirement: RequirementID) -> Explanation.Reason {
        let name = catalog.name(of: requirement)
        let package = catalog[name]
        let known = package.candidates
        let subject = summary(known)
        if catalog.spec(of: requirement).isVirtual {
            let text = known.isEmpty ? "the target has no \(package.name)" : "the target has \(subject)"
            return reason(.target, text, about: name)
        }
        if known.isEmpty { return reason(.missing, "no channel has a package named \(package.name)", about: name) }
        if let wanted = wantedChannel(package) {
            return reason(.otherChannel, subject.sentence(.otherChannel(wanted: wanted)), about: name)
        }
        let text = "nothing matches '\(plain(requirement))'; there \(subject.verb("be")) \(subject)"
        return reason(.missing, text, about: name)
    }

    /// The channel that was asked for, when all candidates are in others.
    private func wantedChannel(_ package: Catalog.Package) -> String? {
        let wanted = package.exclusions.compactMap { entry -> String? in
            if case .otherChannel(let wanted) = entry.reason { wanted } else { nil }
        }
        return wanted.count == package.candidates.count ? wanted.first : nil
    }
}
