/// The candidate that a misspelt text most probably means, for a hint such as "did you mean NAME".
///
/// The distance counts inserted, dropped, changed and swapped neighbouring characters, whatever their case. Nil when
/// no candidate is near: more than one change for every three characters, three changes at most. Ties go to the
/// candidate that sorts first, so that the hint does not depend on the order of the candidates.
package func nearest(to text: String, in candidates: some Sequence<String>) -> String? {
    let wanted = text.utf8.map(lowercased)
    var limit = min(3, max(1, wanted.count / 3))
    var best: String?
    for candidate in candidates where abs(candidate.utf8.count - wanted.count) <= limit {
        let distance = editDistance(wanted, candidate.utf8.map(lowercased), limit: limit)
        guard distance <= limit else { continue }
        if distance == limit, let current = best, current <= candidate { continue }
        best = candidate
        limit = distance
    }
    return best
}

/// The number of edits between two texts, or a number above `limit` as soon as it is exceeded.
private func editDistance(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        current.reserveCapacity(right.count + 1)
        for column in right.indices {
            let change = left[row] == right[column] ? 0 : 1
            var cost = min(last[column + 1] + 1, current[column] + 1, last[column] + change)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, beforeLast[column - 1] + 1)
            }
            current.append(cost)
        }
        guard let smallest = current.min(), smallest <= limit else { return limit + 1 }
        (beforeLast, last) = (last, current)
    }
    return last.last ?? left.count
}
