import CSimdJSON
import CondaModel

/// Turns runs of JSON records into ``PackageRecord``s.
///
/// Not shared between threads; ``RecordParserPool`` lends them.
final class RecordParser {
    private let parser: OpaquePointer
    private var buffer: [UInt8] = []

    init?() {
        guard let made = csj_parser_create() else { return nil }
        parser = made
    }

    deinit { csj_parser_destroy(parser) }

    /// A failure with the parser's own words.
    struct Failure: Error { let reason: String }

    /// Parses `"KEY": {...}, "KEY": {...}`, which `read` puts into a buffer of `length` bytes.
    func records(
        length: Int, section: RecordSection, place: RecordPlace, name: String, problems: RecordProblems,
        read: (UnsafeMutableRawBufferPointer) throws(ChannelError) -> Void
    ) throws(ChannelError) -> Result<[PackageRecord], Failure> {
        try fill(length: length, read: read)
        var found: UnsafePointer<csj_record>?
        let count = buffer.withUnsafeBytes { bytes -> Int64 in
            guard let start = bytes.baseAddress else { return -1 }
            return csj_parser_records(parser, start, length + 2, &found)
        }
        guard count >= 0 else { return .failure(Failure(reason: String(cString: csj_parser_error(parser)))) }
        var decoder = RecordDecoder(section: section, place: place, name: name, problems: problems)
        // What was found lives in the parser, which nothing else here holds.
        return withExtendedLifetime(self) {
            .success(UnsafeBufferPointer(start: found, count: Int(count)).compactMap { decoder.record($0) })
        }
    }

    /// Parses a JSON array of strings.
    func strings(_ text: [UInt8]) -> [String]? {
        buffer = text + [UInt8](repeating: 0, count: csj_padding())
        var found: UnsafePointer<csj_string>?
        let count = buffer.withUnsafeBytes { bytes -> Int64 in
            guard let start = bytes.baseAddress else { return -1 }
            return csj_parser_strings(parser, start, text.count, &found)
        }
        return withExtendedLifetime(self) {
            count < 0 ? nil : UnsafeBufferPointer(start: found, count: Int(count)).map { $0.text }
        }
    }

    private func fill(
        length: Int, read: (UnsafeMutableRawBufferPointer) throws(ChannelError) -> Void
    ) throws(ChannelError) {
        let needed = length + 2 + csj_padding()
        if buffer.count < needed { buffer = [UInt8](repeating: 0, count: max(needed, buffer.count * 2)) }
        var failure: ChannelError?
        buffer.withUnsafeMutableBytes { bytes in
            bytes[0] = UInt8(ascii: "{")
            bytes[length + 1] = UInt8(ascii: "}")
            do throws(ChannelError) {
                try read(UnsafeMutableRawBufferPointer(rebasing: bytes[1...length]))
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }
}

extension csj_string {
    var buffer: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: bytes, count: length) }

    /// simdjson has checked that the bytes are UTF-8.
    var text: String { String(decoding: buffer, as: UTF8.self) }

    var optional: String? { bytes == nil ? nil : text }
}
