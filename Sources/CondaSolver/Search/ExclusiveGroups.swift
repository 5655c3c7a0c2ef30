/// The candidates of each name, of which at most one may be chosen.
///
/// Candidates of a name are numbered, and each implies the bits of its number: two candidates contradict each other in
/// at least one bit. That takes n log n clauses instead of the n² of forbidding every pair.
struct ExclusiveGroups {
    private var groups: [(name: NameID, members: [Variable])] = []
    private var groupOfName: [NameID: Int] = [:]

    /// Adds a candidate to the group of its name; the caller sees to it that none is added twice.
    mutating func add(_ variable: Variable, to name: NameID) {
        if let last = groups.last, last.name == name {
            groups[groups.count - 1].members.append(variable)
        } else if let group = groupOfName[name] {
            groups[group].members.append(variable)
        } else {
            groupOfName[name] = groups.count
            groups.append((name, [variable]))
        }
    }

    /// Adds the clauses of all groups.
    func encode(into problem: inout Problem) {
        for group in groups { encode(group.members, into: &problem) }
    }

    private func encode(_ members: [Variable], into problem: inout Problem) {
        var bits: [Variable] = []
        for (number, member) in members.enumerated() where number > 0 {
            // The number needs one more bit, which all earlier members must state as well.
            while number > (1 << bits.count) - 1 {
                let bit = problem.addVariable(.numberBit)
                for (earlierNumber, earlier) in members[..<number].enumerated() {
                    state(bit, 1 << bits.count, of: earlierNumber, earlier, in: &problem)
                }
                bits.append(bit)
            }
            for (place, bit) in bits.enumerated() { state(bit, 1 << place, of: number, member, in: &problem) }
        }
    }

    private func state(
        _ bit: Variable, _ mask: Int, of number: Int, _ member: Variable, in problem: inout Problem
    ) {
        _ = problem.clauses.addPair(member.isFalse, number & mask == 0 ? bit.isFalse : bit.isTrue)
    }
}
