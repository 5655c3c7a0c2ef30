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
        for run in order.runs {
            let start = result.count
            for place in order.sorted[run] where matches.flags[Int(place)] {
                result.append(candidates[Int(place)])
            }
            sortRun(&result, from: start, isWhole: result.count - start == run.count)
        }
        return result
    }

    /// Sorts the end of a list, whose candidates are equal in their own fields, by their dependencies.
    private mutating func sortRun(_ list: inout [CandidateID], from start: Int, isWhole: Bool) {
        guard list.count - start > 1 else { return }
        let first = list[start]
        if isWhole, let known = sortedRuns[first] {
            list.replaceSubrange(start..., with: known)
            return
        }
        let sorted = sortedByDependencies(Array(list[start...]))
        list.replaceSubrange(start..., with: sorted)
        if isWhole { sortedRuns[first] = sorted }
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
        let names = sharedNames(required)
        var keys: [HighestVersion] = []
        keys.reserveCapacity(names.count * known.count)
        for requirements in required {
            for name in names { keys.append(highestVersion(of: name, requirements)) }
        }
        let times = known.map { self[$0].record.timestamp ?? .min }
        let sorted = known.indices.sorted { left, right in
            for place in names.indices {
                let (first, second) = (keys[left * names.count + place], keys[right * names.count + place])
                if first != second { return first < second }
            }
            return times[left] != times[right] ? times[left] > times[right] : left < right
        }
        return sorted.map { known[$0] } + unknown
    }

    /// The highest version of a name that all requirements on it seem to admit: the lowest of their highest ones.
    private mutating func highestVersion(of name: NameID, _ requirements: [RequirementID]) -> HighestVersion {
        var lowest: HighestVersion?
        for requirement in requirements where self.name(of: requirement) == name {
            guard let highest = highestVersion(of: requirement) else { continue }
            lowest = lowest.map { max($0, highest) } ?? highest
        }
        return lowest ?? .none
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
}
