/// The characters that rpm's tools accept in names, versions, relations and paths.
enum RPMCharacters {
    /// Whether rpmbuild would accept the text as a package name.
    static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, first.isLetterOrDigit || first == UInt8(ascii: "_") else { return false }
        return text.utf8.allSatisfy { $0.isLetterOrDigit || "-._+".utf8.contains($0) }
    }

    /// Whether rpmbuild would accept the text as a version or release.
    static func isVersion(_ text: String) -> Bool {
        !text.isEmpty && !text.contains("..")
            && text.utf8.allSatisfy { $0.isLetterOrDigit || "._+~^".utf8.contains($0) }
    }

    /// Whether the text is `[EPOCH:]VERSION[-RELEASE]`.
    static func isEVR(_ text: String) -> Bool {
        var rest = text[...]
        if let colon = rest.firstIndex(of: ":") {
            guard UInt32(rest[..<colon]) != nil else { return false }
            rest = rest[rest.index(after: colon)...]
        }
        let parts = rest.split(separator: "-", omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { isVersion(String($0)) }
    }

    /// Whether the text has a byte that a line of text or an XML document (repository metadata) cannot hold.
    static func hasControl(_ text: String) -> Bool {
        text.utf8.contains { $0 < 0x20 || $0 == 0x7f }
    }
}

extension UInt8 {
    /// Whether this is an ASCII letter or digit.
    var isLetterOrDigit: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        default: isDigit
        }
    }

    /// Whether this is an ASCII digit.
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
}
