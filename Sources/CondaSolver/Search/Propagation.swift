extension Search {
    /// Follows the consequences of all assignments.
    ///
    /// - Returns: A clause whose literals are all false, if one was found.
    mutating func propagate(level: Int32) -> ClauseID? {
        while trail.propagated < trail.entries.count {
            let falsified = trail.entries[trail.propagated].literal.negated
            trail.propagated += 1
            if let conflict = visitWatchers(of: falsified, level: level) { return conflict }
        }
        return nil
    }

    /// Looks at the clauses that watch a literal that turned false.
    private mutating func visitWatchers(of falsified: Literal, level: Int32) -> ClauseID? {
        var list = clauses.watchers(of: falsified)
        while let watcher = clauses.current(of: list) {
            if trail.isTrue(watcher.other) {
                clauses.advance(&list)
            } else if let replacement = replacement(in: watcher) {
                clauses.move(&list, to: replacement)
            } else if trail.isFalse(watcher.other) {
                return watcher.clause
            } else {
                assign(watcher.other, level: level, reason: watcher.clause)
                clauses.advance(&list)
            }
        }
        return nil
    }

    /// A literal that can be watched in place of the one that turned false.
    private func replacement(in watcher: ClauseStore.Watcher) -> Literal? {
        guard case .long(let head, let start, let count) = watcher.body else { return nil }
        if let head, head != watcher.other, !trail.isFalse(head) { return head }
        for place in Int(start)..<Int(start + count) {
            let literal = clauses.literals[place]
            if literal != watcher.other, !trail.isFalse(literal) { return literal }
        }
        return nil
    }
}
