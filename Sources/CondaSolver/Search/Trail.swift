/// The assignments of a search, in the order they were made.
///
/// Every assignment belongs to a level: level 1 holds what follows from the problem itself, each free choice opens the
/// next one. Going back to a level takes away everything above it.
struct Trail {
    /// One assignment and the clause that forced it; a free choice names the clause it was made for.
    struct Entry {
        let literal: Literal
        let reason: ClauseID
    }

    private(set) var entries: [Entry] = []
    /// What each literal is: 1 true, -1 false, 0 open; by ``Literal/code``.
    private(set) var values: [Int8] = []
    private(set) var levels: [Int32] = []
    /// The first entry whose consequences were not looked at yet.
    var propagated = 0

    /// Makes room for variables up to `count`.
    mutating func grow(toVariables count: Int) {
        guard count > levels.count else { return }
        values.append(contentsOf: repeatElement(0, count: 2 * (count - levels.count)))
        levels.append(contentsOf: repeatElement(0, count: count - levels.count))
    }

    func isTrue(_ literal: Literal) -> Bool { values[literal.index] > 0 }
    func isFalse(_ literal: Literal) -> Bool { values[literal.index] < 0 }
    func isOpen(_ literal: Literal) -> Bool { values[literal.index] == 0 }
    func level(_ variable: Variable) -> Int32 { levels[Int(variable.index)] }

    /// Makes an open literal true.
    mutating func assign(_ literal: Literal, level: Int32, reason: ClauseID) {
        values[literal.index] = 1
        values[literal.negated.index] = -1
        levels[Int(literal.variable.index)] = level
        entries.append(Entry(literal: literal, reason: reason))
    }

    /// Takes the last assignment away; nil when there is none.
    mutating func removeLast() -> Entry? {
        guard let entry = entries.popLast() else { return nil }
        values[entry.literal.index] = 0
        values[entry.literal.negated.index] = 0
        levels[Int(entry.literal.variable.index)] = 0
        propagated = entries.count
        return entry
    }

    /// The level of the last assignment; 0 when there is none.
    var lastLevel: Int32 {
        entries.last.map { level($0.literal.variable) } ?? 0
    }
}
