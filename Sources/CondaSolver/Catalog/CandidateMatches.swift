import CondaModel

/// Which candidates of a name match one spec.
struct CandidateMatches {
    /// Whether each candidate of the name matches, in the order they were added.
    private(set) var flags: [Bool]
    private(set) var count = 0

    init(_ spec: MatchSpec, among candidates: [CandidateID], order: CandidateOrder, of catalog: Catalog) {
        let versionFits = order.versions.map { spec.version?.matches($0) ?? true }
        let needsRecord = !spec.testsOnlyVersion
        flags = []
        flags.reserveCapacity(candidates.count)
        for (place, id) in candidates.enumerated() {
            let fits =
                versionFits[Int(order.versionOfCandidate[place])]
                && (!needsRecord || spec.matches(catalog[id]))
            flags.append(fits)
            if fits { count += 1 }
        }
    }

    /// The candidates that do not match.
    func others(among candidates: [CandidateID]) -> [CandidateID] {
        guard count < candidates.count else { return [] }
        return zip(candidates, flags).filter { !$0.1 }.map(\.0)
    }

    /// The highest matching version.
    func highestVersion(
        among candidates: [CandidateID], order: CandidateOrder, of catalog: Catalog
    ) -> HighestVersion? {
        var highest: HighestVersion?
        for (place, id) in candidates.enumerated() where flags[place] {
            let rank = order.rank(ofPlace: Int32(place))
            if let highest, rank <= highest.rank { continue }
            highest = HighestVersion(tracksFeatures: catalog[id].tracksFeatures, rank: rank)
        }
        return highest
    }
}

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
