import CondaModel

/// The candidates of one name in the order that their own fields give.
///
/// Candidates that track features stand last; then the channel counts if the request says so, the version and the
/// build number. Candidates that are equal in all of these form a run; their dependencies decide further.
struct CandidateOrder {
    /// Distinct spellings of versions.
    private(set) var versions: [Version] = []
    /// For each candidate, in the order they were added: its version's index in ``versions``.
    private(set) var versionOfCandidate: [Int32] = []
    /// The place of each version among all, the same for equal versions; larger is newer.
    private(set) var ranks: [Int32] = []
    /// Places of candidates among those of the name, best first.
    private(set) var sorted: [Int32] = []
    /// The runs, as ranges of ``sorted``.
    private(set) var runs: [Range<Int>] = []

    init(_ candidates: [CandidateID], of catalog: Catalog) {
        collectVersions(candidates, of: catalog)
        rankVersions()
        sort(candidates, of: catalog)
    }

    /// The place of a candidate's version in the order of versions.
    func rank(ofPlace place: Int32) -> Int32 { ranks[Int(versionOfCandidate[Int(place)])] }

    private mutating func collectVersions(_ candidates: [CandidateID], of catalog: Catalog) {
        var indices: [String: Int32] = [:]
        versionOfCandidate.reserveCapacity(candidates.count)
        for candidate in candidates {
            let version = catalog[candidate].record.version
            if let last = versionOfCandidate.last, versions[Int(last)].text == version.text {
                versionOfCandidate.append(last)
            } else if let known = indices[version.text] {
                versionOfCandidate.append(known)
            } else {
                indices[version.text] = Int32(versions.count)
                versionOfCandidate.append(Int32(versions.count))
                versions.append(version)
            }
        }
    }

    private mutating func rankVersions() {
        let ascending = versions.indices.sorted { versions[$0] < versions[$1] }
        ranks = Array(repeating: 0, count: versions.count)
        var rank: Int32 = 0
        for (place, index) in ascending.enumerated() {
            if place > 0, versions[ascending[place - 1]] < versions[index] { rank += 1 }
            ranks[index] = rank
        }
    }

    private mutating func sort(_ candidates: [CandidateID], of catalog: Catalog) {
        let keys = candidates.enumerated().map { place, id in
            Key(catalog[id], rank: rank(ofPlace: Int32(place)), prefersChannels: catalog.prefersChannels)
        }
        sorted = keys.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }.map(Int32.init)
        var start = 0
        for place in sorted.indices.dropFirst() where keys[Int(sorted[place - 1])] < keys[Int(sorted[place])] {
            runs.append(start..<place)
            start = place
        }
        if start < sorted.count { runs.append(start..<sorted.count) }
    }

    /// What the order compares; the smaller key is the better candidate.
    private struct Key: Comparable {
        let tracksFeatures: Int8
        let channel: Int32
        let rank: Int32
        let buildNumber: Int

        init(_ candidate: Candidate, rank: Int32, prefersChannels: Bool) {
            tracksFeatures = candidate.tracksFeatures ? 1 : 0
            channel = prefersChannels ? candidate.channel : 0
            self.rank = -rank
            buildNumber = -candidate.buildNumber
        }

        static func < (left: Key, right: Key) -> Bool {
            (left.tracksFeatures, left.channel, left.rank, left.buildNumber)
                < (right.tracksFeatures, right.channel, right.rank, right.buildNumber)
        }
    }
}
