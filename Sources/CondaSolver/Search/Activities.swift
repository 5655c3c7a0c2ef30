/// How much each package took part in recent conflicts.
///
/// Packages in every new learnt clause gain one point, and every conflict takes 5 % of all points away.
struct Activities {
    private var scores: [Float]
    private var scored: [NameID] = []
    /// The largest score.
    private(set) var highest: Float = 0

    init(packageCount: Int) {
        scores = Array(repeating: 0, count: packageCount)
    }

    subscript(package: NameID) -> Float { scores[Int(package.index)] }

    mutating func raise(_ package: NameID) {
        let place = Int(package.index)
        if scores[place] == 0 { scored.append(package) }
        scores[place] += 1
        highest = max(highest, scores[place])
    }

    mutating func decay() {
        for package in scored { scores[Int(package.index)] *= 0.95 }
        highest *= 0.95
    }
}
