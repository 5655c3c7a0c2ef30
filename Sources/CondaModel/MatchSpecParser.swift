/// Reads a MatchSpec: `(channel(/subdir):(namespace):)name(version(build))([key=value,...])`, or the URL or path of an
/// archive.
struct MatchSpecParser {
    let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The spec.
    func parse() throws(TextProblem) -> MatchSpec {
        let whole = bytes.trimmed(0..<bytes.count)
        guard !whole.isEmpty else { throw problem(at: 0, "a package name") }
        if let spec = try archive(whole) { return spec }
        let parts = split(whole)
        try refuseConditions(in: parts.positional)
        var spec = try positional(bytes.trimmed(parts.positional))
        if let start = parts.brackets {
            let end = try MatchSpecBrackets(bytes).parse(start..<whole.upperBound, into: &spec)
            let rest = bytes.trimmed(end..<whole.upperBound)
            if let other = rest.first, bytes[other] != UInt8(ascii: "#") {
                throw TextProblem(
                    at: other, expected: "the end after ']'", found: quoted(at: other),
                    hint: bytes[other] == UInt8(ascii: "[")
                        ? "put all conditions into one pair of brackets" : "write name, version and build before '['")
            }
        }
        return spec
    }

    /// The part before the brackets, a comment cut off, and where the brackets start.
    private func split(_ whole: Range<Int>) -> (positional: Range<Int>, brackets: Int?) {
        var index = whole.lowerBound
        while index < whole.upperBound {
            switch bytes[index] {
            case UInt8(ascii: "["): return (whole.lowerBound..<index, index)
            case UInt8(ascii: "#"): return (whole.lowerBound..<index, nil)
            case UInt8(ascii: "^"): index = endOfPattern(from: index, in: whole)
            default: break
            }
            index += 1
        }
        return (whole, nil)
    }

    /// The `$` that ends the regular expression at `start`; `start` itself when there is none.
    func endOfPattern(from start: Int, in range: Range<Int>) -> Int {
        (start..<range.upperBound).first { bytes[$0] == UInt8(ascii: "$") } ?? start
    }

    private func refuseConditions(in range: Range<Int>) throws(TextProblem) {
        let text = string(range)
        guard let place = text.firstRange(of: " if ") ?? text.firstRange(of: ";") else { return }
        throw TextProblem(
            at: range.lowerBound + text.utf8.distance(from: text.startIndex, to: place.lowerBound),
            expected: "an unconditional specification", found: "a condition",
            hint: "conditional dependencies (CEP 43) are not supported: list the package without the condition")
    }

    private func positional(_ range: Range<Int>) throws(TextProblem) -> MatchSpec {
        let (prefix, body) = try splitPrefix(range)
        var spec = try nameVersionBuild(body)
        if let prefix { try MatchSpecChannel(bytes).parse(prefix, into: &spec) }
        return spec
    }

    /// Separates `channel:namespace:` from the rest at the last two colons, as conda does; a namespace is ignored.
    private func splitPrefix(_ range: Range<Int>) throws(TextProblem) -> (channel: Range<Int>?, body: Range<Int>) {
        var colons: [Int] = []
        var index = range.lowerBound
        while index < range.upperBound {
            if bytes[index] == UInt8(ascii: "^") { index = endOfPattern(from: index, in: range) }
            if bytes[index] == UInt8(ascii: ":") { colons.append(index) }
            index += 1
        }
        guard let last = colons.last else { return (nil, range) }
        let body = bytes.trimmed(last + 1..<range.upperBound)
        guard let before = colons.dropLast().last else {
            try checkNamespace(range.lowerBound..<last)
            return (nil, body)
        }
        try checkNamespace(before + 1..<last)
        return (bytes.trimmed(range.lowerBound..<before), body)
    }

    private func checkNamespace(_ range: Range<Int>) throws(TextProblem) {
        for index in range where !isLetter(bytes[index]) && !isDigit(bytes[index]) && !isSeparator(bytes[index]) {
            throw TextProblem(
                at: index, expected: "a namespace of letters and digits between ':' and ':'",
                found: quoted(at: index), hint: "a channel is separated from the name with '::'")
        }
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }

