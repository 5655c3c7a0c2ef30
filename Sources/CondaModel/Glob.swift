/// A text with `*` for any characters, matched case-insensitively (CEP 29, string matching).
package struct Glob: Hashable, Sendable {
    /// The pattern as it was written.
    package let text: String
    /// What stands between the stars, in lower case.
    private let parts: [[UInt8]]

    /// Makes a glob; every text is one.
    package init(_ text: String) {
        self.text = text
        parts = text.utf8.map(lowercased).split(separator: UInt8(ascii: "*"), omittingEmptySubsequences: false)
            .map(Array.init)
    }

    /// Whether the glob matches the whole of `candidate`.
    ///
    /// Each part is looked for at the first place where it fits, which is enough because stars match anything: the
    /// time is the product of both lengths at worst.
    package func matches(_ candidate: String) -> Bool {
        candidate.withBytes { bytes in
            guard let first = parts.first, let last = parts.last, parts.count > 1 else {
                return parts.first.map { bytes.count == $0.count && hasPart($0, bytes, at: 0) } ?? bytes.isEmpty
            }
            guard bytes.count >= first.count + last.count, hasPart(first, bytes, at: 0),
                hasPart(last, bytes, at: bytes.count - last.count)
            else { return false }
            var start = first.count
            let end = bytes.count - last.count
            for part in parts[1..<parts.count - 1] {
                while start + part.count <= end, !hasPart(part, bytes, at: start) { start += 1 }
                guard start + part.count <= end else { return false }
                start += part.count
            }
            return true
        }
    }

    private func hasPart(_ part: [UInt8], _ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
        guard start + part.count <= bytes.count else { return false }
        for (offset, byte) in part.enumerated() where lowercased(bytes[start + offset]) != byte { return false }
        return true
    }
}
