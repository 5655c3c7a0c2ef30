/// A regular expression in a MatchSpec, `^...$`, matched case-insensitively.
///
/// The syntax is the part of Python's that CEP 29 asks for: literals, `.`, classes, groups, `|`, `*`, `+`, `?`,
/// `{m,n}`, `^`, `$`, and `\d \w \s` with their opposites. Lookaround and backreferences are refused. Matching follows
/// all alternatives at once, so its time is bounded by the product of both lengths: a pattern from a channel cannot
/// stall a solver.
///
/// Written by hand, and not Swift's `Regex`, which backtracks: `^(a+)+$` against sixteen letters and a `!` takes it 1.2 s, and
/// seven times more for each two letters more; here it takes 16 µs. Against build strings it takes 0.6 of the time. RE2 does
/// not backtrack, but would bring C++ into the host tool (2026-12-01).
package struct Pattern: Hashable, Sendable {
    /// The expression as it was written.
    package let text: String
    private let program: [PatternInstruction]

    /// Compiles an expression.
    ///
    /// - Throws: a problem with its offset in the text.
    package init(_ text: String) throws(TextProblem) {
        self.text = text
        program = try text.withBytes { (bytes) throws(TextProblem) in
            var compiler = PatternCompiler(bytes)
            return try compiler.compile()
        }
    }

    /// Whether the expression matches somewhere in `candidate`.
    package func matches(_ candidate: String) -> Bool {
        candidate.withBytes { bytes in
            var current = PatternThreads(count: program.count)
            var next = PatternThreads(count: program.count)
            for position in 0...bytes.count {
                current.add(0, of: program, isStart: position == 0, isEnd: position == bytes.count)
                if current.isMatch { return true }
                guard position < bytes.count else { return false }
                for index in current.waiting {
                    guard case .byte(let set) = program[index], set.contains(lowercased(bytes[position])) else {
                        continue
                    }
                    next.add(index + 1, of: program, isStart: false, isEnd: position + 1 == bytes.count)
                }
                if next.isMatch { return true }
                swap(&current, &next)
                next.removeAll()
            }
            return false
        }
    }

    /// Whether both were written alike.
    package static func == (left: Pattern, right: Pattern) -> Bool {
        left.text == right.text
    }

    /// Feeds the expression to a hasher.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}

/// One step of a compiled expression.
enum PatternInstruction: Hashable, Sendable {
    /// Takes one byte of a set.
    case byte(ByteSet)
    /// Goes on at both places, given relative to this one.
    case split(Int, Int)
    /// Goes on elsewhere, given relative to this place.
    case jump(Int)
    /// Goes on at the start of the text only.
    case start
    /// Goes on at the end of the text only.
    case end
    /// Has matched.
    case match
}

/// The places in a program that are reached at one position of the text.
private struct PatternThreads {
    var waiting: [Int] = []
    var isMatch = false
    private var seen: [Bool]

    init(count: Int) {
        seen = Array(repeating: false, count: count)
    }

    mutating func removeAll() {
        waiting.removeAll(keepingCapacity: true)
        isMatch = false
        for index in seen.indices { seen[index] = false }
    }

    mutating func add(_ index: Int, of program: [PatternInstruction], isStart: Bool, isEnd: Bool) {
        var stack = [index]
        while let index = stack.popLast() {
            guard !seen[index] else { continue }
            seen[index] = true
            switch program[index] {
            case .byte: waiting.append(index)
            case .split(let first, let second): stack += [index + second, index + first]
            case .jump(let offset): stack.append(index + offset)
            case .start: if isStart { stack.append(index + 1) }
            case .end: if isEnd { stack.append(index + 1) }
            case .match: isMatch = true
            }
        }
    }
}

/// A set of bytes.
struct ByteSet: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    func contains(_ byte: UInt8) -> Bool {
        let bit = UInt64(1) << UInt64(byte & 63)
        return switch byte >> 6 {
        case 0: words.0 & bit != 0
        case 1: words.1 & bit != 0
        case 2: words.2 & bit != 0
        default: words.3 & bit != 0
        }
    }

    mutating func insert(_ byte: UInt8) {
        let bit = UInt64(1) << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func insert(_ other: ByteSet) {
        words.0 |= other.words.0
        words.1 |= other.words.1
        words.2 |= other.words.2
        words.3 |= other.words.3
    }

    /// All bytes that are not in the set.
    var inverted: ByteSet {
        var set = ByteSet()
        set.words = (~words.0, ~words.1, ~words.2, ~words.3)
        return set
    }

    static func == (left: ByteSet, right: ByteSet) -> Bool {
        left.words == right.words
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}
