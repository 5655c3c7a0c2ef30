import CondaModel

extension Catalog {
    /// Matching candidates, best first.
    ///
    /// Candidates that do not differ in version, build number and the like are told apart by what they lead to: of the
    /// names that all of them require, in alphabetical order, the one that admits the higher version is better; then
    /// the one built later.
    mutating func preferenceOrder(_ matches: CandidateMatches, name: NameID) -> [CandidateID] {
        let order = order(of: name)
        let candidates = self[name].candidates
        var result: [CandidateID] = []
        result.reserveCapacity(matches.count)
        var run: (number: Int32, start: Int) = (-1, 0)
        for (place, candidate) in order.sorted.enumerated() where matches.flags[Int(candidate)] {
            if order.runs[place] != run.number {
                sortRun(&result, from: run.start)
                run = (order.runs[place], result.count)
            }
            result.append(candidates[Int(candidate)])
        }
        sortRun(&result, from: run.start)
        return result
    }

    /// Sorts the end of a list, whose candidates are equal in their own fields, by their dependencies.
    private mutating func sortRun(_ list: inout [CandidateID], from start: Int) {
        guard list.count - start > 1 else { return }
        let sorted = sortedByDependencies(Array(list[start...]))
        list.replaceSubrange(start..., with: sorted)
    }

    private mutating func sortedByDependencies(_ run: [CandidateID]) -> [CandidateID] {
        var (known, unknown): ([CandidateID], [CandidateID]) = (run, [])
        var required: [[RequirementID]] = []
        // A candidate with an unreadable dependency goes behind all others; it cannot be chosen anyway.
        while required.count < known.count {
            if case .readable(let requirements, _) = dependencies(of: known[required.count]) {
                required.append(requirements)
            } else {
                known.swapAt(required.count, known.count - 1)
                unknown.insert(known.removeLast(), at: 0)
            }
        }
        let keys = preferenceKeys(required)
        let sorted = known.indices.sorted { left, right in
            if keys[left] != keys[right] { return Self.isPreferred(keys[left], to: keys[right]) }
            let (first, second) = (builtAt(known[left]), builtAt(known[right]))
            return first != second ? first > second : left < right
        }
        return sorted.map { known[$0] } + unknown
    }

    /// For each candidate the highest versions of the names that all of them require, in alphabetical order.
    private mutating func preferenceKeys(_ required: [[RequirementID]]) -> [[HighestVersion?]] {
        let shared = sharedNames(required)
        return required.map { requirements in
            shared.map { name in
                // Only what serves all requirements on a name can be chosen: the lowest of the highest versions.
                var lowest: HighestVersion?
                for requirement in requirements where self.name(of: requirement) == name {
                    guard let highest = highestVersion(of: requirement) else { continue }
                    lowest = lowest.map { max($0, highest) } ?? highest
                }
                return lowest
            }
        }
    }

    /// The names that all candidates require, in alphabetical order.
    private func sharedNames(_ required: [[RequirementID]]) -> [NameID] {
        var shared: [NameID] = []
        for requirement in required.first ?? [] {
            let name = name(of: requirement)
            guard !shared.contains(name) else { continue }
            let isShared = required.allSatisfy { $0.contains { self.name(of: $0) == name } }
            if isShared { shared.append(name) }
        }
        return shared.sorted { self[$0].name < self[$1].name }
    }

    private static func isPreferred(
        _ left: [HighestVersion?], to right: [HighestVersion?]
    ) -> Bool {
        for (left, right) in zip(left, right) where left != right {
            guard let left else { return false }
            guard let right else { return true }
            return left < right
        }
        return false
    }

    /// When a candidate was built, in milliseconds; the smallest number when that is unknown.
    private func builtAt(_ candidate: CandidateID) -> Int64 {
        self[candidate].record.timestamp ?? .min
    }
}
