/// The position of a version in conda's order, as bytes that compare lexicographically.
///
/// CEP 33 compares versions segment by segment and component by component, with zeros for what is missing on either
/// side. A key spells the components out so that comparing bytes gives the same answer, and equal versions (`1.1` and
/// `1.1.0`) have equal keys. The first 16 bytes lie in two integers: practically every version fits in them, so a
/// comparison costs two integer comparisons and a key owns no memory.
///
/// A version is a list of segments `number (text number)*`, the numbers being 0 where nothing is written. What follows
/// a number is, in ascending order: ``text``, then one of the codes that open the next segment, then ``post``. A run
/// of zero segments is counted rather than written, because whether it makes a version smaller or larger than one that
/// ends there depends on what follows the run: ``lower`` for a segment that starts `0 text`, ``end`` for no further
/// segment, ``higher`` for anything else. Main version and local part are written one after the other.
///
/// The code is prefix-free, so padding with zero bytes never decides a comparison between two versions.
package struct VersionKey: Hashable, Sendable, Comparable {
    fileprivate var high: UInt64 = 0
    fileprivate var low: UInt64 = 0
    fileprivate var tail: [UInt8] = []

    /// Collects the bytes of a key.
    struct Builder {
        /// The key that has been collected.
        fileprivate(set) var key = VersionKey()
        fileprivate var count = 0
    }

    /// Whether the left key stands before the right one.
    package static func < (left: VersionKey, right: VersionKey) -> Bool {
        if left.high != right.high { return left.high < right.high }
        if left.low != right.low { return left.low < right.low }
        return left.tail.lexicographicallyPrecedes(right.tail)
    }

    /// Whether both keys mark the same position.
    package static func == (left: VersionKey, right: VersionKey) -> Bool {
        left.high == right.high && left.low == right.low && left.tail == right.tail
    }

    /// Feeds the position to a hasher.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(high)
        hasher.combine(low)
        if !tail.isEmpty { hasher.combine(tail) }
    }
}

// The codes. Their order is the order of versions; see the type's comment.
extension VersionKey {
    /// Ends a text; below every character, so that `a` < `ab`.
    static let textEnd: UInt8 = 0x00
    /// Opens a text after a number.
    static let text: UInt8 = 0x01
    /// The text `dev`, below every other text.
    static let dev: UInt8 = 0x02
    /// A run of no zero segments before a segment that starts `0 text`; longer runs follow, up to ``runLimit``.
    static let lower: UInt8 = 0x02
    /// Ends the main version, and the local part.
    static let end: UInt8 = 0x10
    /// A run of no zero segments before another segment; it is not written, longer runs precede it.
    static let higher: UInt8 = 0x18
    /// The longest run with a code of its own; longer runs are written as several.
    static let runLimit = 7
    /// The number 0; numbers up to ``directLimit`` follow.
    static let zero: UInt8 = 0x18
    /// The largest number written in one byte.
    static let directLimit: UInt64 = 200
    /// One less than the code of a number of one byte; longer numbers follow.
    static let longNumber: UInt8 = 0xE0
    /// A number beyond 64 bits, written as its digits.
    static let hugeNumber: UInt8 = 0xF0
    /// `post`, above every number.
    static let post: UInt8 = 0xFE
    /// Above every code; the end of a range.
    static let above: UInt8 = 0xFF
}

extension VersionKey.Builder {
    /// Appends one code or character.
    mutating func append(_ byte: UInt8) {
        if count < 8 {
            key.high |= UInt64(byte) << UInt64(56 - 8 * count)
        } else if count < 16 {
            key.low |= UInt64(byte) << UInt64(120 - 8 * count)
        } else {
            key.tail.append(byte)
        }
        count += 1
    }

    /// Appends the run of zero segments before a segment that starts `0 text`.
    mutating func appendLowerRun(_ zeros: Int) {
        var rest = zeros
        while rest >= VersionKey.runLimit {
            append(VersionKey.lower + UInt8(VersionKey.runLimit))
            rest -= VersionKey.runLimit
        }
        append(VersionKey.lower + UInt8(rest))
    }

    /// Appends the run of zero segments before a segment that starts with a larger number, or with `0 post`.
    mutating func appendHigherRun(_ zeros: Int) {
        var rest = zeros
        while rest >= VersionKey.runLimit {
            append(VersionKey.higher - UInt8(VersionKey.runLimit))
            rest -= VersionKey.runLimit
        }
        if rest > 0 { append(VersionKey.higher - UInt8(rest)) }
    }

    /// Appends a number given by its decimal digits, without leading zeros; no digits mean 0.
    mutating func appendNumber(_ digits: some Collection<UInt8>) {
        guard digits.count < 20 else {
            // CEP 33 ends numbers at 2^31-1, conda does not, and dates with times go beyond it.
            append(VersionKey.hugeNumber)
            append(UInt8(digits.count))
            for digit in digits { append(digit) }
            return
        }
        let value = digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - UInt8(ascii: "0")) }
        guard value > VersionKey.directLimit else { return append(VersionKey.zero + UInt8(value)) }
        let width = (64 - value.leadingZeroBitCount + 7) / 8
        append(VersionKey.longNumber + UInt8(width))
        for place in (0..<width).reversed() {
            append(UInt8(truncatingIfNeeded: value >> UInt64(8 * place)))
        }
    }
}