    func quoted(at offset: Int) -> String {
        String(decoding: bytes[min(offset, bytes.count)...], as: UTF8.self).quoted(at: 0)
    }

    func problem(at offset: Int, _ expected: String) -> TextProblem {
        TextProblem(at: offset, expected: expected, found: quoted(at: offset))
    }
}

extension MatchSpecParser {
    private func nameVersionBuild(_ range: Range<Int>) throws(TextProblem) -> MatchSpec {
        let nameEnd = endOfName(range)
        let name = range.lowerBound..<nameEnd
        var spec = MatchSpec(nameMatcher: try MatchSpecName(bytes).parse(name))
        let rest = nameEnd..<range.upperBound
        let joinsWithEquals = rest.first.map { bytes[$0] == UInt8(ascii: "=") } ?? false
        // conda takes `name=` for `name`.
        if joinsWithEquals, rest.count == 1 { return spec }
        let values = bytes.trimmed(rest)
        guard !values.isEmpty else { return spec }
        let (version, build) = splitBuild(values)
        if let build { spec.build = try buildMatcher(build) }
        spec.version = try positionalVersion(version, hasBuild: build != nil, joinsWithEquals: joinsWithEquals)
        return spec
    }

    private func endOfName(_ range: Range<Int>) -> Int {
        guard let first = range.first else { return range.upperBound }
        if bytes[first] == UInt8(ascii: "^") {
            let end = endOfPattern(from: first, in: range)
            return end == first ? range.upperBound : end + 1
        }
        return range.first { " \t=<>!~".utf8.contains(bytes[$0]) } ?? range.upperBound
    }

    /// Reads the version, in which the one `=` that joins name, version and build means equality, where `=` otherwise
    /// is fuzzy: `pkg=1.8=py_0` is `pkg ==1.8 py_0`, and `pkg =1.8 py_0` is `pkg 1.8.* py_0` (CEP 29; conda takes both
    /// for equalities).
    private func positionalVersion(
        _ range: Range<Int>, hasBuild: Bool, joinsWithEquals: Bool
    ) throws(TextProblem) -> VersionSpec {
        var range = bytes.trimmed(range)
        let isSingleEquals =
            range.count > 1 && bytes[range.lowerBound] == UInt8(ascii: "=")
            && !"=<>!~".utf8.contains(bytes[range.lowerBound + 1])
        let isCompound = range.contains { bytes[$0] == UInt8(ascii: ",") || bytes[$0] == UInt8(ascii: "|") }
        if hasBuild, isSingleEquals, !isCompound, joinsWithEquals { range.removeFirst() }
        return VersionSpec(root: try VersionSpecParser(bytes).parse(range))
    }

    /// Separates the build string: it follows the first blank or `=` that no operator precedes and after which nothing
    /// stands but the characters of a build string.
    private func splitBuild(_ range: Range<Int>) -> (version: Range<Int>, build: Range<Int>?) {
        var depth = 0
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            if byte == UInt8(ascii: "^") { index = endOfPattern(from: index, in: range) }
            if index > range.lowerBound, depth == 0, isBlank(byte) || byte == UInt8(ascii: "="),
                !"=!|,<>~".utf8.contains(bytes[index - 1])
            {
                let rest = bytes.trimmed(index + 1..<range.upperBound)
                if isBuild(rest) { return (range.lowerBound..<index, rest) }
            }
            index += 1
        }
        return (range, nil)
    }

    private func isBuild(_ range: Range<Int>) -> Bool {
        guard let first = range.first, let last = range.last else { return false }
        if bytes[first] == UInt8(ascii: "^"), bytes[last] == UInt8(ascii: "$") { return true }
        return !range.contains { "-=,|<>~!()".utf8.contains(bytes[$0]) }
    }

    private func buildMatcher(_ range: Range<Int>) throws(TextProblem) -> StringMatcher {
        do throws(TextProblem) {
            return try MatchSpecBuild.matcher(string(range))
        } catch {
            throw error.moved(by: range.lowerBound)
        }
    }
}
