/// A conflict-driven search for an assignment that satisfies all clauses.
///
/// Choose the best candidate of the first open requirement, follow the consequences, and on a conflict learn the
/// clause that rules its cause out, go back to where that clause first says something, and go on.
///
/// The order of choices, of consequences and of what is learnt is the one of resolvo, the solver that rattler and
/// pixi use, so that all of them arrive at the same environment.
struct Search {
    var clauses: ClauseStore
    var trail = Trail()
    var demands: Demands
    var activities: Activities
    /// The package of each variable that stands for a candidate.
    let packages: [NameID?]
    /// The clauses that each learnt clause follows from.
    var origins: [ClauseID: [ClauseID]] = [:]
    /// Marks variables during one analysis; all false in between.
    var marked: [Bool]

    init(_ problem: consuming Problem) {
        clauses = problem.clauses
        demands = problem.demands
        packages = problem.packages
        activities = Activities(packageCount: problem.packageCount)
        marked = Array(repeating: false, count: problem.packages.count)
        trail.grow(toVariables: problem.packages.count)
    }

    /// Runs the search.
    ///
    /// - Returns: The variables that are true in the solution, or the clauses that together admit none.
    mutating func run() -> Outcome {
        var level: Int32 = 1
        assign(Variable.root.isTrue, level: level, reason: .none)
        if let conflict = assertUnits(level: level) ?? propagate(level: level) {
            return .impossible(clausesBehind(conflict))
        }
        while let choice = demands.next(trail: trail, literals: clauses.literals, activities: activities) {
            level += 1
            assign(choice.literal, level: level, reason: choice.clause)
            while let conflict = propagate(level: level) {
                if level == 1 { return .impossible(clausesBehind(conflict)) }
                level = learn(from: conflict, level: level)
            }
        }
        return .solved(trail.entries.filter(\.literal.isPositive).map(\.literal.variable))
    }

    /// How a search ended.
    enum Outcome {
        case solved([Variable])
        case impossible([ClauseID])
    }

    mutating func assign(_ literal: Literal, level: Int32, reason: ClauseID) {
        trail.assign(literal, level: level, reason: reason)
        if literal.isPositive { demands.activate(literal.variable) }
    }

    mutating func removeLast() -> Trail.Entry? {
        guard let entry = trail.removeLast() else { return nil }
        if entry.literal.isPositive { demands.deactivate(entry.literal.variable) }
        return entry
    }

    private mutating func assertUnits(level: Int32) -> ClauseID? {
        for id in clauses.units {
            let literal = clauses.clauses[Int(id.index)].watched.0
            if trail.isFalse(literal) { return id }
            if trail.isOpen(literal) { assign(literal, level: level, reason: id) }
        }
        return nil
    }
}
