import StrictYAML

/// The keys of one TOML table, looked up by name, with errors that name the line of the table.
struct TOMLFields {
    let file: String
    let table: TOMLTable
    /// The table's name in messages.
    let name: String

    /// A text that must be there.
    func required(_ key: String) throws(LockError) -> String {
        guard let text = try text(key) else { throw error("\(name) has no \"\(key)\"") }
        return text
    }

    /// A text that may be absent.
    func text(_ key: String) throws(LockError) -> String? {
        switch table.members[key] {
        case nil: return nil
        case .text(let text): return text
        default: throw error("\(name).\(key): expected text")
        }
    }

    /// An array of tables; none when it is absent.
    func tables(_ key: String) throws(LockError) -> [TOMLFields] {
        guard let value = table.members[key] else { return [] }
        guard let tables = value.allTables else { throw error("\(name).\(key): expected an array of tables") }
        return tables.map { TOMLFields(file: file, table: $0, name: key) }
    }

    /// A table that may be absent.
    func table(_ key: String) throws(LockError) -> TOMLFields? {
        switch table.members[key] {
        case nil: return nil
        case .table(let table): return TOMLFields(file: file, table: table, name: key)
        default: throw error("\(name).\(key): expected a table")
        }
    }

    /// An error at the table's line.
    func error(
        _ problem: String, expected: String? = nil, found: String? = nil, advice: String? = nil
    ) -> LockError {
        LockError(file: file, line: table.line, problem: problem, expected: expected, found: found, advice: advice)
    }
}
