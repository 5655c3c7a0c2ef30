import CondaModel

/// Which candidates of a name match one spec.
struct CandidateMatches {
    /// Whether each candidate of the name matches, in the order they were added.
    let flags: [Bool]
    let count: Int
    /// The highest matching version; nil when nothing matches.
    let highest: HighestVersion?

    /// The highest version of several candidates.
    struct HighestVersion: Comparable {
        let tracksFeatures: Bool
        let rank: Int32

        /// Whether the left version is preferred.
        static func < (left: HighestVersion, right: HighestVersion) -> Bool {
            if left.tracksFeatures != right.tracksFeatures { return right.tracksFeatures }
            return left.rank > right.rank
        }
    }

    init(_ spec: MatchSpec, among candidates: [CandidateID], order: CandidateOrder, of catalog: Catalog) {
        let versionFits = order.versions.map { spec.version?.matches($0) ?? true }
        let needsRecord = !spec.testsOnlyVersion
        var flags: [Bool] = []
        flags.reserveCapacity(candidates.count)
        var count = 0
        var highest: HighestVersion?
        for (place, id) in candidates.enumerated() {
            let fits =
                versionFits[Int(order.versionOfCandidate[place])]
                && (!needsRecord || spec.matches(catalog[id]))
            flags.append(fits)
            guard fits else { continue }
            count += 1
            let rank = order.rank(ofPlace: Int32(place))
            if highest.map({ rank > $0.rank }) ?? true {
                highest = HighestVersion(tracksFeatures: catalog[id].tracksFeatures, rank: rank)
            }
        }
        (self.flags, self.count, self.highest) = (flags, count, highest)
    }

    /// The candidates that do not match.
    func others(among candidates: [CandidateID]) -> [CandidateID] {
        guard count < candidates.count else { return [] }
        return zip(candidates, flags).filter { !$0.1 }.map(\.0)
    }
}
