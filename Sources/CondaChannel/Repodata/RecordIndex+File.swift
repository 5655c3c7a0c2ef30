import CSimdJSON
import FoundationEssentials
import HostSystem

/// The index as a file, so that a second run reads about a megabyte instead of scanning the document.
extension RecordIndex {
    private static let magic = Array("conda-rpm index 1\n".utf8)

    private struct Header: Codable {
        let document: FileStamp
        let members: [Member]
        let rejected: Rejected
        let names: Int
        let runs: Int
        let textBytes: Int
    }

    /// magic, SHA-256 of what follows, length of the header (4 bytes), header as JSON, then the tables.
    func encoded(document: FileStamp) throws -> [UInt8] {
        let header = Header(
            document: document, members: members, rejected: rejected, names: textEnds.count, runs: runs.count,
            textBytes: texts.count)
        let json = try JSONEncoder().encode(header)
        var body: [UInt8] = []
        body.reserveCapacity(json.count + runs.count * 16 + textEnds.count * 8 + texts.count + 64)
        appendNumber(UInt32(json.count), to: &body)
        body += json
        for run in runs {
            appendNumber(run.offset, to: &body)
            appendNumber(run.length, to: &body)
            appendNumber(run.section, to: &body)
        }
        for value in textEnds { appendNumber(value, to: &body) }
        for value in firstRuns { appendNumber(value, to: &body) }
        body += texts
        return RecordIndex.magic + Digest.sha256(body) + body
    }

    /// Reads what ``encoded(document:)`` wrote; nil when it is anything else, or belongs to another state of the
    /// document.
    init?(_ bytes: [UInt8], document: FileStamp) {
        let start = RecordIndex.magic.count + 32
        guard bytes.count > start + 4, bytes.starts(with: RecordIndex.magic) else { return nil }
        let body = bytes[start...]
        guard Digest.sha256(body).elementsEqual(bytes[RecordIndex.magic.count..<start]) else { return nil }
        var reader = TableReader(bytes: bytes, position: start)
        guard let length: UInt32 = reader.number(), let json = reader.take(Int(length)),
            let header = try? JSONDecoder().decode(Header.self, from: Data(json)), header.document == document
        else { return nil }
        guard let runs = reader.runs(header.runs), let ends: [UInt32] = reader.numbers(header.names),
            header.names < bytes.count, let firsts: [UInt32] = reader.numbers(header.names + 1),
            let texts = reader.take(header.textBytes), isAscending(ends, to: texts.count),
            isAscending(firsts, to: runs.count)
        else { return nil }
        self.init(
            runs: runs, members: header.members, rejected: header.rejected, texts: Array(texts), textEnds: ends,
            firstRuns: firsts)
    }
}

/// Whether each number is a place in a table of so many entries, or its end, and none before the one before it.
private func isAscending(_ places: [UInt32], to count: Int) -> Bool {
    zip(places, places.dropFirst()).allSatisfy { $0 <= $1 } && Int(places.last ?? 0) <= count
}

private func appendNumber(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
}

/// Bounded reads from a checked file.
private struct TableReader {
    let bytes: [UInt8]
    var position: Int

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - position else { return nil }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func number<Value: FixedWidthInteger>() -> Value? {
        guard let slice = take(MemoryLayout<Value>.size) else { return nil }
        return slice.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(as: Value.self)) }
    }

    mutating func numbers<Value: FixedWidthInteger>(_ count: Int) -> [Value]? {
        guard count >= 0, count <= bytes.count, let slice = take(count * MemoryLayout<Value>.size) else { return nil }
        return slice.withUnsafeBytes { raw in
            (0..<count).map {
                Value(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Value>.size, as: Value.self))
            }
        }
    }

    mutating func runs(_ count: Int) -> [RecordIndex.Run]? {
        guard count >= 0, count <= bytes.count, let slice = take(count * 16) else { return nil }
        return slice.withUnsafeBytes { raw in
            (0..<count).map { number in
                RecordIndex.Run(
                    offset: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: number * 16, as: UInt64.self)),
                    length: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: number * 16 + 8, as: UInt32.self)),
                    section: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: number * 16 + 12, as: UInt32.self)))
            }
        }
    }
}
