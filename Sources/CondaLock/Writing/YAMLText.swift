import CondaModel
import HostSystem

/// Writes scalars of YAML so that every reader, of YAML 1.1 or 1.2, takes them for the same text.
enum YAMLText {
    /// A scalar in the simplest form that cannot be mistaken: plain, in single quotes, or in double quotes.
    static func scalar(_ text: String) -> String {
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) || isBreak($0) }) {
            return doubleQuoted(text)
        }
        return isPlain(text)
            ? text : "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
    }

    /// A value of several lines as a literal block under a key, each line indented; one line as a scalar.
    static func block(_ text: String, indent: Int) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let isLiteral =
            lines.count > 1
            && lines.allSatisfy { line in
                line.first.map { $0 != " " } ?? false && line.last != " "
                    && !line.unicodeScalars.contains { $0.value < 0x20 }
            }
        guard isLiteral else { return scalar(text) }
        let margin = String(repeating: " ", count: indent)
        return "|-\n" + lines.map { margin + $0 }.joined(separator: "\n")
    }

    private static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        [0x85, 0x2028, 0x2029, 0xfeff].contains(scalar.value)
    }

    private static func doubleQuoted(_ text: String) -> String {
        let body = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": "\\\""
            case "\\": "\\\\"
            case "\n": "\\n"
            case "\t": "\\t"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
                "\\x" + hexadecimal([UInt8(scalar.value)])
            case _ where isBreak(scalar):
                "\\u" + hexadecimal([UInt8(scalar.value >> 8), UInt8(scalar.value & 0xff)])
            default: String(scalar)
            }
        }
        return "\"" + body.joined() + "\""
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.first, first.isASCII, first.isLetter || first.isNumber || "_/.".contains(first),
            text.utf8.allSatisfy({ $0 < 0x7f }), text.last != ":", text.last != " ", !text.contains(": "),
            !text.contains(" #")
        else { return false }
        return !isWord(text) && !isNumeric(text)
    }

    /// Words that some reader takes for a truth value, nothing, infinity or no number.
    private static func isWord(_ text: String) -> Bool {
        let words: Set<String> = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", ".inf", ".nan"]
        return words.contains(text.lowercased())
    }

    /// Texts that some reader takes for a number or a date.
    ///
    /// With two dots or more a text is neither.
    private static func isNumeric(_ text: String) -> Bool {
        guard let first = text.first, first.isNumber || first == "." else { return false }
        if ["0x", "0o", "0b"].contains(text.prefix(2).lowercased()) { return true }
        let isNumberLike = text.allSatisfy { $0.isNumber || "+-.:_eE".contains($0) }
        return isNumberLike && (text.count { $0 == "." } < 2 || text.contains(":"))
    }
}
