import StrictYAML

/// Parses TOML 1.0, as far as lock files use it: dates and numbers are kept as text.
///
/// Written by hand, and not TOMLKit 0.6.0: that one compiles for 44 s of processor time, 42 more than a package without it
/// (2026-12-01).
struct TOMLParser {
    let file: String
    let bytes: [UInt8]
    var position = 0
    var line = 1
    /// How deep arrays and inline tables may nest.
    static let depthLimit = 32

    /// Parses a document.
    ///
    /// - Throws: the line at which it stops being TOML.
    static func parse(_ bytes: [UInt8], file: String) throws(LockError) -> TOMLTable {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw LockError(file: file, expected: "UTF-8 text", found: "other bytes", advice: "save the file as UTF-8")
        }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        var parser = TOMLParser(file: file, bytes: bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes)
        return try parser.document()
    }

    private mutating func document() throws(LockError) -> TOMLTable {
        let root = TOMLTable(line: 1)
        var current = root
        skipBlankLines()
        while let byte = peek() {
            if byte == UInt8(ascii: "[") { current = try header(below: root) } else { try assignment(in: current) }
            try endOfLine()
            skipBlankLines()
        }
        return root
    }

    /// `[a.b]` opens a table, `[[a.b]]` adds one to an array of tables.
    private mutating func header(below root: TOMLTable) throws(LockError) -> TOMLTable {
        advance()
        let isArray = skip("[")
        var path = try dottedKey()
        try expect("]")
        if isArray { try expect("]") }
        let last = path.removeLast()
        let parent = try descend(path, from: root)
        if isArray {
            let table = TOMLTable(line: line)
            switch parent.members[last] {
            case nil: parent.members[last] = .tables([table])
            case .tables(let tables): parent.members[last] = .tables(tables + [table])
            default: throw error("\(quoted(last)) is no array of tables")
            }
            return table
        }
        let table = try descend([last], from: parent)
        guard !table.isDefined else { throw error("the table \(quoted(last)) is defined twice") }
        table.isDefined = true
        return table
    }

    /// An assignment such as `a.b = value`.
    private mutating func assignment(in table: TOMLTable, depth: Int = 0) throws(LockError) {
        var path = try dottedKey()
        try expect("=")
        skipBlanks()
        let last = path.removeLast()
        let parent = try descend(path, from: table)
        guard parent.members[last] == nil else { throw error("\(quoted(last)) is written twice") }
        parent.members[last] = try value(depth: depth)
    }

    /// The table at a path, made where it does not exist.
    private func descend(_ path: [String], from table: TOMLTable) throws(LockError) -> TOMLTable {
        var current = table
        for key in path {
            switch current.members[key] {
            case nil:
                let next = TOMLTable(line: line)
                current.members[key] = .table(next)
                current = next
            case .table(let next) where !next.isClosed: current = next
            case .tables(let tables):
                guard let next = tables.last else { throw error("\(quoted(key)) is empty") }
                current = next
            default: throw error("\(quoted(key)) cannot hold more keys")
            }
        }
        return current
    }

    private mutating func dottedKey() throws(LockError) -> [String] {
        var keys: [String] = []
        repeat {
            skipBlanks()
            keys.append(try key())
            skipBlanks()
        } while skip(".")
        return keys
    }

    private mutating func key() throws(LockError) -> String {
        if peek() == UInt8(ascii: "\"") || peek() == UInt8(ascii: "'") { return try string(allowsLines: false) }
        let start = position
        while let byte = peek(), isKeyByte(byte) { advance() }
        guard position > start else { throw unexpected("a key") }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    mutating func value(depth: Int) throws(LockError) -> TOMLValue {
        guard depth < Self.depthLimit else { throw error("values are nested too deep") }
        switch peek() {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .text(try string(allowsLines: true))
        case UInt8(ascii: "["): return .list(try array(depth: depth))
        case UInt8(ascii: "{"): return .table(try inlineTable(depth: depth))
        default: return .scalar(try scalar())
        }
    }

    private mutating func array(depth: Int) throws(LockError) -> [TOMLValue] {
        advance()
        var values: [TOMLValue] = []
        skipBlankLines()
        while !skip("]") {
            values.append(try value(depth: depth + 1))
            skipBlankLines()
            if skip(",") { skipBlankLines() } else if peek() != UInt8(ascii: "]") { throw unexpected("\",\" or \"]\"") }
        }
        return values
    }

    private mutating func inlineTable(depth: Int) throws(LockError) -> TOMLTable {
        let table = TOMLTable(line: line)
        advance()
        skipBlanks()
        while !skip("}") {
            try assignment(in: table, depth: depth + 1)
            skipBlanks()
            if skip(",") {
                skipBlanks()
                if peek() == UInt8(ascii: "}") { throw unexpected("a key") }
            } else if peek() != UInt8(ascii: "}") {
                throw unexpected("\",\" or \"}\"")
            }
        }
        table.isClosed = true
        return table
    }

    private func isKeyByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
