/// Reads a version literal into its key (CEP 33).
///
/// The parser walks the bytes once. It keeps the number of zero segments that it has seen since the last other one,
/// because they only count when something follows them (see ``VersionKey``).
struct VersionParser {
    private let bytes: UnsafeBufferPointer<UInt8>
    private let range: Range<Int>
    private var key = VersionKey.Builder()
    private var zeros = 0
    private var pending = Pending.nothing
    private var separator: UInt8?
    private var hasLocal = false

    /// What the key still lacks after the last component that was read.
    private enum Pending {
        case nothing
        /// A number must follow: the component was `dev` or `post`.
        case number
        /// The end of the text and a number must follow.
        case textEnd
    }

    /// The longest literal that is read, in bytes.
    ///
    /// CEP 26 ends versions at 64 characters; channels exceed it.
    static let lengthLimit = 255

    /// Prepares to read the bytes in `range`.
    init(_ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>) {
        self.bytes = bytes
        self.range = range
    }

    /// The key of the literal.
    mutating func parse() throws(TextProblem) -> VersionKey {
        try readParts()
        complete()
        key.append(VersionKey.end)
        if !hasLocal { key.append(VersionKey.end) }
        return key.key
    }

    /// The keys between which all versions stand that start with the literal.
    ///
    /// The last component decides: a number must be equal, a text must begin with the given one, as in conda.
    mutating func parsePrefix() throws(TextProblem) -> Range<VersionKey> {
        try readParts()
        var lower = key
        var upper = key
        if zeros > 0 {
            lower.appendLowerRun(zeros - 1)
            upper.appendHigherRun(zeros - 1)
            upper.append(VersionKey.zero + 1)
        } else {
            upper.append(VersionKey.above)
        }
        return lower.key..<upper.key
    }
}

extension VersionParser {
    private mutating func readParts() throws(TextProblem) {
        guard !range.isEmpty else { throw problem(at: range.lowerBound, expected: "a version") }
        guard range.count <= Self.lengthLimit else {
            throw TextProblem(
                at: range.lowerBound, expected: "a version of at most \(Self.lengthLimit) characters",
                found: "\(range.count) characters")
        }
        var start = range.lowerBound
        if let mark = range.first(where: { bytes[$0] == UInt8(ascii: "!") }) {
            try readEpoch(start..<mark)
            start = mark + 1
        } else {
            zeros = 1
        }
        let plus = (start..<range.upperBound).first { bytes[$0] == UInt8(ascii: "+") }
        try readMain(start..<(plus ?? range.upperBound))
        guard let plus else { return }
        complete()
        key.append(VersionKey.end)
        zeros = 0
        hasLocal = true
        try readSegments(plus + 1..<range.upperBound)
    }

    private mutating func readEpoch(_ epoch: Range<Int>) throws(TextProblem) {
        guard !epoch.isEmpty else { throw problem(at: epoch.lowerBound, expected: "an epoch before '!'") }
        if let other = epoch.first(where: { !isDigit(bytes[$0]) }) {
            throw problem(at: other, expected: "an epoch of digits only")
        }
        try readSegment(epoch, trailing: nil)
    }

    /// Reads the main version; one underscore at its end belongs to the last component (`1.0.1_` < `1.0.1a`).
    private mutating func readMain(_ main: Range<Int>) throws(TextProblem) {
        guard main.count > 1, isSeparator(bytes[main.upperBound - 1]), bytes[main.upperBound - 1] != UInt8(ascii: ".")
        else { return try readSegments(main) }
        try noteSeparator(at: main.upperBound - 1)
        try readSegments(main.lowerBound..<main.upperBound - 1, trailing: main.upperBound - 1)
    }

    private mutating func readSegments(_ part: Range<Int>, trailing: Int? = nil) throws(TextProblem) {
        var start = part.lowerBound
        for index in part where isSeparator(bytes[index]) {
            try noteSeparator(at: index)
            try readSegment(start..<index, trailing: nil)
            start = index + 1
        }
        try readSegment(start..<part.upperBound, trailing: trailing)
    }

    private mutating func readSegment(_ segment: Range<Int>, trailing: Int?) throws(TextProblem) {
        // `1.0__` and `1.0._`, which CEP 33 discourages, are `1.0` with a segment `_` in conda and in rattler.
        guard !segment.isEmpty || trailing != nil else {
            throw problem(at: segment.lowerBound, expected: "a digit or a letter")
        }
        complete()
        var index = segment.lowerBound
        let number = readNumber(&index, in: segment)
        if index == segment.upperBound, trailing == nil {
            guard !number.isEmpty else {
                zeros += 1
                return
            }
            openSegment(number)
            return
        }
        try readFirstText(&index, after: number, in: segment, trailing: trailing)
        while index < segment.upperBound {
            complete(with: readNumber(&index, in: segment))
            guard index < segment.upperBound || trailing != nil else { return }
            guard let text = try readText(&index, in: segment, trailing: trailing) else { return }
            append(text, marked: true)
        }
    }

