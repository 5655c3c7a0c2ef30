import CRPM

/// A header that was read from a package and does not change any more.
///
/// Safe to share because librpm sorts the index of a header when it reads it, and getters only read from then on; the
/// pointer never leaves this class and is freed once, in `deinit`.
final class RPMHeader: @unchecked Sendable {
    private let header: Header

    /// Takes over a header that nobody else holds.
    private init(taking header: Header) { self.header = header }

    deinit { headerFree(header) }

    /// Reads the header that starts at the descriptor's position; nil where librpm finds it damaged.
    static func read(from descriptor: FD_t) -> RPMHeader? {
        headerRead(descriptor, Int32(HEADER_MAGIC_YES.rawValue)).map(RPMHeader.init(taking:))
    }

    /// Lends the header to a librpm call that only reads it.
    func withHeader<Result>(_ body: (Header) -> Result) -> Result {
        withExtendedLifetime(self) { body(header) }
    }

    /// The first string under a tag.
    func string(_ tag: RPMTag) -> String? { strings(tag).first }

    /// All strings under a tag; bytes that are not UTF-8 are replaced.
    func strings(_ tag: RPMTag) -> [String] {
        withData(tag) { data in
            var strings: [String] = []
            strings.reserveCapacity(Int(rpmtdCount(data)))
            while let text = rpmtdNextString(data) { strings.append(String(cString: text)) }
            return strings
        } ?? []
    }

    /// The first number under a tag.
    func number(_ tag: RPMTag) -> UInt64? { numbers(tag).first }

    /// All numbers under a tag, whatever their width.
    func numbers(_ tag: RPMTag) -> [UInt64] {
        withData(tag) { data in
            guard rpmtdClass(data) == RPM_NUMERIC_CLASS else { return [] }
            var numbers: [UInt64] = []
            numbers.reserveCapacity(Int(rpmtdCount(data)))
            while rpmtdNext(data) >= 0 { numbers.append(rpmtdGetNumber(data)) }
            return numbers
        } ?? []
    }

    /// The bytes under a binary tag.
    func bytes(_ tag: RPMTag) -> [UInt8]? {
        withData(tag) { data in
            guard rpmtdClass(data) == RPM_BINARY_CLASS, let start = data.pointee.data else { return nil }
            // Not rpmtdCount, which counts all bytes together as one.
            return Array(UnsafeRawBufferPointer(start: start, count: Int(data.pointee.count)))
        } ?? nil
    }

    /// Whether the header has the tag.
    func has(_ tag: RPMTag) -> Bool { headerIsEntry(header, tag.rawValue) != 0 }

    private func withData<Result>(_ tag: RPMTag, _ body: (rpmtd) -> Result) -> Result? {
        guard let data = rpmtdNew() else { return nil }
        defer {
            rpmtdFreeData(data)
            rpmtdFree(data)
        }
        guard headerGet(header, tag.rawValue, data, headerGetFlags(HEADERGET_MINMEM.rawValue)) == 1 else { return nil }
        return body(data)
    }
}
