import CondaModel

/// Fills a ``Catalog`` with what a request offers, and rules out what the request's settings rule out.
struct CatalogBuilder {
    private let request: SolveRequest
    private var catalog: Catalog
    /// The channels that the user asked for by name.
    private let wantedChannels: [String: String]
    /// The first channel that had a name.
    private var firstChannel: [NameID: Int32] = [:]

    init(_ request: SolveRequest) {
        self.request = request
        catalog = Catalog(prefersChannels: request.channelPriority == .flexible)
        let wanted = request.specs.compactMap { spec in
            spec.name.flatMap { name in spec.channel.map { (name, $0) } }
        }
        wantedChannels = Dictionary(wanted) { first, _ in first }
    }

    /// The filled catalog.
    mutating func build() -> Catalog {
        for package in request.virtualPackages { catalog.add(package.record, kind: .virtual, channel: -1) }
        for (channel, records) in request.channels.enumerated() { add(records, channel: Int32(channel)) }
        for record in request.locked { addLocked(record) }
        return catalog
    }

    private mutating func add(_ records: [PackageRecord], channel: Int32) {
        var added: [NameID: [CandidateID]] = [:]
        var names: [NameID] = []
        for record in records {
            let id = catalog.add(record, kind: .record, channel: channel)
            let name = catalog[id].name
            if added[name, default: []].isEmpty { names.append(name) }
            added[name, default: []].append(id)
        }
        for name in names {
            let arranged = arrange(added[name] ?? [])
            let earlier = catalog[name].candidates.dropLast(added[name]?.count ?? 0)
            catalog.replaceCandidates(of: name, with: earlier + arranged)
            for candidate in arranged { excludeIfRuledOut(candidate, channel: channel) }
        }
    }

    /// Puts the records of one name and channel in the order of subdirectory and file name, platforms before
    /// `noarch`, and keeps one record of an archive that exists in both formats.
    private func arrange(_ candidates: [CandidateID]) -> [CandidateID] {
        let isArranged = zip(candidates, candidates.dropFirst()).allSatisfy {
            ArchivePlace(catalog[$0].record) < ArchivePlace(catalog[$1].record)
        }
        guard !isArranged else { return candidates }
        let sorted = candidates.enumerated()
            .map { (place: ArchivePlace(catalog[$1].record), index: $0, candidate: $1) }
            .sorted { $0.place == $1.place ? $0.index < $1.index : $0.place < $1.place }
        var result: [(place: ArchivePlace, candidate: CandidateID)] = []
        for (place, _, candidate) in sorted {
            if let last = result.last, last.place == place {
                if isPreferred(candidate, to: last.candidate) { result[result.count - 1] = (place, candidate) }
            } else {
                result.append((place, candidate))
            }
        }
        return result.map(\.candidate)
    }

    /// Whether one form of an archive is better than the other: not ruled out by its time, then `.conda`.
    private func isPreferred(_ candidate: CandidateID, to other: CandidateID) -> Bool {
        let (left, right) = (catalog[candidate].record, catalog[other].record)
        if isTooNew(left) != isTooNew(right) { return isTooNew(right) }
        return left.fileName.hasSuffix(".conda") && !right.fileName.hasSuffix(".conda")
    }

    private func isTooNew(_ record: PackageRecord) -> Bool {
        guard let cutoff = request.excludeNewer else { return false }
        return record.timestamp.map { $0 > cutoff } ?? true
    }

    private mutating func excludeIfRuledOut(_ candidate: CandidateID, channel: Int32) {
        let record = catalog[candidate].record
        if isTooNew(record) { catalog.exclude(candidate, .tooNew) }
        if let wanted = wantedChannels[record.name], !ChannelName.matches(spec: wanted, channel: record.channel) {
            return catalog.exclude(candidate, .otherChannel(wanted: wanted))
        }
        let name = catalog[candidate].name
        let first = firstChannel[name] ?? channel
        firstChannel[name] = first
        if request.channelPriority == .strict, first != channel {
            let hiding = request.channels[Int(first)].first?.channel ?? ""
            catalog.exclude(candidate, .hidden(byChannel: hiding))
        }
    }

    /// Adds a record of an earlier solution, with what its channel says about it now, and favours it.
    private mutating func addLocked(_ record: PackageRecord) {
        let known = catalog.knownNameID(record.name).flatMap { name in
            catalog[name].candidates.first { candidate in
                let other = catalog[candidate].record
                return other.fileName == record.fileName && other.subdir == record.subdir
                    && (other.sha256 == nil || record.sha256 == nil || other.sha256 == record.sha256)
            }
        }
        let current = known.map { catalog[$0].record } ?? record
        let channel = known.map { catalog[$0].channel } ?? Int32.max
        catalog.favour(catalog.add(current, kind: .locked, channel: channel))
    }
}

/// Where an archive stands among those of its name in one channel, whatever its format.
private struct ArchivePlace: Comparable {
    let isNoarch: Bool
    let subdir: String
    let stem: Substring

    init(_ record: PackageRecord) {
        isNoarch = record.subdir == "noarch"
        subdir = record.subdir
        let suffix = [".conda", ".tar.bz2"].first { record.fileName.hasSuffix($0) } ?? ""
        stem = record.fileName.dropLast(suffix.count)
    }

    static func < (left: ArchivePlace, right: ArchivePlace) -> Bool {
        if left.isNoarch != right.isNoarch { return right.isNoarch }
        return (left.subdir, left.stem) < (right.subdir, right.stem)
    }
}

extension Catalog {
    /// Makes the catalog of a request.
    init(_ request: SolveRequest) {
        var builder = CatalogBuilder(request)
        self = builder.build()
    }
}
