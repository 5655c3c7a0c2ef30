import CondaModel

/// Repodata as one JSON document on disk with an index: only the records that are asked for are read and parsed.
///
/// The document is read with `pread` and not mapped, because a mapped file that someone truncates kills the process.
final class IndexedSubdir: RecordSource {
    let label: String
    let problems = RecordProblems()
    private let file: File
    private let index: RecordIndex
    private let place: RecordPlace
    private let url: String
    /// Where the document is cached; nil for a local one.
    private let cached: RepodataFolder?
    private let parsers: RecordParserPool

    /// Opens a document that was scanned; reads its small members and refuses versions that are not understood.
    init(
        channel: Channel, subdir: String, url: String, file: File, index: RecordIndex, cached: RepodataFolder?,
        credentials: CredentialStore, parsers: RecordParserPool, events: ChannelEventHandler
    ) throws(ChannelError) {
        label = "\(channel.name)/\(subdir)"
        (self.file, self.index, self.url, self.cached, self.parsers) = (file, index, url, cached, parsers)
        func bytes(_ key: String) throws(ChannelError) -> [UInt8]? {
            guard let member = index.member(key) else { return nil }
            return try file.bytes(at: member.offset, count: Int(member.length))
        }
        let text = try bytes("info").flatMap { String(decoding: $0, as: UTF8.self) == "null" ? nil : $0 }
        var info =
            try text.map { (json) throws(ChannelError) in try RepodataInfo(json: json, url: url) } ?? RepodataInfo()
        if let version = try bytes("repodata_version") {
            let text = String(decoding: version, as: UTF8.self)
            guard let number = Int(text) else {
                throw .unsupported(url: url, feature: "repodata_version \(text)")
            }
            info.version = max(number, info.version ?? 0)
        }
        try info.check(url: url)
        let removed = try bytes("removed").map { (json) throws(ChannelError) in
            try parsers.withParser { (parser) throws(ChannelError) in parser.strings(json) ?? [] }
        }
        place = try RecordPlace(
            channel: channel, subdir: subdir, baseURL: info.baseURL, removed: Set(removed ?? []), document: url,
            credentials: credentials)
        report(info, events)
    }

    private func report(_ info: RepodataInfo, _ events: ChannelEventHandler) {
        problems.add(
            count: index.rejected.count, examples: index.rejected.examples,
            "it is no file name of a package, or has no record")
        for key in index.members.map(\.key) where key.hasPrefix("v3/") {
            events(
                .warning(
                    "\(label): packages of the kind '\(key.dropFirst(3))' in repodata v3 are not supported and left out"
                ))
        }
        for revision in info.unknownRevisions {
            events(
                .warning(
                    "\(label): packages of repodata revision '\(revision)' need a newer conda-rpm and are left out"))
        }
    }

    var names: [String] { index.names }

    func contains(_ name: String) -> Bool { !index.runs(of: name).isEmpty }

    func records(of name: String) throws(ChannelError) -> [PackageRecord] {
        let runs = index.runs(of: name)
        guard !runs.isEmpty else { return [] }
        let found = try parsers.withParser { (parser) throws(ChannelError) in
            var records: [PackageRecord] = []
            for run in runs { records += try self.records(in: run, of: name, parser) }
            return records
        }
        return preferred(found, place: place)
    }

    private func records(in run: RecordIndex.Run, of name: String, _ parser: RecordParser) throws(ChannelError)
        -> [PackageRecord]
    {
        guard let section = RecordSection(rawValue: run.section) else { return [] }
        let parsed = try parser.records(
            length: Int(run.length), section: section, place: place, name: name, problems: problems
        ) { (buffer) throws(ChannelError) in
            if try file.read(into: buffer, at: run.offset) < buffer.count {
                throw .corrupt(url: url, position: run.offset, reason: "it became shorter while it was read")
            }
        }
        switch parsed {
        case .success(let records): return records
        case .failure(let failure):
            // Otherwise the server would go on to confirm that the damaged document is unchanged.
            cached?.discard()
            throw .corrupt(
                url: url, position: run.offset, reason: "the records of '\(name)' are no JSON: \(failure.reason)")
        }
    }
}
