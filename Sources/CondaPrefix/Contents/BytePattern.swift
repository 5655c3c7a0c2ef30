import Glibc

/// Bytes to look for, prepared for many searches (Horspool's algorithm).
///
/// Placeholders are up to 255 bytes long, so that most of a file is skipped over without being looked at.
struct BytePattern: Sendable {
    /// What is looked for; not empty.
    let bytes: [UInt8]

    /// How far the pattern may move on when its last byte lies over this byte.
    private let shifts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var shifts = [Int](repeating: bytes.count, count: 256)
        for (index, byte) in bytes.dropLast().enumerated() { shifts[Int(byte)] = bytes.count - 1 - index }
        self.shifts = shifts
    }

    /// Bytes of the pattern.
    var count: Int { bytes.count }

    /// Finds the first place of the pattern at or after `start`.
    func firstIndex(in text: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
        guard let base = text.baseAddress, let last = bytes.last else { return nil }
        return bytes.withUnsafeBufferPointer { pattern in
            shifts.withUnsafeBufferPointer { shifts in
                guard let needle = pattern.baseAddress else { return nil }
                var position = start
                while position <= text.count - pattern.count {
                    let end = text[position + pattern.count - 1]
                    if end == last, memcmp(base + position, needle, pattern.count) == 0 { return position }
                    position += shifts[Int(end)]
                }
                return nil
            }
        }
    }

    /// Replaces every occurrence; nil when there is none.
    func replaced(with replacement: [UInt8], in text: [UInt8]) -> [UInt8]? {
        text.withUnsafeBytes { source -> [UInt8]? in
            guard var found = firstIndex(in: source) else { return nil }
            var result: [UInt8] = []
            result.reserveCapacity(text.count)
            var copied = 0
            while true {
                result.append(contentsOf: source[copied..<found])
                result.append(contentsOf: replacement)
                copied = found + count
                guard let next = firstIndex(in: source, from: copied) else { break }
                found = next
            }
            result.append(contentsOf: source[copied...])
            return result
        }
    }
}
