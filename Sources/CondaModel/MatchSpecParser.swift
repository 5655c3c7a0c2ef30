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
        if let spec = try feature(whole) { return spec }
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

    /// The spec of `feature@`, which old packages depend on: any package that tracks the feature.
    private func feature(_ whole: Range<Int>) throws(TextProblem) -> MatchSpec? {
        guard whole.count > 1, bytes[whole.upperBound - 1] == UInt8(ascii: "@") else { return nil }
        let name = whole.dropLast()
        if let problem = Identifier.problem(inPackageName: bytes, range: name) { throw problem }
        var spec = MatchSpec(nameMatcher: .glob(Glob("*")))
        spec.details.trackFeatures = [string(name)]
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

    private static let conditionWords = [Array(" if ".utf8), Array("; if".utf8), Array(";if".utf8)]

    private func refuseConditions(in range: Range<Int>) throws(TextProblem) {
        let place = range.first { index in
            (bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: ";"))
                && Self.conditionWords.contains { bytes[index..<range.upperBound].starts(with: $0) }
        }
        guard let place else { return }
        throw TextProblem(
            at: place, expected: "an unconditional specification", found: "a condition",
            hint: "conditional dependencies (CEP 43) are not supported: list the package without the condition")
    }

    private func positional(_ range: Range<Int>) throws(TextProblem) -> MatchSpec {
        let (prefix, body) = try splitPrefix(range)
        guard let prefix else { return try nameVersionBuild(body) }
        var channel = MatchSpec(nameMatcher: .glob(Glob("*")))
        try MatchSpecChannel(bytes).parse(prefix, into: &channel)
        var spec = try nameVersionBuild(body)
        spec.details = channel.details
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
        if let next = rest.first, !Self.endsName(bytes[next]) {
            throw problem(at: next, "a blank or an operator after the name")
        }
        let joinsWithEquals = rest.first.map { bytes[$0] == UInt8(ascii: "=") } ?? false
        // conda takes `name=` for `name`, but refuses `name= `.
        let isBareEquals = joinsWithEquals && rest.count == 1
        if isBareEquals, rest.upperBound == bytes.count || !isBlank(bytes[rest.upperBound]) { return spec }
        let values = bytes.trimmed(rest)
        guard !values.isEmpty else { return spec }
        let (version, build) = splitBuild(values)
        var isJoined = joinsWithEquals
        if let build {
            spec.build = try buildMatcher(build)
            isJoined = isJoined || bytes[build.lowerBound - 1] == UInt8(ascii: "=")
        }
        let condition = try positionalVersion(version, isJoined: build != nil && isJoined)
        spec.version = condition.matchesAll ? nil : condition
        return spec
    }

    private func endOfName(_ range: Range<Int>) -> Int {
        guard let first = range.first else { return range.upperBound }
        if bytes[first] == UInt8(ascii: "^") {
            let end = endOfPattern(from: first, in: range)
            return end == first ? range.upperBound : end + 1
        }
        return range.first { Self.endsName(bytes[$0]) } ?? range.upperBound
    }

    private static func endsName(_ byte: UInt8) -> Bool {
        isBlank(byte) || "=<>!~".utf8.contains(byte)
    }

    /// Reads the version, given whether `=` joins it to a build string.
    ///
    /// The one `=` that joins name, version and build then means equality, where it otherwise is fuzzy:
    /// `pkg=1.8=py_0` is `pkg ==1.8 py_0`, and `pkg =1.8 py_0` is `pkg 1.8.* py_0`. CEP 29 and strict rattler say so;
    /// conda takes both for equalities.
    private func positionalVersion(_ range: Range<Int>, isJoined: Bool) throws(TextProblem) -> VersionSpec {
        var range = bytes.trimmed(range)
        let isSingleEquals =
            range.count > 1 && bytes[range.lowerBound] == UInt8(ascii: "=")
            && !"=<>!~".utf8.contains(bytes[range.lowerBound + 1])
        let isCompound = range.contains { bytes[$0] == UInt8(ascii: ",") || bytes[$0] == UInt8(ascii: "|") }
        if isJoined, isSingleEquals, !isCompound { range.removeFirst() }
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
