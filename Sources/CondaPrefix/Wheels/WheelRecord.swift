import CondaArchive
import CondaModel
import FoundationEssentials
import HostSystem

/// The rows of a `RECORD` file: what a distribution has installed, with digests (PEP 376, PEP 427).
struct WheelRecord: Sendable {
    /// One file.
    struct Row: Sendable, Hashable {
        /// The path, relative to the directory that holds the `.dist-info` directory, or absolute.
        var path: String

        /// `sha256=` and the digest in base 64 without padding; empty where none is recorded.
        var digest = ""

        /// Bytes; nil where they are not recorded.
        var size: Int64?
    }

    /// What is wrong with the text.
    struct Malformed: Error {
        /// What was expected and found.
        let problem: String
    }

    /// The rows in the order of the text.
    var rows: [Row]

    init(rows: [Row]) {
        self.rows = rows
    }

    /// Reads comma-separated values with quotes, as Python's `csv` writes them.
    init(_ bytes: [UInt8]) throws(Malformed) {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Malformed(problem: "is not UTF-8") }
        var parser = CommaSeparated(text)
        rows = []
        while let fields = try parser.next() {
            guard fields.count == 3 else {
                throw Malformed(problem: "has a row of \(fields.count) fields, expected 3: '\(fields[0])'")
            }
            let size = Int64(fields[2])
            guard fields[2].isEmpty || size.map({ $0 >= 0 }) == true else {
                throw Malformed(problem: "has the size '\(fields[2])'")
            }
            rows.append(Row(path: fields[0], digest: fields[1], size: size))
        }
    }

    /// The text, ordered by path so that it does not depend on how the files were made.
    var text: String {
        rows.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }.map { row in
            [row.path, row.digest, row.size.map(String.init) ?? ""].map(CommaSeparated.quoted).joined(separator: ",")
                + "\n"
        }.joined()
    }
}

extension WheelRecord.Row {
    /// The digest of SHA-256 in lower-case hexadecimal; nil where another one or none is recorded.
    var sha256: String? {
        guard digest.hasPrefix("sha256=") else { return nil }
        let letters = digest.dropFirst("sha256=".count).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
        let padding = String(repeating: "=", count: (4 - letters.count % 4) % 4)
        return Data(base64Encoded: String(letters) + padding).map { hexadecimal($0) }
    }

    /// The form in which `RECORD` has a digest.
    static func digest(_ algorithm: String = "sha256", of bytes: some Sequence<UInt8>) -> String {
        let letters = Data(bytes).base64EncodedString().filter { $0 != "=" }
        return "\(algorithm)=" + String(letters.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 })
    }
}

/// Comma-separated values as RFC 4180 has them.
private struct CommaSeparated {
    private var rest: Substring.UnicodeScalarView

    init(_ text: String) {
        rest = text[...].unicodeScalars
    }

    /// The fields of the next line that is not empty; nil at the end.
    mutating func next() throws(WheelRecord.Malformed) -> [String]? {
        rest = rest.drop { $0 == "\n" || $0 == "\r" }
        guard !rest.isEmpty else { return nil }
        var fields = [try field()]
        while rest.first == "," {
            rest.removeFirst()
            fields.append(try field())
        }
        guard rest.isEmpty || rest.first == "\n" || rest.first == "\r" else {
            throw WheelRecord.Malformed(problem: "has text behind a quoted field")
        }
        return fields
    }

    private mutating func field() throws(WheelRecord.Malformed) -> String {
        guard rest.first == "\"" else {
            let field = rest.prefix { $0 != "," && $0 != "\n" && $0 != "\r" }
            rest = rest[field.endIndex...]
            return String(field)
        }
        var field = ""
        repeat {
            // The quote that opens the field, or the second of two that stand for one.
            rest.removeFirst()
            let part = rest.prefix { $0 != "\"" }
            field += String(part)
            rest = rest[part.endIndex...]
            guard !rest.isEmpty else { throw WheelRecord.Malformed(problem: "ends in a quoted field") }
            rest.removeFirst()
            if rest.first == "\"" { field += "\"" }
        } while rest.first == "\""
        return field
    }

    static func quoted(_ field: String) -> String {
        guard field.unicodeScalars.contains(where: { ",\"\n\r".unicodeScalars.contains($0) }) else { return field }
        return "\"" + field.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
    }
}
