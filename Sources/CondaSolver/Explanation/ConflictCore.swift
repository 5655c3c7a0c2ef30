/// The few requirements and pins of a request that are already impossible together.
struct ConflictCore {
    private(set) var catalog: Catalog
    private(set) var goals: Goals
    private(set) var conflict: Conflict

    init(catalog: Catalog, goals: Goals, conflict: Conflict) {
        (self.catalog, self.goals, self.conflict) = (catalog, goals, conflict)
        keepInvolved()
    }

    /// Leaves out every requirement and pin without which the rest is still impossible.
    mutating func reduce() {
        for requirement in goals.required.reversed() where goals.required.count + goals.pinned.count > 1 {
            var fewer = goals
            fewer.required.removeAll { $0 == requirement }
            if fewer.required.count < goals.required.count { keep(fewer) }
        }
        for pin in goals.pinned.reversed() {
            var fewer = goals
            fewer.pinned.removeAll { $0 == pin }
            if fewer.pinned.count < goals.pinned.count { keep(fewer) }
        }
    }

    private mutating func keep(_ fewer: Goals) {
        var attempt = Attempt(catalog, fewer)
        guard case .impossible(let conflict) = attempt.run() else { return }
        goals = fewer
        catalog = attempt.catalog
        self.conflict = conflict
        keepInvolved()
    }

    /// Drops what the proof does not use.
    private mutating func keepInvolved() {
        let required = conflict.requirements[.user] ?? []
        let pinned = conflict.constraints[.user] ?? []
        goals.required.removeAll { !required.contains($0) }
        goals.pinned.removeAll { !pinned.contains($0) }
    }
}
