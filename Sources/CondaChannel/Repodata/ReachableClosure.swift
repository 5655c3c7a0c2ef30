import CondaModel

/// One run of the closure over names, see ``Repodata/reachable(from:also:)``.
struct ReachableClosure {
    let repodata: Repodata
    let specs: [MatchSpec]

    private typealias Answer = (source: Int, name: String, records: [PackageRecord])

    func run(also names: [String]) async throws(ChannelError) -> [ChannelRecords] {
        defer { reportProblems() }
        var found = [[String: [PackageRecord]]](repeating: [:], count: repodata.sources.count)
        let outcome = await withTaskGroup(of: Result<Answer, ChannelError>.self) { group in
            var seen: Set<String> = []
            func ask(_ name: String, _ group: inout TaskGroup<Result<Answer, ChannelError>>) {
                guard !name.hasPrefix("__"), seen.insert(name).inserted else { return }
                for (number, source) in repodata.sources.enumerated() where source.records.contains(name) {
                    group.addTask { await answer(number, source.records, name) }
                }
            }
            for name in roots(also: names) { ask(name, &group) }
            for await answer in group {
                switch answer {
                case .failure(let error):
                    group.cancelAll()
                    return Result<Void, ChannelError>.failure(error)
                case .success(let answer):
                    found[answer.source][answer.name] = answer.records
                    for name in dependencyNames(of: answer.records) { ask(name, &group) }
                }
            }
            return .success(())
        }
        try outcome.get()
        return collected(found)
    }

    private func answer(_ number: Int, _ source: any RecordSource, _ name: String) async -> Result<Answer, ChannelError>
    {
        do throws(ChannelError) {
            return .success((number, name, prefiltered(try await source.records(of: name), name: name)))
        } catch {
            return .failure(error)
        }
    }

    /// Names of the specs; one that is a pattern stands for all names that match.
    private func roots(also names: [String]) -> [String] {
        var roots = names.map { $0.lowercased() }
        for spec in specs {
            if let name = spec.name {
                roots.append(name)
            } else {
                roots += repodata.names.filter { spec.nameMatcher.matches($0) }
            }
        }
        return roots
    }

    /// Leaves out what no solution can contain; everything stays when nothing would be left.
    private func prefiltered(_ records: [PackageRecord], name: String) -> [PackageRecord] {
        let own = specs.filter { $0.name == name }
        guard !own.isEmpty else { return records }
        let matching = records.filter { record in own.allSatisfy { $0.matches(record) } }
        return matching.isEmpty ? records : matching
    }

    private func collected(_ found: [[String: [PackageRecord]]]) -> [ChannelRecords] {
        repodata.channels.indices.map { priority in
            let own = repodata.sources.indices.filter { repodata.sources[$0].priority == priority }
            let names = Set(own.flatMap { found[$0].keys }).sorted()
            let records = names.flatMap { name in own.flatMap { found[$0][name] ?? [] } }
            return ChannelRecords(channel: repodata.channels[priority], priority: priority, records: records)
        }
    }

    private func reportProblems() {
        for source in repodata.sources {
            if let warning = source.records.problems.takeWarning(for: source.records.label) {
                repodata.events(.warning(warning))
            }
        }
    }
}

/// The names that records depend on.
///
/// Neighbouring records share lists, so equal ones are looked at once.
func dependencyNames(of records: [PackageRecord]) -> Set<String> {
    var texts: Set<String> = []
    var last: [String] = []
    for record in records {
        let depends = record.depends
        if depends == last { continue }
        texts.formUnion(depends)
        last = depends
    }
    return Set(texts.lazy.map { dependencyName($0) }.filter { !$0.isEmpty })
}

/// The name in a MatchSpec as records write it: what stands before a version, a bracket or a comparison, behind a
/// `channel::`.
func dependencyName(_ spec: String) -> String {
    var spec = spec
    return spec.withUTF8 { bytes in
        var start = 0
        for index in bytes.indices.dropLast()
        where bytes[index] == UInt8(ascii: ":") && bytes[index + 1] == UInt8(ascii: ":") {
            start = index + 2
            break
        }
        while start < bytes.count, bytes[start] == UInt8(ascii: " ") { start += 1 }
        let end = bytes[start...].firstIndex(where: endsName) ?? bytes.count
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        return name.utf8.contains { (0x41...0x5a).contains($0) } ? name.lowercased() : name
    }
}

private func endsName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "!"),
        UInt8(ascii: "~"),
        UInt8(ascii: "["), UInt8(ascii: ";"), UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: "@"):
        true
    default: false
    }
}
