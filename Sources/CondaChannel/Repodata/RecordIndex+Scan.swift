import CSimdJSON

/// Finds records in a document that arrives in pieces: from a file, or from a decompressor while it downloads.
final class RepodataScanner {
    private let scanner: OpaquePointer
    private let url: String
    private var received: UInt64 = 0

    /// `url` is for errors, without credentials.
    init(url: String) throws(ChannelError) {
        guard let made = csj_scanner_create() else {
            throw .fileSystem(path: "memory for repodata", operation: "allocating", code: 12)
        }
        scanner = made
        self.url = url
    }

    deinit { csj_scanner_destroy(scanner) }

    func feed(_ bytes: UnsafeRawBufferPointer) throws(ChannelError) {
        guard let start = bytes.baseAddress else { return }
        try check(csj_scanner_feed(scanner, start, bytes.count))
        received += UInt64(bytes.count)
    }

    /// Ends the document and gives its index.
    func finish() throws(ChannelError) -> RecordIndex {
        try check(csj_scanner_finish(scanner))
        // The runs live in the scanner, which nothing else here holds.
        return withExtendedLifetime(self) {
            let runs = UnsafeBufferPointer(start: csj_scanner_runs(scanner), count: csj_scanner_run_count(scanner))
            let names = (0..<csj_scanner_name_count(scanner)).map { csj_scanner_name(scanner, $0).text.lowercased() }
            return RecordIndex(runs: runs, names: names, members: members(), rejected: rejected())
        }
    }

    private func members() -> [RecordIndex.Member] {
        (0..<csj_scanner_member_count(scanner)).map { number in
            let member = csj_scanner_member(scanner, number)
            return RecordIndex.Member(key: member.key.text, offset: member.offset, length: member.length)
        }
    }

    private func rejected() -> RecordIndex.Rejected {
        let examples = (0..<min(3, csj_scanner_rejected_kept(scanner))).map { csj_scanner_rejected(scanner, $0).text }
        return RecordIndex.Rejected(count: csj_scanner_rejected_count(scanner), examples: examples)
    }

    private func check(_ code: Int32) throws(ChannelError) {
        let reason: String
        switch Int(code) {
        case CSJ_OK: return
        case CSJ_TRUNCATED: reason = "it ends in the middle; it was truncated"
        case CSJ_NOT_OBJECT: reason = "expected a JSON object, found something else"
        case CSJ_BAD_BRACKETS: reason = "a bracket closes what was not opened"
        case CSJ_BAD_MEMBER: reason = "expected '\"name\": value', found something else"
        case CSJ_TOO_DEEP: reason = "it is nested more than 64 levels deep"
        case CSJ_TRAILING: reason = "expected its end, found more"
        case CSJ_TOO_LARGE: reason = "the records of one name take more than 4 GiB"
        default: throw .fileSystem(path: "memory for repodata", operation: "allocating", code: 12)
        }
        throw .corrupt(url: url, position: csj_scanner_position(scanner), reason: reason)
    }
}

extension RecordIndex {
    /// Orders runs by name, keeping document order within a name.
    init(runs found: UnsafeBufferPointer<csj_run>, names: [String], members: [Member], rejected: Rejected) {
        let order = names.indices.sorted { names[$0] < names[$1] }
        var rank = [UInt32](repeating: 0, count: names.count)
        var sorted: [String] = []
        // Names that differ only in case are one name.
        for number in order {
            if sorted.last != names[number] { sorted.append(names[number]) }
            rank[number] = UInt32(sorted.count - 1)
        }
        var firstRuns = [UInt32](repeating: 0, count: sorted.count + 1)
        for run in found { firstRuns[Int(rank[Int(run.name)]) + 1] += 1 }
        for number in 1..<max(firstRuns.count, 1) { firstRuns[number] += firstRuns[number - 1] }
        var next = firstRuns
        var placed = [Run](repeating: Run(offset: 0, length: 0, section: 0), count: found.count)
        for run in found {
            let number = Int(rank[Int(run.name)])
            placed[Int(next[number])] = Run(offset: run.offset, length: run.length, section: run.section)
            next[number] += 1
        }
        var texts: [UInt8] = []
        var textEnds: [UInt32] = []
        for name in sorted {
            texts += name.utf8
            textEnds.append(UInt32(texts.count))
        }
        self.init(
            runs: placed, members: members, rejected: rejected, texts: texts, textEnds: textEnds, firstRuns: firstRuns)
    }
}
