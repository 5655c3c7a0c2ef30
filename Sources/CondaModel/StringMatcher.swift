/// What a MatchSpec demands of a text field: a text, a glob or a regular expression (CEP 29, string matching).
package enum StringMatcher: Hashable, Sendable, CustomStringConvertible {
    /// The text itself, whatever its case.
    case exact(String)
    /// A text with `*` for any characters.
    case glob(Glob)
    /// A regular expression, `^...$`.
    case pattern(Pattern)

    /// Reads an expression: `^...$` is a regular expression, a text with a `*` a glob.
    ///
    /// - Throws: a problem with its offset in the expression.
    package init(_ text: String) throws(TextProblem) {
        let isOpened = text.utf8.first == UInt8(ascii: "^")
        let isClosed = text.utf8.last == UInt8(ascii: "$")
        if isOpened || isClosed {
            guard isOpened, isClosed, text.utf8.count > 1 else {
                throw TextProblem(
                    at: isOpened ? text.utf8.count : 0, expected: "a regular expression from '^' to '$'",
                    found: isOpened ? "no '$' at its end" : "no '^' at its start")
            }
            self = .pattern(try Pattern(text))
        } else if text.utf8.contains(UInt8(ascii: "*")) {
            self = .glob(Glob(text))
        } else {
            self = .exact(text)
        }
    }

    /// The text when only one can match; nil for globs and regular expressions.
    package var exact: String? {
        if case .exact(let text) = self { text } else { nil }
    }

    /// Whether the matcher is the glob `*`.
    package var matchesAll: Bool { description == "*" }

    /// Whether a field's text fulfils the demand.
    package func matches(_ candidate: String) -> Bool {
        switch self {
        case .exact(let text): text == candidate || isEqualIgnoringCase(text, candidate)
        case .glob(let glob): glob.matches(candidate)
        case .pattern(let pattern): pattern.matches(candidate)
        }
    }

    /// The expression as it was written.
    package var description: String {
        switch self {
        case .exact(let text): text
        case .glob(let glob): glob.text
        case .pattern(let pattern): pattern.text
        }
    }
}

/// Whether two texts differ in the case of ASCII letters at most.
private func isEqualIgnoringCase(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).allSatisfy { lowercased($0) == lowercased($1) }
}
