/// The documents that packages had before `info/paths.json`: one path per line (CEP 34).
struct LegacyPaths {
    private var entries: [PathEntry] = []
    private var positions: [RelativePath: Int] = [:]

    /// What the documents say together.
    var paths: PathsJSON { PathsJSON(entries: entries) }

    /// The documents that add to the entries of `info/files`, with their readers.
    static let attributes: [(String, @Sendable (inout LegacyPaths, [UInt8]) throws(ArchiveFault) -> Void)] = [
        ("info/has_prefix", { (paths, bytes) throws(ArchiveFault) in try paths.readPlaceholders(bytes) }),
        ("info/no_link", { (paths, bytes) throws(ArchiveFault) in try paths.readNoLink(bytes) }),
        ("info/no_softlink", { (paths, bytes) throws(ArchiveFault) in try paths.readNoLink(bytes) }),
    ]

    /// Reads the document that lists the files; which of them are links only the archive knows.
    mutating func readFiles(_ bytes: [UInt8]) throws(ArchiveFault) {
        for line in Self.lines(bytes) {
            let path = try RelativePath(bytes: line)
            // Old build tools listed the metadata as well.
            if path.isInside("info") { continue }
            guard positions.updateValue(entries.count, forKey: path) == nil else {
                throw .duplicate(path.description)
            }
            entries.append(PathEntry(path: path))
        }
    }

    /// Reads the document of placeholders: `PLACEHOLDER MODE PATH`, each perhaps in quotes, or a path alone.
    mutating func readPlaceholders(_ bytes: [UInt8]) throws(ArchiveFault) {
        for line in Self.lines(bytes) {
            let prefix = try PrefixLine(line)
            if let position = positions[prefix.path] { entries[position].placeholder = prefix.placeholder }
        }
    }

    /// Reads `info/no_link` and `info/no_softlink`: both ask for a copy.
    mutating func readNoLink(_ bytes: [UInt8]) throws(ArchiveFault) {
        for line in Self.lines(bytes) {
            let path = try RelativePath(bytes: line)
            if let position = positions[path] { entries[position].noLink = true }
        }
    }

    /// Lines without blanks at their ends; empty ones and comments say nothing.
    private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        bytes.split { $0 == 0x0A || $0 == 0x0D }.map(trimmed).filter { !$0.isEmpty && $0.first != UInt8(ascii: "#") }
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line.drop { $0 == 0x20 || $0 == 0x09 }
        while line.last == 0x20 || line.last == 0x09 { line.removeLast() }
        return line
    }
}

/// One line of `info/has_prefix`.
private struct PrefixLine {
    let path: RelativePath
    let placeholder: PathEntry.Placeholder

    init(_ line: ArraySlice<UInt8>) throws(ArchiveFault) {
        let words = try Self.words(line)
        let mode = words.count == 3 ? String(decoding: words[1], as: UTF8.self) : ""
        if let mode = PathEntry.Placeholder.Mode(rawValue: mode) {
            guard !words[0].isEmpty else { throw .invalidDocument("a placeholder is empty: '\(printable(line))'") }
            path = try RelativePath(bytes: words[2])
            placeholder = .init(bytes: words[0], mode: mode)
        } else {
            // A path alone may hold blanks, and quotes around it do not belong to it.
            path = try RelativePath(bytes: words.count == 1 ? words[0] : Array(line))
            placeholder = .init(bytes: Array(PathEntry.Placeholder.standardText.utf8), mode: .text)
        }
    }

    /// Splits at blanks outside of quotes; a quote of either kind opens only at the start of a word.
    private static func words(_ line: ArraySlice<UInt8>) throws(ArchiveFault) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var rest = line
        while let first = rest.first {
            if first == 0x20 || first == 0x09 {
                rest = rest.dropFirst()
            } else if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
                let word = rest.dropFirst().prefix { $0 != first }
                rest = rest.dropFirst(word.count + 1)
                guard !rest.isEmpty || line.last == first else {
                    throw .invalidDocument("a quote is not closed: '\(printable(line))'")
                }
                rest = rest.dropFirst()
                words.append(Array(word))
            } else {
                let word = rest.prefix { $0 != 0x20 && $0 != 0x09 }
                rest = rest.dropFirst(word.count)
                words.append(Array(word))
            }
        }
        return words
    }
}
