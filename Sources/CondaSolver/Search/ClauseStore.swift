/// The clauses of a problem: lists of literals of which at least one must be true.
///
/// Propagation looks at a clause only when one of two watched literals turns false. The clauses that watch a literal
/// form a linked list threaded through the clauses, the newest first. Its order decides which of several conflicts is
/// found first, and with that what is learnt: it is part of the solver's answer.
struct ClauseStore {
    /// A clause's watched literals, the clauses that follow in their lists, and its body.
    struct Clause {
        var watched: (Literal, Literal)
        var next: (ClauseID, ClauseID) = (.none, .none)
        let body: Body
    }

    /// Where the literals of a clause are.
    enum Body {
        /// The two watched literals are all.
        case pair
        /// `head`, unless it is nil, and a range of ``ClauseStore/literals``.
        case long(head: Literal?, start: Int32, count: Int32)
        /// One literal, `watched.0`, which is asserted and never watched.
        case unit
    }

    var clauses: [Clause] = []
    /// The literals of long clauses; clauses that share their literals share the range.
    private(set) var literals: [Literal] = []
    /// The first clause of each literal's list, by ``Literal/code``.
    var heads: [ClauseID] = []
    /// The clauses with one literal, in the order they were added.
    private(set) var units: [ClauseID] = []

    /// Makes room for the lists of more variables.
    mutating func grow(toVariables count: Int) {
        let missing = 2 * count - heads.count
        if missing > 0 { heads.append(contentsOf: repeatElement(.none, count: missing)) }
    }

    /// Keeps literals for long clauses and returns their range.
    mutating func store(_ newLiterals: some Collection<Literal>) -> Range<Int32> {
        let start = Int32(literals.count)
        literals.append(contentsOf: newLiterals)
        return start..<Int32(literals.count)
    }

    /// Adds a clause of two literals.
    mutating func addPair(_ first: Literal, _ second: Literal) -> ClauseID {
        add(Clause(watched: (first, second), body: .pair))
    }

    /// Adds a clause of `head` and the stored literals, watching `head` and the first of them.
    mutating func addLong(head: Literal, _ range: Range<Int32>) -> ClauseID {
        let body = Body.long(head: head, start: range.lowerBound, count: Int32(range.count))
        return add(Clause(watched: (head, literals[Int(range.lowerBound)]), body: body))
    }

    /// Adds a clause that must hold by itself.
    mutating func addUnit(_ literal: Literal) -> ClauseID {
        let id = ClauseID(index: Int32(clauses.count))
        clauses.append(Clause(watched: (literal, literal), body: .unit))
        units.append(id)
        return id
    }

    /// Adds a learnt clause, watching its first and its last literal.
    mutating func addLearnt(_ learnt: [Literal]) -> ClauseID {
        guard let first = learnt.first, let last = learnt.last, learnt.count > 1 else {
            return addUnit(learnt[0])
        }
        let range = store(learnt)
        let body = Body.long(head: nil, start: range.lowerBound, count: Int32(range.count))
        return add(Clause(watched: (first, last), body: body))
    }

    private mutating func add(_ clause: Clause) -> ClauseID {
        let id = ClauseID(index: Int32(clauses.count))
        var clause = clause
        clause.next.0 = heads[clause.watched.0.index]
        heads[clause.watched.0.index] = id
        clause.next.1 = heads[clause.watched.1.index]
        heads[clause.watched.1.index] = id
        clauses.append(clause)
        return id
    }
}

extension ClauseStore {
    /// The literals of one clause, in its order.
    struct Literals: Sequence, IteratorProtocol {
        private let store: [Literal]
        private var leading: [Literal]
        private var rest: Range<Int>

        fileprivate init(store: [Literal], leading: [Literal], rest: Range<Int>) {
            (self.store, self.leading, self.rest) = (store, leading, rest)
        }

        mutating func next() -> Literal? {
            if let literal = leading.popLast() { return literal }
            return rest.popFirst().map { store[$0] }
        }
    }

    /// The literals of a clause, in its order.
    func literals(of id: ClauseID) -> Literals {
        let clause = clauses[Int(id.index)]
        switch clause.body {
        case .unit: return Literals(store: [], leading: [clause.watched.0], rest: 0..<0)
        case .pair: return Literals(store: [], leading: [clause.watched.1, clause.watched.0], rest: 0..<0)
        case .long(let head, let start, let count):
            let leading = head.map { [$0] } ?? []
            return Literals(store: literals, leading: leading, rest: Int(start)..<Int(start + count))
        }
    }
}
