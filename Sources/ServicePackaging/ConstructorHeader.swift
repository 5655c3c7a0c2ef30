import CondaModel
import FoundationEssentials

/// What the shell part of a constructor-made installer says about the file.
///
/// Read off the headers of constructor 1.0 to 3.16. All end with a line `@@END_HEADER@@` and name `# NAME:`, `# PLAT:` and
/// the payload's `# MD5:`. Those up to 3.0.0 state the whole file's `# BYTES:`; those since 3.1 name the sizes of the
/// payload's two or three parts in shell arithmetic, up to 3.3.1 as `$boundary0 + N`, then as `boundary0 + N`. Since 3.7
/// they tell the room that they need, since 3.9 the oldest glibc.
struct ConstructorHeader {
    /// The program that the first line names, such as `/bin/sh`; nil when the file is no script.
    let interpreter: String?
    /// Whether the first line ends as in text files of Windows.
    let hasWindowsLineEnds: Bool
    let name: String?
    let platform: String?
    let md5: String?
    /// Bytes of the whole file.
    let expectedSize: Int?
    /// The offset of the first byte after the shell part; nil when the part has no end.
    let payloadStart: Int?
    let oldestGlibc: String?
    /// Bytes that it asks for before it begins: its base, its packages, and what it wants left free.
    let neededSpace: Int64?

    /// Whether it is the header of a constructor-made installer, or what is left of one.
    var isConstructors: Bool { name != nil }

    /// Without a reserve of its own stated, a header wants 100 MB left free (3.7 to 3.9).
    private static let reserveMiB: Int64 = 100
    /// A header is some tens of kilobytes, with its licence; a longer search would read the payload as text.
    private static let searchLimit = 1 << 20

    init(_ data: Data) {
        let head = data.prefix(Self.searchLimit)
        let end = Self.end(in: head)
        let text = String(decoding: head[..<(end?.lowerBound ?? head.endIndex)], as: UTF8.self)
        let first = text.prefix { !$0.isNewline }
        interpreter =
            first.hasPrefix("#!") ? first.dropFirst(2).split(separator: " ").last.map(String.init) ?? "" : nil
        hasWindowsLineEnds = text.first { $0.isNewline } == "\r\n"
        name = Self.value("# NAME:", in: text)
        platform = Self.value("# PLAT:", in: text)
        md5 = Self.value("# MD5:", in: text).flatMap { $0.count == 32 ? $0.lowercased() : nil }
        payloadStart = end?.upperBound
        let parts = Self.partSizes(in: text)
        expectedSize =
            Self.value("# BYTES:", in: text).flatMap { Int($0) }
            ?? (parts.isEmpty ? nil : end.map { parts.reduce($0.upperBound, Self.sum) })
        oldestGlibc = text.firstMatch(of: /(?m)^ *min_glibc_version="([0-9.]+)"/).map { String($0.1) }
        neededSpace = Self.neededSpace(in: text)
    }

    /// The first line that begins with the marker, which is also the one that the header looks for.
    private static func end(in head: Data) -> Range<Int>? {
        guard let marker = head.firstRange(of: "\n@@END_HEADER@@", from: head.startIndex),
            let lineEnd = head[marker.upperBound...].firstIndex(of: UInt8(ascii: "\n"))
        else { return nil }
        return marker.lowerBound..<(lineEnd + 1)
    }

    private static func value(_ key: String, in text: String) -> String? {
        text.split(separator: "\n").first { $0.hasPrefix(key) }
            .map { $0.dropFirst(key.count).trimmingBlanks }
    }

    /// The sizes of the payload's parts: each boundary is the one before it and a number.
    private static func partSizes(in text: String) -> [Int] {
        let sum = /(?m)^boundary[123]=\$\(\( *\$?\{?boundary[012]\}? *\+ *([0-9]+) *\)\)/
        return text.matches(of: sum).compactMap { Int($0.1) }
    }

    private static func neededSpace(in text: String) -> Int64? {
        guard let total = text.firstMatch(of: /(?m)^total_installation_size_kb="([0-9]+)"/).flatMap({ Int64($0.1) })
        else { return nil }
        let reserve = text.firstMatch(of: /(?m)^free_disk_space_kb_with_buffer=.* - ([0-9]+) \* 1024/)
        let reserveKiB = product(reserve.flatMap { Int64($0.1) } ?? reserveMiB, 1024)
        return product(sum(total, reserveKiB), 1024)
    }

    /// A sum of positive numbers that a header may choose at will; the largest number where it is larger.
    private static func sum<Number: FixedWidthInteger>(_ left: Number, _ right: Number) -> Number {
        let (sum, isBeyond) = left.addingReportingOverflow(right)
        return isBeyond ? .max : sum
    }

    private static func product(_ left: Int64, _ right: Int64) -> Int64 {
        let (product, isBeyond) = left.multipliedReportingOverflow(by: right)
        return isBeyond ? .max : product
    }
}
