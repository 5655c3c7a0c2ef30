import HostSystem

/// The version of a conda package (CEP 33).
///
/// Versions compare as conda compares them: by epoch, then segment by segment, `dev` before pre-releases before the
/// release before `post`, case-insensitively; local parts decide between versions that are otherwise equal. Two
/// versions that stand at the same place are equal even when they are spelled differently: `1.1 == 1.1.0`.
///
///     let version = try Version("1!2.15.1_ALPHA+local.3")
///
/// A version that is written in at most 15 characters owns no memory.
package struct Version: Sendable {
    /// The version as it was written, without surrounding blanks.
    package let text: String
    /// Its place in the order of versions.
    package let key: VersionKey

    /// Puts together a literal and the key that was read from it.
    init(text: String, key: VersionKey) {
        (self.text, self.key) = (text, key)
    }

    /// The version of a whole number.
    package init(number: UInt) {
        text = String(number)
        var key = VersionKey.Builder()
        key.appendHigherRun(number == 0 ? 0 : 1)
        if number > 0 { key.appendNumber(text.utf8) }
        key.append(VersionKey.end)
        key.append(VersionKey.end)
        self.key = key.key
    }

    /// Reads a version literal.
    ///
    /// - Throws: ``VersionError`` when the text is not one, with the column of the first offence.
    package init(_ text: String) throws(VersionError) {
        do throws(TextProblem) {
            (self.text, key) = try text.withBytes { (bytes) throws(TextProblem) in
                let range = bytes.trimmed(0..<bytes.count)
                var parser = VersionParser(bytes, range: range)
                let key = try parser.parse()
                let trimmed = range.count == bytes.count ? text : String(decoding: bytes[range], as: UTF8.self)
                return (trimmed, key)
            }
        } catch {
            throw VersionError(text: text, problem: error)
        }
    }
}

extension Version: Comparable, Hashable {
    /// Whether both stand at the same place in the order of versions.
    package static func == (left: Version, right: Version) -> Bool {
        left.key == right.key
    }

    /// Whether the left version is older.
    package static func < (left: Version, right: Version) -> Bool {
        left.key < right.key
    }

    /// Feeds the version's place, not its spelling, to a hasher.
    package func hash(into hasher: inout Hasher) {
        key.hash(into: &hasher)
    }
}

extension Version: CustomStringConvertible, Codable {
    /// The version as it was written.
    package var description: String { text }

    /// Reads a version from a single string.
    package init(from decoder: any Decoder) throws {
        try self.init(decoder.singleValueContainer().decode(String.self))
    }

    /// Writes the version as a single string.
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// A text that is not a version.
package struct VersionError: ActionableError, Hashable {
    /// The text that was read.
    package let text: String
    /// What is wrong with it.
    package let problem: TextProblem

    /// The 1-based column of the offence, in characters.
    package var column: Int { problem.column(in: text) }

    /// Names the text, the column, what was expected and what was found.
    package var description: String {
        "'\(text)' is not a version: expected \(problem.expected) in column \(column), found \(problem.found)"
    }

    /// What to write instead.
    package var hint: String? {
        problem.hint ?? "a version is made of digits and letters in segments, such as 1.2.3, 1!2.0 or 2.1.dev3+local"
    }
}
