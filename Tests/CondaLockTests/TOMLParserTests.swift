import Testing

@testable import CondaLock

@Suite("TOML") struct TOMLParserTests {
    /// A document as a text that shows its structure, keys sorted.
    private func show(_ text: String) throws -> String {
        func show(_ table: TOMLTable) -> String {
            "{" + table.members.sorted { $0.key < $1.key }.map { "\($0.key)=\(show($0.value))" }.joined(separator: " ")
                + "}"
        }
        func show(_ value: TOMLValue) -> String {
            switch value {
            case .text(let text): "'\(text)'"
            case .scalar(let text): text
            case .list(let values): "[" + values.map(show).joined(separator: " ") + "]"
            case .table(let table): show(table)
            case .tables(let tables): "[" + tables.map(show).joined(separator: " ") + "]"
            }
        }
        return show(try TOMLParser.parse(Array(text.utf8), file: "t"))
    }

    @Test(
        "Documents",
        arguments: [
            ("", "{}"), ("# only\n\n", "{}"), ("a = 1", "{a=1}"), ("a=1 # c\r\nb = 'x'\r\n", "{a=1 b='x'}"),
            ("a.b.c = 1\na.d = 2", "{a={b={c=1} d=2}}"), ("\"a b\" = 1\n'c.d' = 2\n1 = 3", "{1=3 a b=1 c.d=2}"),
            ("[a]\nx=1\n[a.b]\ny=2\n[c]", "{a={b={y=2} x=1} c={}}"), ("[a.b]\n[a]\nx=1", "{a={b={} x=1}}"),
            ("[[p]]\nn=1\n[p.q]\nx=1\n[[p]]\nn=2", "{p=[{n=1 q={x=1}} {n=2}]}"),
            ("a = [1, 2,\n # c\n 3,\n]", "{a=[1 2 3]}"), ("a = []\nb = {}", "{a=[] b={}}"),
            ("a = { b = 1, c.d = [ {}, {e = 2} ] }", "{a={b=1 c={d=[{} {e=2}]}}}"),
            ("a = \"\\u00e9\\U0001F600\\t\\\"\\\\\"", "{a='é😀\t\"\\'}"), ("a = 'C:\\x'", "{a='C:\\x'}"),
            ("a = \"\"\"\nx\n  y \\\n   z\"\"\"", "{a='x\n  y z'}"), ("a = '''\nx'y''z'''''", "{a='x'y''z'''}"),
            ("a = \"\"\nb = ''", "{a='' b=''}"), ("a = \"\"\"\"\"\"", "{a=''}"), ("\u{FEFF}a = 1", "{a=1}"),
            ("a = -1_000\nb = 0xff\nc = 1e5\nd = +inf", "{a=-1_000 b=0xff c=1e5 d=+inf}"),
            (
                "a = 2026-10-02T23:07:22Z\nb = 2026-10-02 23:07:22.5+01:00\nc = 2026-10-02\nd = 07:32:00",
                "{a=2026-10-02T23:07:22Z b=2026-10-02 23:07:22.5+01:00 c=2026-10-02 d=07:32:00}"
            ),
        ])
    func documents(text: String, expected: String) throws {
        #expect(try show(text) == expected)
    }

    @Test(
        "What is no TOML is named with its line",
        arguments: [
            ("a", 1), ("a =", 1), ("a = x", 1), ("= 1", 1), ("a = 1 b = 2", 1), ("\na = \"x\n\"", 2), ("a = 'x", 1),
            ("a = [1", 1), ("a = [1 2]", 1), ("a = {b = 1", 1), ("a = {b = 1,}", 1), ("a = {\nb = 1}", 1), ("[a", 1),
            ("[[a]", 1), ("[]", 1), ("[a]\n[a]", 2), ("a = 1\na = 2", 2), ("a = 1\n[a]", 2), ("a = {}\n[a.b]", 2),
            ("a = [{}]\n[[a]]", 2), ("a = \"\\x\"", 1), ("a = \"\\u12\"", 1), ("a = \"\\uD800\"", 1),
            ("a = \"\u{1}\"", 1),
            ("a = 2026-10-02T", 1), ("a = 2026-10-02T2x", 1), ("a = 12:3", 1), ("a = 1.2.3", 1), ("a = 0xg", 1),
            ("a = tru", 1),
            ("a = \"\"\"x", 1), ("a = 1\u{0}", 1), ("a.b = 1\na.b.c = 2", 2), ("[a]\rb = 1", 1),
        ])
    func refusals(text: String, line: Int) {
        let error = #expect(throws: LockError.self) { try show(text) }
        #expect(error?.line == line, "\(String(describing: error))")
    }

    @Test("Hostile documents end in an error", arguments: ["[", "{a=", "[[", "a.", "\"", "'''"])
    func hostile(opening: String) {
        #expect(throws: LockError.self) { try show("a = " + String(repeating: opening, count: 50_000)) }
    }

    @Test("Bytes that are not UTF-8")
    func notUTF8() {
        #expect(throws: LockError.self) { try TOMLParser.parse([0x61, 0x3d, 0x22, 0xff, 0x22], file: "t") }
    }
}
