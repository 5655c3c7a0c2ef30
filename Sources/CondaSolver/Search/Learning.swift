extension Search {
    /// Learns a clause from a conflict, goes back to the level at which it forces a literal, and assigns that.
    ///
    /// - Returns: The level it went back to.
    mutating func learn(from conflict: ClauseID, level: Int32) -> Int32 {
        var analysis = Analysis(clause: conflict, level: level)
        repeat {
            absorb(&analysis)
            stepBack(&analysis)
            analysis.openCauses = max(0, analysis.openCauses - 1)
        } while analysis.openCauses > 0
        for variable in analysis.marked { marked[Int(variable.index)] = false }

        let asserted = analysis.asserted.negated
        if !analysis.learnt.isEmpty { analysis.learnt.swapAt(0, analysis.highestPlace) }
        analysis.learnt.append(asserted)
        for literal in analysis.learnt {
            if let package = packages[Int(literal.variable.index)] { activities.raise(package) }
        }
        let clause = clauses.addLearnt(analysis.learnt)
        origins[clause] = analysis.origins

        let target = max(1, analysis.highestLevel)
        while trail.lastLevel > target { _ = removeLast() }
        activities.decay()
        assign(asserted, level: target, reason: clause)
        return target
    }

    /// The state of one conflict's analysis.
    private struct Analysis {
        /// The clause to look at next, and the level it is looked at on.
        var clause: ClauseID
        var level: Int32
        /// The last assignment that led to the conflict; meaningless before the first step back.
        var asserted = Variable.root.isTrue
        var isFirst = true
        /// How many causes on the conflict's own level were not traced back yet.
        var openCauses = 0
        var learnt: [Literal] = []
        /// The highest level among the learnt literals, and the first of them that stands on it.
        var highestLevel: Int32 = 0
        var highestPlace = 0
        var origins: [ClauseID] = []
        var marked: [Variable] = []
    }

    /// Takes the causes that a clause names into the analysis.
    private mutating func absorb(_ analysis: inout Analysis) {
        analysis.origins.append(analysis.clause)
        let pivot = analysis.isFirst ? nil : analysis.asserted.variable
        analysis.isFirst = false
        for literal in clauses.literals(of: analysis.clause) {
            let variable = literal.variable
            guard variable != pivot, !marked[Int(variable.index)] else { continue }
            marked[Int(variable.index)] = true
            analysis.marked.append(variable)
            let level = trail.level(variable)
            if level == analysis.level {
                analysis.openCauses += 1
            } else {
                if level > analysis.highestLevel {
                    analysis.highestLevel = level
                    analysis.highestPlace = analysis.learnt.count
                }
                analysis.learnt.append(literal)
            }
        }
    }

    /// Undoes assignments up to and including the last one that took part in the conflict.
    private mutating func stepBack(_ analysis: inout Analysis) {
        while let entry = removeLast() {
            analysis.level = trail.lastLevel
            guard marked[Int(entry.literal.variable.index)] else { continue }
            analysis.asserted = entry.literal
            analysis.clause = entry.reason
            return
        }
    }
}

extension Search {
    /// The clauses of the problem that lead to a conflict from which no choice offers a way out.
    func clausesBehind(_ conflict: ClauseID) -> [ClauseID] {
        var involved = Array(repeating: false, count: packages.count)
        var proof = Proof()
        add(conflict, to: &proof)
        for literal in clauses.literals(of: conflict) { involved[Int(literal.variable.index)] = true }
        for entry in trail.entries.reversed() where entry.literal.variable != .root {
            guard involved[Int(entry.literal.variable.index)] else { continue }
            add(entry.reason, to: &proof)
            for literal in clauses.literals(of: entry.reason) { involved[Int(literal.variable.index)] = true }
        }
        return proof.clauses
    }

    private struct Proof {
        var clauses: [ClauseID] = []
        var seen: Set<ClauseID> = []
    }

    /// Adds a clause, or the clauses that a learnt one follows from.
    private func add(_ clause: ClauseID, to proof: inout Proof) {
        var pending = [clause]
        while let next = pending.popLast() {
            guard proof.seen.insert(next).inserted else { continue }
            if let causes = origins[next] {
                pending.append(contentsOf: causes.reversed())
            } else {
                proof.clauses.append(next)
            }
        }
    }
}
