/// The requirements that wait for a choice, and the rule by which the next choice is made.
///
/// A demand is a list of candidates of which one must be chosen once its owner is. Owners stand in the order in which
/// the problem mentioned them, the root first, so that earlier requirements of the user get their best candidate
/// before later ones, and direct requirements before indirect ones.
struct Demands {
    /// Candidates that serve one requirement, best first, as a range of the clause store's literals.
    struct Demand {
        let clause: ClauseID
        let candidates: Range<Int32>
        let package: NameID
        /// Which of the distinct requirements this is.
        let requirement: RequirementID
    }

    /// A variable with demands, and the first and last of these.
    private struct Owner {
        let variable: Variable
        let first: Int32
        var last: Int32
    }

    /// A candidate to try, and the clause that asks for it.
    struct Choice {
        let literal: Literal
        let clause: ClauseID
    }

    private var demands: [Demand] = []
    /// The next demand of the same owner; -1 for its last.
    private var following: [Int32] = []
    private var owners: [Owner] = []
    /// The position of each variable among the owners; -1 for those that demand nothing.
    private var positions: [Int32] = []
    /// The positions of the owners that are chosen, ascending.
    private var active: [Int32] = []
    /// A candidate that served a requirement when last looked at.
    private var servedBy: [Literal?] = []

    mutating func grow(toVariables count: Int) {
        let missing = count - positions.count
        if missing > 0 { positions.append(contentsOf: repeatElement(-1, count: missing)) }
    }

    /// Adds a demand of `owner`, after those that it has.
    mutating func add(_ demand: Demand, of owner: Variable) {
        let place = Int(owner.index)
        let index = Int32(demands.count)
        demands.append(demand)
        following.append(-1)
        if positions[place] < 0 {
            positions[place] = Int32(owners.count)
            owners.append(Owner(variable: owner, first: index, last: index))
        } else {
            let position = Int(positions[place])
            following[Int(owners[position].last)] = index
            owners[position].last = index
        }
        let requirement = Int(demand.requirement.index)
        if requirement >= servedBy.count {
            servedBy.append(contentsOf: repeatElement(nil, count: requirement + 1 - servedBy.count))
        }
    }

    /// Notes that a variable became true.
    mutating func activate(_ variable: Variable) {
        let position = positions[Int(variable.index)]
        guard position >= 0 else { return }
        active.insert(position, at: active.firstIndexNotBelow(position))
    }

    /// Notes that a variable is no longer true.
    mutating func deactivate(_ variable: Variable) {
        let position = positions[Int(variable.index)]
        guard position >= 0 else { return }
        active.remove(at: active.firstIndexNotBelow(position))
    }
}

extension Demands {
    /// An open demand: its best open candidate and how many are open.
    private struct Opening {
        let literal: Literal
        let count: Int
    }

    /// Selects the candidate to try next; nil when every demand is served.
    ///
    /// The first open demand wins, unless a later one concerns a package that was in more conflicts and leaves fewer
    /// candidates. Demands of the root are never passed over for others.
    mutating func next(trail: Trail, literals: [Literal], activities: Activities) -> Choice? {
        var best: (opening: Opening, activity: Float, choice: Choice)?
        search: for position in active {
            let owner = owners[Int(position)]
            var place = owner.first
            while place >= 0 {
                let demand = demands[Int(place)]
                place = following[Int(place)]
                let activity = activities[demand.package]
                if let best, activity <= best.activity { continue }
                guard let opening = opening(of: demand, trail: trail, literals: literals) else { continue }
                if let best, opening.count >= best.opening.count { continue }
                best = (opening, activity, Choice(literal: opening.literal, clause: demand.clause))
                if opening.count == 1 || activity == activities.highest { break search }
            }
            if owner.variable == .root, best != nil { break }
        }
        return best?.choice
    }

    private mutating func opening(of demand: Demand, trail: Trail, literals: [Literal]) -> Opening? {
        let requirement = Int(demand.requirement.index)
        if let literal = servedBy[requirement], trail.isTrue(literal) { return nil }
        var first: Literal?
        var count = 0
        for place in demand.candidates {
            let literal = literals[Int(place)]
            if trail.isTrue(literal) {
                servedBy[requirement] = literal
                return nil
            }
            guard trail.isOpen(literal) else { continue }
            if first == nil { first = literal }
            count += 1
        }
        return first.map { Opening(literal: $0, count: count) }
    }
}

extension Array where Element: Comparable {
    /// The first index of an ascending array whose element is not below `value`.
    fileprivate func firstIndexNotBelow(_ value: Element) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
