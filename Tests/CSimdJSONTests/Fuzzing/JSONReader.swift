import CSimdJSON
import Fuzzing

/// The two C++ jobs on repodata, which `scripts/fuzz` builds with the sanitizers for addresses and undefined behaviour.
enum JSONReader: String, FuzzedReader {
    /// An object of records, or a list of texts.
    case parser = "record-parser"
    /// A whole document behind one byte, the size of the pieces that it arrives in.
    case scanner = "record-scanner"

    func read(_ input: [UInt8]) throws {
        switch self {
        case .parser:
            guard let parser = Parser() else { return }
            let (first, sum) = (parser.records(input), parser.sum)
            let (second, both) = (parser.records(input), parser.sum)
            try promise(first == second && (sum != 0) == (both != 0), "the parser finds something else the second time")
            _ = parser.strings(input)
        case .scanner: try Self.scan(input)
        }
    }

    /// However a document is cut into pieces, the same is found in it; and what is found lies in it.
    private static func scan(_ input: [UInt8]) throws {
        guard let size = input.first, let scanner = Scanner(), let other = Scanner(), let parser = Parser() else {
            return
        }
        let document = Array(input.dropFirst())
        let whole = scanner.scan(document, pieces: max(document.count, 1))
        let pieces = other.scan(document, pieces: Int(size) + 1)
        try promise(whole == pieces, "in pieces of \(Int(size) + 1) bytes \(pieces) was found, in one \(whole)")
        guard whole.code == CInt(CSJ_OK) else { return }
        for run in whole.runs {
            let end = run.offset + UInt64(run.length)
            try promise(end <= document.count && run.records > 0, "\(run) ends beyond the document")
            try promise(Int(run.name) < whole.names.count, "\(run) has no name")
            let text = document[Int(run.offset)..<Int(end)]
            try promise(text.first == UInt8(ascii: "\""), "\(run) does not begin with a key")
            _ = parser.records([UInt8(ascii: "{")] + text + [UInt8(ascii: "}")])
        }
        for member in whole.members {
            try promise(member.offset + member.length <= document.count, "\(member) ends beyond the document")
        }
    }
}

/// Where records are, in the forms that Swift compares.
private struct Findings: Equatable {
    struct Run: Equatable {
        let offset: UInt64
        let length, records, name, section: UInt32
    }

    struct Member: Equatable {
        let key: [UInt8]
        let offset, length: UInt64
    }

    var code: CInt
    var position: UInt64
    var runs: [Run]
    var names: [[UInt8]]
    var members: [Member]
    var rejected: [[UInt8]]
}

private final class Scanner {
    private let scanner: OpaquePointer

    init?() {
        guard let made = csj_scanner_create() else { return nil }
        scanner = made
    }

    deinit { csj_scanner_destroy(scanner) }

    /// Feeds a document in pieces, each in memory of its own, so that a step beyond its end is seen.
    func scan(_ document: [UInt8], pieces size: Int) -> Findings {
        var code = CInt(CSJ_OK)
        for start in stride(from: 0, to: document.count, by: size) where code == CInt(CSJ_OK) {
            let piece = document[start..<min(start + size, document.count)]
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: piece.count, alignment: 1)
            copy.copyBytes(from: piece)
            if let bytes = copy.baseAddress { code = csj_scanner_feed(scanner, bytes, copy.count) }
            copy.deallocate()
        }
        if code == CInt(CSJ_OK) { code = csj_scanner_finish(scanner) }
        return withExtendedLifetime(self) { findings(code) }
    }

    private func findings(_ code: CInt) -> Findings {
        let runs = UnsafeBufferPointer(start: csj_scanner_runs(scanner), count: csj_scanner_run_count(scanner))
        return Findings(
            code: code, position: csj_scanner_position(scanner),
            runs: runs.map {
                Findings.Run(
                    offset: $0.offset, length: $0.length, records: $0.records, name: $0.name, section: $0.section)
            },
            names: (0..<csj_scanner_name_count(scanner)).map { csj_scanner_name(scanner, $0).array },
            members: (0..<csj_scanner_member_count(scanner)).map {
                let member = csj_scanner_member(scanner, $0)
                return Findings.Member(key: member.key.array, offset: member.offset, length: member.length)
            },
            rejected: (0..<csj_scanner_rejected_kept(scanner)).map { csj_scanner_rejected(scanner, $0).array })
    }
}

private final class Parser {
    private let parser: OpaquePointer
    /// Of all bytes that were found.
    private(set) var sum: Int64 = 0

    init?() {
        guard let made = csj_parser_create() else { return nil }
        parser = made
    }

    deinit { csj_parser_destroy(parser) }

    /// How many records there are, each of which is touched as a whole; -1 for what is no JSON.
    func records(_ text: [UInt8]) -> Int64 {
        var found: UnsafePointer<csj_record>?
        return withExtendedLifetime(self) {
            let count = padded(text) { csj_parser_records(parser, $0, text.count, &found) }
            for record in UnsafeBufferPointer(start: found, count: Int(max(count, 0))) { touch(record) }
            return count
        }
    }

    /// How many texts there are.
    func strings(_ text: [UInt8]) -> Int64 {
        var found: UnsafePointer<csj_string>?
        return withExtendedLifetime(self) {
            let count = padded(text) { csj_parser_strings(parser, $0, text.count, &found) }
            for text in UnsafeBufferPointer(start: found, count: Int(max(count, 0))) { touch(text) }
            return count
        }
    }

    /// Reads every byte; a copy that nobody looks at would be left out.
    private func touch(_ text: csj_string) {
        for byte in UnsafeRawBufferPointer(start: text.bytes, count: text.bytes == nil ? 0 : text.length) {
            sum = sum &* 31 &+ Int64(byte)
        }
    }

    private func touch(_ record: csj_record) {
        let texts = [
            record.key, record.name, record.version, record.build, record.subdir, record.md5, record.sha256,
            record.noarch, record.arch, record.platform, record.license, record.license_family, record.features,
            record.python_site_packages_path, record.track_features_text, record.wrong,
        ]
        for text in texts { touch(text) }
        for list in [record.depends, record.constrains, record.track_features] {
            for text in UnsafeBufferPointer(start: list.items, count: list.items == nil ? 0 : list.count) {
                touch(text)
            }
        }
    }

    /// Lends the text with exactly the room behind it that the parser asks for.
    private func padded(_ text: [UInt8], _ body: (UnsafeRawPointer) -> Int64) -> Int64 {
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: text.count + csj_padding(), alignment: 1)
        defer { copy.deallocate() }
        copy.initializeMemory(as: UInt8.self, repeating: 0)
        copy.copyBytes(from: text)
        return copy.baseAddress.map { body($0) } ?? -1
    }
}

extension csj_string {
    fileprivate var array: [UInt8] { Array(UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : length)) }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { JSONReader.feed(start, count) }
#endif
