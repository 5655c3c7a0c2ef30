/// Reads one clause of a version expression: an optional operator, and a literal that may have stars.
struct VersionClauseParser {
    private let bytes: UnsafeBufferPointer<UInt8>

    private enum Operator: String {
        case equal = "=="
        case notEqual = "!="
        case lessOrEqual = "<="
        case greaterOrEqual = ">="
        case compatible = "~="
        case fuzzy = "="
        case less = "<"
        case greater = ">"
    }

    /// The stars of a literal.
    private enum Stars {
        case none
        /// One star at the end, after a dot or not; the range is what precedes them.
        case trailing(Range<Int>, afterDot: Bool)
        /// Any others.
        case inner
    }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The clause in `range`, which has no surrounding blanks.
    func parse(_ range: Range<Int>) throws(TextProblem) -> VersionClause {
        guard let first = range.first else {
            throw problem(at: range.lowerBound, in: range, "a version or an operator")
        }
        if bytes[first] == UInt8(ascii: "^") { return .text(try matcher(range)) }
        let (relation, length) = try readOperator(range)
        let literal = bytes.trimmed(range.dropFirst(length))
        guard !literal.isEmpty else {
            throw problem(at: range.upperBound, in: range, "a version after '\(relation?.rawValue ?? "")'")
        }
        switch relation {
        case nil, .equal, .fuzzy: return try equality(literal, isFuzzy: relation == .fuzzy)
        case .notEqual: return try exclusion(literal)
        case .compatible: return try compatible(literal)
        case .less: return .less(try bound(literal))
        case .lessOrEqual: return .lessOrEqual(try bound(literal))
        case .greater: return .greater(try bound(literal))
        case .greaterOrEqual where literal.count == 1 && bytes[literal.lowerBound] == UInt8(ascii: "*"): return .any
        case .greaterOrEqual: return .greaterOrEqual(try bound(literal))
        }
    }

    private func readOperator(_ range: Range<Int>) throws(TextProblem) -> (Operator?, Int) {
        let run = range.prefix { Self.isOperator(bytes[$0]) }
        guard !run.isEmpty else { return (nil, 0) }
        let text = string(run)
        guard let relation = Operator(rawValue: text) else {
            throw TextProblem(
                at: run.lowerBound, expected: "one of the operators ==, !=, <, <=, >, >=, = and ~=",
                found: "'\(text)'", hint: text == "=>" ? "write '>='" : text == "=<" ? "write '<='" : nil)
        }
        return (relation, run.count)
    }

    private static func isOperator(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "~"): true
        default: false
        }
    }
}

extension VersionClauseParser {
    /// An equality: `1.2`, `==1.2`, `=1.2`, and the same with stars, which make all three fuzzy (CEP 29).
    ///
    /// conda and rattler ignore the star of `==1.2.*` where the clause is not the first of the expression, and conda
    /// finds no version at all for `=1.2*` in a compound one. Nobody can mean that.
    private func equality(_ literal: Range<Int>, isFuzzy: Bool) throws(TextProblem) -> VersionClause {
        switch stars(literal) {
        case .none: return isFuzzy ? .prefix(try prefix(literal)) : .equal(try version(literal))
        case .trailing(let start, _): return start.isEmpty ? .any : .prefix(try prefix(start))
        case .inner: return .text(try globMatcher(literal))
        }
    }

    /// An exclusion: `!=1.2`, `!=1.2.*` or `!=1.*.2`.
    ///
    /// conda lets every version pass where a star is not preceded by a dot, which
    /// nobody can mean; CEP 29 says how stars negate.
    private func exclusion(_ literal: Range<Int>) throws(TextProblem) -> VersionClause {
        switch stars(literal) {
        case .none: return .notEqual(try version(literal))
        case .trailing(let start, _):
            guard !start.isEmpty else { throw problem(at: literal.lowerBound, in: literal, "a version after '!='") }
            return .notPrefix(try prefix(start))
        case .inner: return .notText(try globMatcher(literal))
        }
    }

