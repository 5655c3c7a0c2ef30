/// Reads the `[key=value, ...]` of a MatchSpec; its values override those before the brackets.
struct MatchSpecBrackets {
    private let bytes: UnsafeBufferPointer<UInt8>

    /// The keys, in the order in which CEP 29's implementations print them.
    static let keys = [
        "channel", "subdir", "name", "version", "build", "build_number", "track_features", "features", "url", "md5",
        "sha256", "license", "license_family", "fn",
    ]

    /// Keys of later CEPs, with what they ask for.
    private static let unsupported = [
        "when": "conditional dependencies (CEP 43)",
        "extras": "optional dependency groups (CEP 44)",
        "flags": "variant flags (CEP 45)",
    ]

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Reads the brackets at the start of `range` into a spec.
    ///
    /// - Returns: the offset after the closing bracket.
    func parse(_ range: Range<Int>, into spec: inout MatchSpec) throws(TextProblem) -> Int {
        var cursor = range.lowerBound + 1
        var seen: Set<String> = []
        while true {
            skipSeparators(&cursor, in: range)
            guard cursor < range.upperBound else { throw problem(at: range.upperBound, "']'") }
            if bytes[cursor] == UInt8(ascii: "]") { break }
            let start = cursor
            let key = try readKey(&cursor, in: range)
            guard seen.insert(key).inserted else {
                throw TextProblem(at: start, expected: "each key once", found: "'\(key)' again")
            }
            let value = try readValue(&cursor, of: key, in: range)
            try apply(key, value, to: &spec)
        }
        guard !seen.isEmpty else { throw problem(at: cursor, "a key such as version=... between '[' and ']'") }
        return cursor + 1
    }

    private func skipSeparators(_ cursor: inout Int, in range: Range<Int>) {
        while cursor < range.upperBound, isBlank(bytes[cursor]) || bytes[cursor] == UInt8(ascii: ",") { cursor += 1 }
    }

    private func readKey(_ cursor: inout Int, in range: Range<Int>) throws(TextProblem) -> String {
        let start = cursor
        while cursor < range.upperBound, isLetter(bytes[cursor]) || isDigit(bytes[cursor]) || isSeparator(bytes[cursor])
        {
            cursor += 1
        }
        let key = String(decoding: bytes[start..<cursor], as: UTF8.self)
        if let feature = Self.unsupported[key] {
            throw TextProblem(
                at: start, expected: "a condition that is supported", found: "'\(key)'",
                hint: "\(feature) are not supported: leave '\(key)' out")
        }
        guard Self.keys.contains(key) else {
            guard start != cursor else {
                throw TextProblem(
                    at: start, expected: "a key", found: quoted(at: start),
                    hint: "quote values that contain commas or blanks: [version='>=1.8,<2']")
            }
            let near = nearest(to: key, in: Self.keys).map { "did you mean '\($0)'? " } ?? ""
            throw TextProblem(
                at: start, expected: "a field that can be matched", found: "'\(key)'",
                hint: near + "The fields are \(Self.keys.joined(separator: ", "))")
        }
        while cursor < range.upperBound, isBlank(bytes[cursor]) { cursor += 1 }
        guard cursor < range.upperBound, bytes[cursor] == UInt8(ascii: "=") else {
            throw TextProblem(
                at: cursor, expected: "'=' after '\(key)'", found: quoted(at: cursor),
                hint: "write [\(key)='...'], the operator between the quotes")
        }
        cursor += 1
        while cursor < range.upperBound, isBlank(bytes[cursor]) { cursor += 1 }
        return key
    }
}

extension MatchSpecBrackets {
    /// A value, and the offset of its first character.
    private struct Value {
        var text: String
        var offset: Int
    }

    private func readValue(
        _ cursor: inout Int, of key: String, in range: Range<Int>
    ) throws(TextProblem) -> Value {
        guard cursor < range.upperBound else { throw problem(at: cursor, "a value for '\(key)'") }
        let quote = bytes[cursor]
        let value: Value
        if quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") {
            value = try readQuoted(&cursor, quote: quote, in: range)
        } else {
            let start = cursor
            while cursor < range.upperBound, !isBlank(bytes[cursor]), !"],".utf8.contains(bytes[cursor]) { cursor += 1 }
            value = Value(text: String(decoding: bytes[start..<cursor], as: UTF8.self), offset: start)
        }
        // Features may be none; everything else needs a value.
        guard !value.text.isEmpty || key.hasSuffix("features") && value.offset < cursor else {
            throw problem(at: cursor, "a value for '\(key)'")
        }
        if cursor < range.upperBound, !isBlank(bytes[cursor]), !"],".utf8.contains(bytes[cursor]) {
            throw problem(at: cursor, "',' or ']' after the value of '\(key)'")
        }
        return value
    }

    /// Reads a quoted value: a backslash escapes a quote and a backslash, and stands for itself before all others, as
    /// in Python.
    private func readQuoted(
        _ cursor: inout Int, quote: UInt8, in range: Range<Int>
    ) throws(TextProblem) -> Value {
        let start = cursor + 1
        var text: [UInt8] = []
        cursor = start
        while cursor < range.upperBound, bytes[cursor] != quote {
            if bytes[cursor] == UInt8(ascii: "\\"), cursor + 1 < range.upperBound,
                "'\"\\".utf8.contains(bytes[cursor + 1])
            {
                cursor += 1
            }
            text.append(bytes[cursor])
            cursor += 1
        }
        guard cursor < range.upperBound else {
            throw problem(at: range.upperBound, "a closing \(quote == UInt8(ascii: "'") ? "'" : "\"")")
        }
        cursor += 1
        return Value(text: String(decoding: text, as: UTF8.self), offset: start)
    }

    private func apply(_ key: String, _ value: Value, to spec: inout MatchSpec) throws(TextProblem) {
        do throws(TextProblem) {
            try MatchSpecField.apply(key, value.text, to: &spec)
        } catch {
            throw error.moved(by: value.offset)
        }
    }

    private func quoted(at offset: Int) -> String {
        String(decoding: bytes[min(offset, bytes.count)...], as: UTF8.self).quoted(at: 0)
    }

    private func problem(at offset: Int, _ expected: String) -> TextProblem {
        TextProblem(at: offset, expected: expected, found: quoted(at: offset))
    }
}
