/// The `KEY: VALUE` lines at the start of `WHEEL` and `METADATA` (PEP 427, PEP 566).
struct WheelHeaders {
    private var values: [String: [String]] = [:]
    private var folded: Set<String> = []

    /// Reads the lines up to the first empty one; of a value that goes on in further lines the first is kept.
    init(_ bytes: [UInt8]) {
        var last = ""
        for line in String(decoding: bytes, as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            let line = line.last == "\r" ? line.dropLast() : line
            if line.isEmpty { break }
            if line.first?.isWhitespace == true { folded.insert(last) }
            guard let colon = line.firstIndex(of: ":"), let first = line.first, !first.isWhitespace else { continue }
            let key = line[..<colon].lowercased()
            last = key
            values[key, default: []].append(trimmed(line[line.index(after: colon)...]))
        }
    }

    /// The first value of a key, whose case does not matter.
    subscript(key: String) -> String? { values[key.lowercased()]?.first }

    /// All values of a key that may come several times.
    func all(_ key: String) -> [String] { values[key.lowercased()] ?? [] }

    /// Whether the value of a key has more than one line.
    func isFolded(_ key: String) -> Bool { folded.contains(key.lowercased()) }
}

/// The commands that `entry_points.txt` defines.
enum WheelEntryPoints {
    /// Reads the sections `console_scripts` and `gui_scripts`; extras in brackets do not change what runs.
    static func read(_ bytes: [UInt8]) throws(EntryPoint.Malformed) -> [EntryPoint] {
        var entryPoints: [EntryPoint] = []
        var isScripts = false
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let line = trimmed(line)
            if line.isEmpty || line.hasPrefix("#") || line.hasPrefix(";") { continue }
            if line.hasPrefix("[") {
                isScripts = line == "[console_scripts]" || line == "[gui_scripts]"
            } else if isScripts {
                entryPoints.append(try EntryPoint(withoutExtras(line)))
            }
        }
        return entryPoints
    }

    private static func withoutExtras(_ line: String) -> String {
        guard line.hasSuffix("]"), let bracket = line.lastIndex(of: "[") else { return line }
        return trimmed(line[..<bracket])
    }
}

private func trimmed(_ text: some StringProtocol) -> String {
    let start = text.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" && $0 != "\r" }) else { return "" }
    return String(start[...last])
}
