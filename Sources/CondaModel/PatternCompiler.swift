/// Compiles a regular expression into the program of a ``Pattern``.
struct PatternCompiler {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0

    /// The longest program; repetition counts multiply, so a short expression can ask for a huge one.
    private static let lengthLimit = 4096
    private static let depthLimit = 64

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The program of the whole expression.
    mutating func compile() throws(TextProblem) -> [PatternInstruction] {
        let program = try alternatives()
        guard index == bytes.count else { throw problem("no ')' without '('") }
        return program + [.match]
    }
}

extension PatternCompiler {
    private typealias Program = [PatternInstruction]

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func alternatives() throws(TextProblem) -> Program {
        var program = try sequence()
        while take("|") {
            let other = try sequence()
            program = [.split(1, program.count + 2)] + program + [.jump(other.count + 1)] + other
        }
        return program
    }

    private mutating func sequence() throws(TextProblem) -> Program {
        var program: Program = []
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            program += try repetition()
            guard program.count <= Self.lengthLimit else { throw problem("a shorter regular expression") }
        }
        return program
    }

    private mutating func repetition() throws(TextProblem) -> Program {
        var program = try atom()
        let start = index
        while let (least, most) = try count() {
            if program == [.start] || program == [.end] {
                index = start
                throw problem("something to repeat")
            }
            guard program.count * max(least, most ?? 1) <= Self.lengthLimit else {
                throw problem("a shorter regular expression")
            }
            program = Self.repeated(program, least: least, most: most)
            // A lazy repetition matches the same texts.
            _ = take("?")
        }
        return program
    }

    private static func repeated(_ program: Program, least: Int, most: Int?) -> Program {
        var result = Program()
        for _ in 0..<least { result += program }
        guard let most else { return result + [.split(1, program.count + 2)] + program + [.jump(-program.count - 1)] }
        for _ in least..<max(least, most) { result += [.split(1, program.count + 1)] + program }
        return result
    }

    /// Reads `*`, `+`, `?` or `{m,n}`; nil when none of them follows.
    private mutating func count() throws(TextProblem) -> (least: Int, most: Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard next == UInt8(ascii: "{") else { return nil }
        index += 1
        let least = number()
        let most = take(",") ? number() : least
        let isOpen = most == nil && index > 0 && bytes[index - 1] == UInt8(ascii: ",")
        guard take("}"), least != nil || most != nil, (most ?? .max) >= (least ?? 0) else {
            throw problem("a count such as {2} or {1,3}")
        }
        return (least ?? 0, isOpen ? nil : most)
    }

    private mutating func number() -> Int? {
        let start = index
        var value = 0
        while let byte = next, isDigit(byte), index - start < 5 {
            value = value * 10 + Int(byte - UInt8(ascii: "0"))
            index += 1
        }
        return start == index ? nil : value
    }

    private func problem(_ expected: String) -> TextProblem {
        let found = String(decoding: bytes[min(index, bytes.count)...], as: UTF8.self).quoted(at: 0)
        return TextProblem(at: index, expected: "a regular expression with \(expected)", found: found)
    }
}

extension PatternCompiler {
    private mutating func atom() throws(TextProblem) -> Program {
        guard let byte = next else { throw problem("something to match") }
        switch byte {
        case UInt8(ascii: "("): return try group()
        case UInt8(ascii: "["): return [.byte(try characterClass())]
        case UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "?"), UInt8(ascii: "{"):
            throw problem("something to repeat")
        default: break
        }
        index += 1
        switch byte {
        case UInt8(ascii: "."): return [.byte(ByteSet().inverted)]
        case UInt8(ascii: "^"): return [.start]
        case UInt8(ascii: "$"): return [.end]
        case UInt8(ascii: "\\"): return [.byte(try escape())]
        default: return [.byte(Self.set(byte))]
        }
    }

    private mutating func group() throws(TextProblem) -> Program {
        index += 1
        depth += 1
        guard depth <= Self.depthLimit else { throw problem("fewer nested groups") }
        if take("?"), !take(":") { throw problem("plain groups: lookaround and flags are not supported") }
        let program = try alternatives()
        guard take(")") else { throw problem("a ')' for every '('") }
        depth -= 1
        return program
    }

    private mutating func escape() throws(TextProblem) -> ByteSet {
        guard let byte = next else { throw problem("a character after '\\'") }
        index += 1
        switch byte {
        case UInt8(ascii: "d"): return Self.digits
        case UInt8(ascii: "D"): return Self.digits.inverted
        case UInt8(ascii: "w"): return Self.wordCharacters
        case UInt8(ascii: "W"): return Self.wordCharacters.inverted
        case UInt8(ascii: "s"): return Self.blanks
        case UInt8(ascii: "S"): return Self.blanks.inverted
        case _ where isLetter(byte) || isDigit(byte):
            index -= 1
            throw problem("known escapes: backreferences and named classes are not supported")
        default: return Self.set(byte)
        }
    }

    private mutating func characterClass() throws(TextProblem) -> ByteSet {
        index += 1
        let isInverted = take("^")
        var set = ByteSet()
        var isFirst = true
        while isFirst || next != UInt8(ascii: "]") {
            isFirst = false
            guard let byte = next else { throw problem("a ']' for every '['") }
            index += 1
            if byte == UInt8(ascii: "\\") {
                set.insert(try escape())
            } else if index + 1 < bytes.count, next == UInt8(ascii: "-"), bytes[index + 1] != UInt8(ascii: "]") {
                let last = bytes[index + 1]
                guard last >= byte else { throw problem("a range that ascends") }
                index += 2
                for member in byte...last { set.insert(lowercased(member)) }
            } else {
                set.insert(lowercased(byte))
            }
        }
        index += 1
        return isInverted ? set.inverted : set
    }

    private static func set(_ byte: UInt8) -> ByteSet {
        set { $0 == lowercased(byte) }
    }

    private static func set(where belongs: (UInt8) -> Bool) -> ByteSet {
        var set = ByteSet()
        for byte in UInt8.min...UInt8.max where belongs(byte) { set.insert(byte) }
        return set
    }

    private static let digits = set(where: isDigit)
    private static let wordCharacters = set { isDigit($0) || isLetter($0) || $0 == UInt8(ascii: "_") || $0 >= 0x80 }
    private static let blanks = set(where: isBlank)
}
