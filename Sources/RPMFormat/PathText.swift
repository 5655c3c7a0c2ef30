import Glibc

/// Paths taken apart by bytes, as the system does it: compared as characters, a slash with a combining mark behind it is
/// no slash, and two spellings of one letter are one name.
extension String {
    /// What stands between slashes, empty parts included; the part before a leading slash is empty.
    var pathParts: [String] {
        utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    /// Where the last slash stands.
    var lastSlash: Index? { utf8.lastIndex(of: UInt8(ascii: "/")) }

    /// Where the last part begins.
    var baseNameStart: Index { lastSlash.map(utf8.index(after:)) ?? startIndex }

    /// Whether this is an absolute path.
    var isAbsolutePath: Bool { utf8.first == UInt8(ascii: "/") }
}

extension ContiguousArray<UInt8> {
    /// Whether the bytes come before others, as rpm sorts paths.
    func precedes(_ other: Self) -> Bool {
        withUnsafeBytes { left in
            other.withUnsafeBytes { right in
                guard let first = left.baseAddress, let second = right.baseAddress else { return count < other.count }
                let order = memcmp(first, second, Swift.min(count, other.count))
                return order == 0 ? count < other.count : order < 0
            }
        }
    }
}
