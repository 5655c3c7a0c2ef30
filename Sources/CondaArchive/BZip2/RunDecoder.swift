/// Undoes bzip2's first step: four equal bytes are followed by a count of further ones.
///
/// It stops when the output is full and goes on later, since a block may grow fifty-fold.
struct RunDecoder {
    private static let runStart = 4

    private let input: UnsafePointer<UInt8>
    private let count: Int
    private var position = 0
    /// Where the bytes end that are copied as they are, the first four of a run included.
    private var literalEnd = 0
    private var endsWithRun = false
    private var owed = 0

    init(_ input: UnsafePointer<UInt8>, count: Int) {
        self.input = input
        self.count = count
        findRun()
    }

    /// Writes as much as fits.
    ///
    /// - Returns: bytes written; 0 when the block is done.
    /// - Throws: ``ArchiveFault/corrupt(_:_:)`` when the block ends where a count must stand.
    mutating func decode(into output: UnsafeMutablePointer<UInt8>, capacity: Int) throws(ArchiveFault) -> Int {
        var written = 0
        while written < capacity {
            if owed > 0 {
                let filled = min(owed, capacity - written)
                (output + written).update(repeating: input[literalEnd - 1], count: filled)
                written += filled
                owed -= filled
                if owed == 0 { findRun() }
            } else if position < literalEnd {
                let copied = min(literalEnd - position, capacity - written)
                (output + written).update(from: input + position, count: copied)
                written += copied
                position += copied
            } else if endsWithRun {
                try readLength()
            } else {
                break
            }
        }
        return written
    }

    private mutating func readLength() throws(ArchiveFault) {
        guard position < count else { throw .corrupt(.bzip2, "a block ends where a run's length must stand") }
        owed = Int(input[position])
        position += 1
        if owed == 0 { findRun() }
    }

    /// Looks for the next four equal bytes.
    private mutating func findRun() {
        var index = position
        while index + 9 <= count {
            let here = UnsafeRawPointer(input + index).loadUnaligned(as: UInt64.self).littleEndian
            let next = UnsafeRawPointer(input + index + 1).loadUnaligned(as: UInt64.self).littleEndian
            if Self.hasTripleZero(here ^ next) { break }
            index += 6
        }
        while index + Self.runStart <= count {
            let byte = input[index]
            if byte == input[index + 1], byte == input[index + 2], byte == input[index + 3] {
                literalEnd = index + Self.runStart
                endsWithRun = true
                return
            }
            index += 1
        }
        literalEnd = count
        endsWithRun = false
    }

    /// Whether three zero bytes follow each other, the first of them among the lower six.
    @inline(__always)
    private static func hasTripleZero(_ differences: UInt64) -> Bool {
        let triples = differences | differences >> 8 | differences >> 16 | 0xFFFF_0000_0000_0000
        return (triples &- 0x0101_0101_0101_0101) & ~triples & 0x8080_8080_8080_8080 != 0
    }
}
