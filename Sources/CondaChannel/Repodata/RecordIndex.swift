import CSimdJSON
import CondaModel
import HostSystem

/// Names and byte ranges of one repodata document, in the form that the cache keeps.
///
/// Little-endian. Header: magic, SHA-256 of the rest, stamp of the document, three counts; then runs ordered by
/// name and place, name table (first run, end of its text), name texts sorted by bytes, and the members that hold
/// no records as JSON text. A file of another version, stamp or digest is no error: the document is scanned again.
struct RecordIndex: Sendable {
    struct Run: Sendable, Hashable {
        let offset: UInt64
        let length: UInt32
        let section: UInt32
    }

    /// A top-level value outside the sections: `info`, `removed`, `repodata_version`.
    struct Member: Sendable, Hashable, Codable {
        let key: String
        let offset: UInt64
        let length: UInt64
    }

    /// Keys of the document that cannot be file names of packages.
    struct Rejected: Sendable, Hashable, Codable {
        let count: Int
        let examples: [String]
    }

    let runs: [Run]
    let members: [Member]
    let rejected: Rejected
    /// Texts of all names, one after the other.
    let texts: [UInt8]
    /// For each name the end of its text, and where its runs begin; one more entry ends the runs of the last.
    let textEnds: [UInt32]
    let firstRuns: [UInt32]

    var names: [String] { textEnds.indices.map { String(decoding: text($0), as: UTF8.self) } }

    private func text(_ number: Int) -> ArraySlice<UInt8> {
        texts[(number == 0 ? 0 : Int(textEnds[number - 1]))..<Int(textEnds[number])]
    }

    /// Where a name's records are, in document order.
    func runs(of name: String) -> ArraySlice<Run> {
        var low = 0
        var high = textEnds.count
        while low < high {
            let middle = (low + high) / 2
            if text(middle).lexicographicallyPrecedes(name.utf8) { low = middle + 1 } else { high = middle }
        }
        guard low < textEnds.count, text(low).elementsEqual(name.utf8) else { return [] }
        return runs[Int(firstRuns[low])..<Int(firstRuns[low + 1])]
    }

    func member(_ key: String) -> Member? { members.last { $0.key == key } }
}
