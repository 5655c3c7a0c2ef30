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

    /// The filled catalog, with or without what the user's own requirements rule out.
    mutating func build(keepsAll: Bool) -> Catalog {
        for package in request.virtualPackages { catalog.add(package.record, kind: .virtual, channel: -1) }
        for (channel, records) in request.channels.enumerated() { add(records, channel: Int32(channel)) }
        if !keepsAll { leaveOutUnwanted() }
        for record in request.locked { addLocked(record) }
        return catalog
    }

    /// Leaves of the names that the user requires only what matches one of the requirements.
    ///
    /// This is more than a saving: among candidates that are otherwise equal, the one that admits the higher version
    /// of a dependency is preferred, and that is the highest among those that remain.
    private mutating func leaveOutUnwanted() {
        let specs = Dictionary(grouping: request.specs) { $0.name ?? "" }
        for (name, specs) in specs {
            guard let name = catalog.knownNameID(name) else { continue }
            catalog.keepCandidates(of: name) { candidate in
                candidate.kind == .virtual || specs.contains { $0.matches(candidate) }
            }
        }
    }

    private mutating func add(_ records: [PackageRecord], channel: Int32) {
        var added: [(name: NameID, candidates: [CandidateID])] = []
        var places: [NameID: Int] = [:]
        for record in records {
            let id = catalog.add(record, kind: .record, channel: channel)
            let name = catalog[id].name
            if let last = added.last, last.name == name {
                added[added.count - 1].candidates.append(id)
            } else if let place = places[name] {
                added[place].candidates.append(id)
            } else {
                places[name] = added.count
                added.append((name, [id]))
            }
        }
        for (name, candidates) in added {
            let arranged = arrange(candidates)
            if arranged != candidates {
                let earlier = catalog[name].candidates.dropLast(candidates.count)
                catalog.replaceCandidates(of: name, with: earlier + arranged)
            }
            for candidate in arranged { excludeIfRuledOut(candidate, channel: channel) }
        }
    }

    /// Puts platforms before `noarch`, and keeps one record of an archive that exists in both formats.
    ///
    /// Otherwise the order of the channel stays: where nothing else tells two candidates apart, the first is chosen.
    private func arrange(_ candidates: [CandidateID]) -> [CandidateID] {
        let first = candidates.first.map { catalog[$0].record.subdir }
        if candidates.allSatisfy({ catalog[$0].record.subdir == first }) { return mergeFormats(candidates) }
        var subdirs: [String: [CandidateID]] = [:]
        for candidate in candidates { subdirs[catalog[candidate].record.subdir, default: []].append(candidate) }
        let order = subdirs.keys.sorted { ($0 == "noarch" ? 1 : 0, $0) < ($1 == "noarch" ? 1 : 0, $1) }
        return order.flatMap { mergeFormats(subdirs[$0] ?? []) }
    }

    /// Merges the records of both formats in the order of file names; each format's own order stays.
    private func mergeFormats(_ candidates: [CandidateID]) -> [CandidateID] {
        let condaCount = candidates.count { catalog[$0].record.isConda }
        guard 0 < condaCount, condaCount < candidates.count else { return candidates }
        let archives = candidates.map { Archive($0, catalog[$0].record) }
        var (newer, older) = (archives.filter(\.isConda)[...], archives.filter { !$0.isConda }[...])
        var merged: [Archive] = []
        while let first = newer.first ?? older.first {
            let takesOlder = older.first.map { other in newer.first.map { other.stem < $0.stem } ?? true } ?? false
            let next = (takesOlder ? older.popFirst() : newer.popFirst()) ?? first
            if let last = merged.last, last.stem == next.stem {
                if isPreferred(next.candidate, to: last.candidate) { merged[merged.count - 1] = next }
            } else {
                merged.append(next)
            }
        }
        return merged.map(\.candidate)
    }

    /// Whether one form of an archive is better than the other: not ruled out by its time, then `.conda`.
    private func isPreferred(_ candidate: CandidateID, to other: CandidateID) -> Bool {
        let (left, right) = (catalog[candidate].record, catalog[other].record)
        if isTooNew(left) != isTooNew(right) { return isTooNew(right) }
        return left.isConda && !right.isConda
    }

    private func isTooNew(_ record: PackageRecord) -> Bool {
        guard let cutoff = request.excludeNewer else { return false }
        return record.timestamp.map { $0 > cutoff } ?? true
    }

    private mutating func excludeIfRuledOut(_ candidate: CandidateID, channel: Int32) {
        let record = catalog[candidate].record
        if isTooNew(record) { catalog.exclude(candidate, .tooNew) }
        let wanted = wantedChannels.isEmpty ? nil : wantedChannels[record.name]
        if let wanted, !ChannelName.matches(spec: wanted, channel: record.channel) {
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

/// An archive's name without the ending of its format.
private struct Archive {
    let candidate: CandidateID
    let stem: Substring
    let isConda: Bool

    init(_ candidate: CandidateID, _ record: PackageRecord) {
        self.candidate = candidate
        isConda = record.isConda
        let ending = isConda ? ".conda" : record.fileName.hasSuffix(".tar.bz2") ? ".tar.bz2" : ""
        stem = record.fileName.dropLast(ending.count)
    }
}

extension PackageRecord {
    /// Whether the archive is of the newer format.
    fileprivate var isConda: Bool { fileName.utf8.suffix(6).elementsEqual(".conda".utf8) }
}

extension Catalog {
    /// Makes the catalog of a request; `keepsAll` keeps candidates that the user's own requirements rule out, so that
    /// an explanation can name them.
    init(_ request: SolveRequest, keepsAll: Bool = false) {
        var builder = CatalogBuilder(request)
        self = builder.build(keepsAll: keepsAll)
    }
}
