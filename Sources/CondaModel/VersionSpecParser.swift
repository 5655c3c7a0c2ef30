/// Reads a version expression by recursive descent: alternatives of conjunctions of clauses or groups.
struct VersionSpecParser {
    private let bytes: UnsafeBufferPointer<UInt8>

    /// The deepest nesting of parentheses that is read.
    private static let depthLimit = 64

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The expression in `range`.
    func parse(_ range: Range<Int>) throws(TextProblem) -> VersionSpec.Node {
        var cursor = range.lowerBound
        let node = try alternatives(&cursor, in: range, depth: 0)
        guard cursor == range.upperBound else {
            throw problem(at: cursor, in: range, expected: "',', '|' or the end of the expression")
        }
        return node
    }

    private func alternatives(
        _ cursor: inout Int, in range: Range<Int>, depth: Int
    ) throws(TextProblem) -> VersionSpec.Node {
        var nodes: [VersionSpec.Node] = []
        repeat {
            let node = try conjunction(&cursor, in: range, depth: depth)
            if case .any(let inner) = node { nodes += inner } else { nodes.append(node) }
        } while take("|", &cursor, in: range)
        return nodes.count == 1 ? nodes[0] : .any(nodes)
    }

    private func conjunction(
        _ cursor: inout Int, in range: Range<Int>, depth: Int
    ) throws(TextProblem) -> VersionSpec.Node {
        var nodes: [VersionSpec.Node] = []
        repeat {
            let node = try operand(&cursor, in: range, depth: depth)
            if case .all(let inner) = node { nodes += inner } else { nodes.append(node) }
        } while take(",", &cursor, in: range)
        return nodes.count == 1 ? nodes[0] : .all(nodes)
    }

    private func operand(
        _ cursor: inout Int, in range: Range<Int>, depth: Int
    ) throws(TextProblem) -> VersionSpec.Node {
        guard take("(", &cursor, in: range) else {
            let clause = clauseRange(from: cursor, in: range)
            let node = try VersionClauseParser(bytes).parse(clause)
            cursor = clause.upperBound
            skipBlanks(&cursor, in: range)
            return .clause(node)
        }
        guard depth < Self.depthLimit else {
            throw problem(at: cursor - 1, in: range, expected: "at most \(Self.depthLimit) nested parentheses")
        }
        let node = try alternatives(&cursor, in: range, depth: depth + 1)
        guard take(")", &cursor, in: range) else { throw problem(at: cursor, in: range, expected: "')'") }
        skipBlanks(&cursor, in: range)
        return node
    }

    /// The range of the clause that starts at the cursor: up to an operator, or to the `$` of a regular expression.
    private func clauseRange(from start: Int, in range: Range<Int>) -> Range<Int> {
        var first = start
        skipBlanks(&first, in: range)
        if first < range.upperBound, bytes[first] == UInt8(ascii: "^"),
            let end = (first..<range.upperBound).first(where: { bytes[$0] == UInt8(ascii: "$") })
        {
            return first..<end + 1
        }
        let end = (first..<range.upperBound).first { Self.isJoining(bytes[$0]) }
        return bytes.trimmed(first..<(end ?? range.upperBound))
    }

    private static func isJoining(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "|"), UInt8(ascii: ","): true
        default: false
        }
    }

    private func skipBlanks(_ cursor: inout Int, in range: Range<Int>) {
        while cursor < range.upperBound, isBlank(bytes[cursor]) { cursor += 1 }
    }

    private func take(_ character: Unicode.Scalar, _ cursor: inout Int, in range: Range<Int>) -> Bool {
        skipBlanks(&cursor, in: range)
        guard cursor < range.upperBound, bytes[cursor] == UInt8(ascii: character) else { return false }
        cursor += 1
        return true
    }

    private func problem(at offset: Int, in range: Range<Int>, expected: String) -> TextProblem {
        let rest = String(decoding: bytes[min(offset, range.upperBound)..<range.upperBound], as: UTF8.self)
        return TextProblem(at: offset, expected: expected, found: rest.quoted(at: 0))
    }
}