    /// A compatible release: `~=1.2.3`.
    private func compatible(_ literal: Range<Int>) throws(TextProblem) -> VersionClause {
        if case .trailing(_, afterDot: true) = stars(literal) {
            throw TextProblem(
                at: literal.upperBound - 1, expected: "a version without '.*' after '~='", found: "'*'",
                hint: "write ~=1.2.3, or >=1.2.3,1.2.* which means the same")
        }
        let least = try bound(literal)
        guard let last = literal.dropLast().last(where: { isSeparator(bytes[$0]) }), last > literal.lowerBound else {
            throw TextProblem(
                at: literal.upperBound, expected: "a version of at least two segments after '~='",
                found: "'\(least.text)'", hint: "write ~=\(least.text).0, or >=\(least.text)")
        }
        return .compatible(least, try prefix(literal.lowerBound..<last))
    }

    /// The literal of an ordered comparison.
    ///
    /// conda ignores `.*` at its end. It reads any other star as a text that stands before all texts, so that
    /// `>=1.2*` lets the pre-releases of 1.2 pass; that is the start of the range of versions with that prefix.
    private func bound(_ literal: Range<Int>) throws(TextProblem) -> VersionBound {
        let text = string(literal)
        switch stars(literal) {
        case .none: return VersionBound(text: text, key: try version(literal).key)
        case .trailing(let start, afterDot: true): return VersionBound(text: string(start), key: try version(start).key)
        case .trailing, .inner:
            try checkGlob(literal)
            let start = literal.prefix { bytes[$0] != UInt8(ascii: "*") }
            guard let last = start.last else {
                throw problem(at: literal.lowerBound, in: literal, "a version in an ordered comparison")
            }
            guard isSeparator(bytes[last]) else {
                return VersionBound(text: text, key: try prefix(start).range.lowerBound)
            }
            return VersionBound(text: text, key: try Self.prefix(of: string(start) + "0", at: start.lowerBound))
        }
    }

    private func stars(_ literal: Range<Int>) -> Stars {
        guard let first = literal.first(where: { bytes[$0] == UInt8(ascii: "*") }) else { return .none }
        guard first == literal.upperBound - 1 else { return .inner }
        let afterDot = first > literal.lowerBound && bytes[first - 1] == UInt8(ascii: ".")
        return .trailing(literal.lowerBound..<(afterDot ? first - 1 : first), afterDot: afterDot)
    }
}

extension VersionClauseParser {
    private func version(_ range: Range<Int>) throws(TextProblem) -> Version {
        var parser = VersionParser(bytes, range: range)
        return Version(text: string(range), key: try parser.parse())
    }

    private func prefix(_ range: Range<Int>) throws(TextProblem) -> VersionPrefix {
        var parser = VersionParser(bytes, range: range)
        return VersionPrefix(text: string(range), range: try parser.parsePrefix())
    }

    private static func prefix(of text: String, at offset: Int) throws(TextProblem) -> VersionKey {
        do throws(TextProblem) {
            return try text.withBytes { (bytes) throws(TextProblem) in
                var parser = VersionParser(bytes, range: 0..<bytes.count)
                return try parser.parsePrefix().lowerBound
            }
        } catch {
            throw error.moved(by: offset)
        }
    }

    private func matcher(_ range: Range<Int>) throws(TextProblem) -> StringMatcher {
        do throws(TextProblem) {
            return try StringMatcher(string(range))
        } catch {
            throw error.moved(by: range.lowerBound)
        }
    }

    private func globMatcher(_ range: Range<Int>) throws(TextProblem) -> StringMatcher {
        try checkGlob(range)
        return .glob(Glob(string(range)))
    }

    /// Refuses a literal with stars that has other characters than versions have.
    private func checkGlob(_ range: Range<Int>) throws(TextProblem) {
        for index in range {
            let byte = bytes[index]
            guard
                isDigit(byte) || isLetter(byte) || isSeparator(byte) || byte == UInt8(ascii: "*")
                    || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "!")
            else { throw problem(at: index, in: range, "a version with stars") }
        }
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    private func problem(at offset: Int, in range: Range<Int>, _ expected: String) -> TextProblem {
        let rest = String(decoding: bytes[min(offset, range.upperBound)..<range.upperBound], as: UTF8.self)
        return TextProblem(at: offset, expected: expected, found: rest.quoted(at: 0))
    }
}
