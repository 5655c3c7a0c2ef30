/// A value of a TOML document.
enum TOMLValue {
    /// A string.
    case text(String)
    /// A number, truth value, date or time, as written.
    case scalar(String)
    /// An array of values.
    case list([TOMLValue])
    /// A table, inline or under a header of its own.
    case table(TOMLTable)
    /// The tables under headers in double brackets.
    case tables([TOMLTable])

    /// The tables of an array, whether written inline or under headers; `nil` when another value is among them.
    var allTables: [TOMLTable]? {
        switch self {
        case .tables(let tables): return tables
        case .list(let values):
            let tables = values.compactMap { value -> TOMLTable? in
                if case .table(let table) = value { table } else { nil }
            }
            return tables.count == values.count ? tables : nil
        default: return nil
        }
    }
}

/// A table of a TOML document; later headers add to it, which is why it is a reference while a document is read.
final class TOMLTable {
    /// The line its header or opening brace stands on.
    let line: Int
    /// Its values by key.
    var members: [String: TOMLValue] = [:]
    /// Whether a header or an assignment defined it, so that no other may.
    var isDefined = false
    /// Whether it was written inline and can hold nothing more.
    var isClosed = false

    init(line: Int) { self.line = line }
}
