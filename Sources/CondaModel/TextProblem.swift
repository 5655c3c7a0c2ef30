/// What is wrong with a text in one of conda's small languages, and where.
///
/// Versions, version expressions and MatchSpecs nest, so the parser of the inner language reports a column that the
/// outer parser can move into its own text.
package struct TextProblem: Error, Hashable, Sendable {
    /// The offset of the offending byte in the parsed text, from zero.
    package var offset: Int
    /// What would have been accepted at that place.
    package var expected: String
    /// What stands there instead.
    package var found: String
    /// What to write instead, where that can be told.
    package var hint: String?

    /// Describes a problem at a byte offset.
    package init(at offset: Int, expected: String, found: String, hint: String? = nil) {
        self.offset = offset
        self.expected = expected
        self.found = found
        self.hint = hint
    }

    /// The same problem seen from a text in which the parsed one starts at `base`.
    func moved(by base: Int) -> TextProblem {
        TextProblem(at: offset + base, expected: expected, found: found, hint: hint)
    }

    /// The 1-based column in characters of the problem in `text`.
    func column(in text: String) -> Int {
        let continuation = text.utf8.prefix(offset).count { $0 & 0b1100_0000 == 0b1000_0000 }
        return offset - continuation + 1
    }
}

extension String {
    /// Runs `body` on the UTF-8 bytes of the string, without a copy where the string is native.
    func withBytes<Value, Failure: Error>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        var copy = self
        let result: Result<Value, Failure> = copy.withUTF8 { bytes in
            do throws(Failure) {
                return .success(try body(bytes))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// The text around an offset as it is quoted in a message: one character, or the end.
    func quoted(at offset: Int) -> String {
        let index = utf8.index(utf8.startIndex, offsetBy: min(offset, utf8.count))
        guard index < endIndex else { return "the end" }
        return "'\(self[index])'"
    }
}
