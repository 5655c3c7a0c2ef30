/// Reads the name of a MatchSpec.
struct MatchSpecName {
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The demand on the name in `range`, in lower case: a package name, a glob or a regular expression.
    func parse(_ range: Range<Int>) throws(TextProblem) -> StringMatcher {
        guard let first = range.first else {
            throw TextProblem(
                at: range.lowerBound, expected: "a package name", found: found(at: range.lowerBound),
                hint: "write '*' for a package of any name")
        }
        let text = String(decoding: bytes[range], as: UTF8.self)
        if bytes[first] == UInt8(ascii: "^") { return try matcher(text, at: first) }
        guard text.utf8.contains(UInt8(ascii: "*")) else {
            if let problem = Identifier.problem(inPackageName: bytes, range: range) { throw problem }
            return .exact(text.lowercased())
        }
        if let other = range.first(where: { !isNameOrStar(bytes[$0]) }) {
            throw TextProblem(
                at: other, expected: "a package name of letters, digits, '.', '-', '_' and '*'", found: found(at: other)
            )
        }
        return try matcher(text.lowercased(), at: first)
    }

    private func isNameOrStar(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || isSeparator(byte) || byte == UInt8(ascii: "*")
    }

    private func matcher(_ text: String, at offset: Int) throws(TextProblem) -> StringMatcher {
        do throws(TextProblem) {
            return try StringMatcher(text)
        } catch {
            throw error.moved(by: offset)
        }
    }

    private func found(at offset: Int) -> String {
        String(decoding: bytes[min(offset, bytes.count)...], as: UTF8.self).quoted(at: 0)
    }
}

/// Reads the build string of a MatchSpec.
enum MatchSpecBuild {
    /// The demand on the build string: one by CEP 26, a glob, or a regular expression.
    static func matcher(_ text: String) throws(TextProblem) -> StringMatcher {
        let matcher = try StringMatcher(text)
        switch matcher {
        case .exact: if let problem = Identifier.problem(inBuild: text) { throw problem }
        case .glob:
            let letters = text.replacing("*", with: "")
            if !letters.isEmpty, Identifier.problem(inBuild: letters) != nil,
                let offset = Array(text.utf8).firstIndex(where: {
                    !Identifier.isBuildCharacter($0) && $0 != UInt8(ascii: "*")
                })
            {
                throw TextProblem(
                    at: offset, expected: "a build string of letters, digits, '_', '.', '+' and '*'",
                    found: text.quoted(at: offset))
            }
        case .pattern: break
        }
        return matcher
    }
}
