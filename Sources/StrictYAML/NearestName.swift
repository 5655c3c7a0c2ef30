/// The candidate that a misspelled name most probably stands for.
///
/// A candidate counts when at most a third of its letters (and at least one) would have to change; letters that
/// swapped places count as one change. Ties go to the candidate that comes first.
package func nearestName(to name: String, in candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().unicodeScalars)
    // Longer names are no misspelling, and the comparison below is quadratic.
    guard wanted.count <= 64 else { return nil }
    var best: (distance: Int, name: String)?
    for candidate in candidates {
        let letters = Array(candidate.lowercased().unicodeScalars)
        guard letters.count <= 64 else { continue }
        let distance = editDistance(wanted, letters)
        guard distance <= max(1, max(letters.count, wanted.count) / 3), distance < best?.distance ?? .max else {
            continue
        }
        best = (distance, candidate)
    }
    return best?.name
}

/// The number of insertions, deletions, replacements and swaps of neighbours that turn one word into another.
private func editDistance(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
    if first.isEmpty || second.isEmpty { return max(first.count, second.count) }
    var beforeLast: [Int] = []
    var last = Array(0...second.count)
    for row in 1...first.count {
        var current = [row]
        for column in 1...second.count {
            let changed = first[row - 1] == second[column - 1] ? 0 : 1
            var cost = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + changed)
            if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
                cost = min(cost, beforeLast[column - 2] + 1)
            }
            current.append(cost)
        }
        beforeLast = last
        last = current
    }
    return last[second.count]
}
