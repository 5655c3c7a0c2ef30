extension ClauseStore {
    /// A walk along the clauses that watch one literal.
    struct WatchList {
        let literal: Literal
        fileprivate var previous = ClauseID.none
        fileprivate var current: ClauseID
    }

    /// The clause at which a walk stands.
    struct Watcher {
        let clause: ClauseID
        /// The other literal that the clause watches.
        let other: Literal
        let body: Body
    }

    /// Starts a walk.
    func watchers(of literal: Literal) -> WatchList {
        WatchList(literal: literal, current: heads[literal.index])
    }

    /// The clause at which the walk stands; nil at the end.
    func current(of list: WatchList) -> Watcher? {
        guard list.current != .none else { return nil }
        let clause = clauses[Int(list.current.index)]
        let other = clause.watched.0 == list.literal ? clause.watched.1 : clause.watched.0
        return Watcher(clause: list.current, other: other, body: clause.body)
    }

    /// Goes on to the next clause.
    func advance(_ list: inout WatchList) {
        list.previous = list.current
        list.current = successor(of: list.current, watching: list.literal)
    }

    /// Lets the current clause watch another literal, and goes on to the next clause.
    mutating func move(_ list: inout WatchList, to literal: Literal) {
        let id = list.current
        let successor = successor(of: id, watching: list.literal)
        if list.previous == .none {
            heads[list.literal.index] = successor
        } else if clauses[Int(list.previous.index)].watched.0 == list.literal {
            clauses[Int(list.previous.index)].next.0 = successor
        } else {
            clauses[Int(list.previous.index)].next.1 = successor
        }
        if clauses[Int(id.index)].watched.0 == list.literal {
            clauses[Int(id.index)].watched.0 = literal
            clauses[Int(id.index)].next.0 = heads[literal.index]
        } else {
            clauses[Int(id.index)].watched.1 = literal
            clauses[Int(id.index)].next.1 = heads[literal.index]
        }
        heads[literal.index] = id
        list.current = successor
    }

    private func successor(of id: ClauseID, watching literal: Literal) -> ClauseID {
        let clause = clauses[Int(id.index)]
        return clause.watched.0 == literal ? clause.next.0 : clause.next.1
    }
}
