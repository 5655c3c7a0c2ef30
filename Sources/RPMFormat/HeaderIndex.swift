/// What the index of a header says of its tags: the first part of a header, before any data.
///
/// librpm's own reading keeps every tag's data inside the header, but takes a tag's type from the file; its file list
/// (`rpmfilesNew`) then trusts that a tag has the type that it has in every honest package, and reads memory that is not
/// there where it has not. So the index is held against ``HeaderRules`` before librpm sees the header.
struct HeaderIndex {
    /// One tag.
    struct Entry: Hashable {
        let tag: Int32
        let type: UInt32
        let count: Int
    }

    /// Bytes of one entry: tag, type, offset, count.
    static let entrySize = 16

    let entries: [Entry]

    /// Decodes whole entries.
    init(_ bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        func number(_ place: Int) -> UInt32 { bytes[place..<place + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        entries = stride(from: 0, to: bytes.count - bytes.count % Self.entrySize, by: Self.entrySize).map { place in
            Entry(
                tag: Int32(bitPattern: number(place)), type: number(place + 4), count: Int(number(place + 12)))
        }
    }

    /// The first thing that an honest header would not say; nil where there is none.
    func problem(_ rules: HeaderRules) -> String? {
        let known = entries.compactMap { entry in rules[entry.tag].map { (entry, $0) } }
        return wrongType(known) ?? wrongCount(known)
    }

    private func wrongType(_ known: [(Entry, HeaderRules.Rule)]) -> String? {
        for (entry, rule) in known where !rule.types.contains(where: { $0.rawValue == entry.type }) {
            let expected = rule.types.map(\.name).joined(separator: " or ")
            let found = HeaderRules.DataType(rawValue: entry.type)?.name ?? "type \(entry.type)"
            return "tag \(entry.tag): expected \(expected), found \(found)"
        }
        return nil
    }

    private func wrongCount(_ known: [(Entry, HeaderRules.Rule)]) -> String? {
        var seen: Set<Int32> = []
        for (entry, rule) in known {
            guard seen.insert(entry.tag).inserted else { return "tag \(entry.tag) is there twice" }
            if let expected = expectedCount(rule), entry.count != expected {
                return "tag \(entry.tag): expected \(expected) values, found \(entry.count)"
            }
        }
        return nil
    }

    /// How many values a tag must have, as far as the index tells; nil for any number.
    private func expectedCount(_ rule: HeaderRules.Rule) -> Int? {
        switch rule.count {
        case .any: nil
        case .exactly(let count): count
        // A list without the tag that it runs beside says nothing, and nothing is what librpm makes of it.
        case .like(let tags): tags.lazy.compactMap { tag in entries.first { $0.tag == tag.rawValue }?.count }.first ?? 0
        }
    }
}