    /// Reads the text that follows a segment's first number, which decides how the segment is opened.
    private mutating func readFirstText(
        _ index: inout Int, after number: Slice<UnsafeBufferPointer<UInt8>>, in segment: Range<Int>, trailing: Int?
    ) throws(TextProblem) {
        guard let text = try readText(&index, in: segment, trailing: trailing) else { return openSegment(number) }
        if number.isEmpty, text != .post {
            key.appendLowerRun(zeros)
            zeros = 0
            append(text, marked: false)
        } else {
            openSegment(number)
            append(text, marked: true)
        }
    }

    private mutating func openSegment(_ number: Slice<UnsafeBufferPointer<UInt8>>) {
        key.appendHigherRun(zeros)
        zeros = 0
        key.appendNumber(number)
    }
}

extension VersionParser {
    /// A component that is not a number.
    private enum Text: Equatable {
        case dev
        case post
        case other(Range<Int>, underscore: Bool)
    }

    /// Reads digits, and drops leading zeros.
    private func readNumber(_ index: inout Int, in segment: Range<Int>) -> Slice<UnsafeBufferPointer<UInt8>> {
        while index < segment.upperBound, bytes[index] == UInt8(ascii: "0") { index += 1 }
        let start = index
        while index < segment.upperBound, isDigit(bytes[index]) { index += 1 }
        return bytes[start..<index]
    }

    private func readText(
        _ index: inout Int, in segment: Range<Int>, trailing: Int?
    ) throws(TextProblem) -> Text? {
        let start = index
        while index < segment.upperBound, !isDigit(bytes[index]) {
            guard isLetter(bytes[index]) else {
                throw problem(at: index, expected: "a digit, a letter, '.', '_', '-', '+' or '!'")
            }
            index += 1
        }
        let rest = index == segment.upperBound ? trailing : nil
        if start == index, rest == nil { return nil }
        if rest == nil, equals(start..<index, "dev") { return .dev }
        if rest == nil, equals(start..<index, "post") { return .post }
        return .other(start..<index, underscore: rest != nil)
    }

    /// Writes a text; `marked` tells whether a number stands before it in the key.
    private mutating func append(_ text: Text, marked: Bool) {
        pending = .number
        switch text {
        case .post:
            key.append(VersionKey.post)
        case .dev:
            if marked { key.append(VersionKey.text) }
            key.append(VersionKey.dev)
            key.append(VersionKey.textEnd)
        case .other(let range, let underscore):
            if marked { key.append(VersionKey.text) }
            for index in range { key.append(lowercased(bytes[index])) }
            if underscore { key.append(UInt8(ascii: "_")) }
            pending = .textEnd
        }
    }

    /// Writes what the last text still lacks, with `number` after it.
    private mutating func complete(with number: Slice<UnsafeBufferPointer<UInt8>>? = nil) {
        if case .nothing = pending { return }
        if case .textEnd = pending { key.append(VersionKey.textEnd) }
        pending = .nothing
        if let number { key.appendNumber(number) } else { key.append(VersionKey.zero) }
    }

    /// Refuses a version that uses both `-` and `_`; conda reads dashes as underscores only where there are none.
    private mutating func noteSeparator(at index: Int) throws(TextProblem) {
        let byte = bytes[index]
        guard byte != UInt8(ascii: ".") else { return }
        guard separator == nil || separator == byte else {
            throw problem(at: index, expected: "either '-' or '_' throughout the version, not both")
        }
        separator = byte
    }

    private func problem(at offset: Int, expected: String) -> TextProblem {
        guard offset < range.upperBound else { return TextProblem(at: offset, expected: expected, found: "the end") }
        let text = String(decoding: bytes[offset...], as: UTF8.self)
        let hint = "a version has no blanks; a build string after it is made of letters, digits, '_', '.' and '+'"
        return TextProblem(
            at: offset, expected: expected, found: text.quoted(at: 0), hint: isBlank(bytes[offset]) ? hint : nil)
    }

    /// Whether some bytes spell a lower-case word, whatever their case.
    private func equals(_ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        return range.allSatisfy { lowercased(bytes[$0]) == word.utf8Start[$0 - range.lowerBound] }
    }
}
