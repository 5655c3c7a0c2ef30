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
        var highest: (rank: Int32, candidate: CandidateID)?
        for (place, id) in candidates.enumerated() where flags[place] {
            let rank = order.rank(ofPlace: Int32(place))
            if let highest, rank <= highest.rank { continue }
            highest = (rank, id)
        }
        return highest.map {
            HighestVersion(tracksFeatures: catalog[$0.candidate].tracksFeatures, rank: $0.rank)
        }
    }
}

/// The highest version of several candidates; the smaller value is preferred.
struct HighestVersion: Comparable {
    private let code: Int64

    /// Not a single candidate.
    static let none = HighestVersion(code: .max)

    init(tracksFeatures: Bool, rank: Int32) {
        code = (tracksFeatures ? 1 << 40 : 0) - Int64(rank)
    }

    private init(code: Int64) {
        self.code = code
    }

    static func < (left: HighestVersion, right: HighestVersion) -> Bool { left.code < right.code }
}
