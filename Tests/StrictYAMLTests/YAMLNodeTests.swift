import Testing

@testable import StrictYAML

@Suite("Strict YAML") struct YAMLNodeTests {
    private func parse(_ text: String) throws -> YAMLNode { try #require(try YAMLNode.parse(text, file: "d.yml")) }

    @Test(
        "Scalars keep their text, and only plain ones can be nothing",
        arguments: [
            ("2.10", YAMLNode.Kind.text, "2.10"), ("'2.10'", .text, "2.10"), ("\"a\\tb\"", .text, "a\tb"),
            ("''", .text, ""),
            ("'null'", .text, "null"), ("|-\n a\n b", .text, "a\nb"), ("!!str 5", .text, "5"), ("yes", .text, "yes"),
        ])
    func scalars(text: String, kind: YAMLNode.Kind, value: String) throws {
        let node = try parse(text)
        #expect(node.kind == kind)
        #expect(try node.text() == value)
    }

    @Test("Nothing", arguments: ["~", "null", "a:", "NULL"])
    func nothing(text: String) throws {
        let root = try parse(text)
        let node = root.kind == .mapping ? try #require(root["a"]) : root
        #expect(node.kind == .nothing)
        #expect(throws: DocumentError.self) { try node.text() }
    }

    @Test(
        "Truth values of YAML 1.1 and 1.2",
        arguments: [
            ("true", true), ("True", true), ("yes", true), ("on", true), ("false", false), ("No", false),
            ("OFF", false),
        ])
    func booleans(text: String, value: Bool) throws {
        #expect(try parse(text).boolean() == value)
    }

    @Test("No truth values", arguments: ["1", "'true'", "t", "[]", "~"])
    func noBooleans(text: String) throws {
        let node = try parse(text)
        #expect(throws: DocumentError.self) { try node.boolean() }
    }

    @Test("Whole numbers", arguments: [("0", 0), ("42", 42), ("-1", -1)])
    func integers(text: String, value: Int) throws {
        #expect(try parse(text).integer(in: -1...42, expected: "x") == value)
    }

    @Test("No whole numbers", arguments: ["43", "-2", "1.0", "'1'", "+1", "0x1", "1_0", "one", "99999999999999999999"])
    func noIntegers(text: String) throws {
        let node = try parse(text)
        #expect(throws: DocumentError.self) { try node.integer(in: -1...42, expected: "x") }
    }

    @Test("Each value knows its key and its place")
    func places() throws {
        let root = try parse("a:\n  - b: [x, {c: y}]\n")
        let item = try #require(try root["a"]?.items().first?["b"]?.items()[1]["c"])
        #expect(item.key == "a[0].b[1].c" && item.line == 2 && item.column == 16)
        #expect(item.error("no").description == "d.yml:2:16: a[0].b[1].c: no")
    }

    @Test("Merge keys: what is written wins, then the first merged mapping")
    func mergeKeys() throws {
        let root = try parse("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 0}\n'w': {'<<': 1}")
        let entries = try #require(try root["z"]?.entries())
        #expect(try entries.map { "\($0.name)\(try $0.value.text())" } == ["a0", "b1", "c2"])
        #expect(try root["w"]?.entries().map(\.name) == ["<<"], "a quoted key is only a key")
        let wrong = try #require(try parse("a: {<<: 1}")["a"])
        #expect(throws: DocumentError.self) { try wrong.entries() }
    }

    @Test("A bomb of aliases is refused before anybody walks it or hashes it", arguments: ["", "? *a12\n: x"])
    func aliasBomb(last: String) throws {
        var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        for level in 1...12 {
            let references = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            lines.append("a\(level): &a\(level) [\(references)]")
        }
        let error = #expect(throws: DocumentError.self) { try parse((lines + [last]).joined(separator: "\n")) }
        #expect(error?.problem == "its aliases stand for millions of values")
    }

    @Test(
        "What is no YAML is told with its place",
        arguments: [
            ("a: [1, 2", "d.yml:2:1: not valid YAML: while parsing a flow sequence, did not find expected ',' or ']'"),
            ("a: 'x", "d.yml:1:6: not valid YAML: while scanning a quoted scalar, found unexpected end of stream"),
            ("a: 1\n b: 2", "d.yml:2:3: not valid YAML: mapping values are not allowed in this context"),
            ("a: 1\nb: \u{7}", "d.yml:2: not valid YAML: control characters are not allowed"),
            ("b: 1\na: 1\nb: 2\na: 2", "d.yml:2:1: \"a\", \"b\" is written twice"),
            ("a: *b", "d.yml:1:4: not valid YAML: found undefined alias"),
            ("&a [*a]", "d.yml:1:5: not valid YAML: found undefined alias"),
        ])
    func refusals(text: String, description: String) {
        let error = #expect(throws: DocumentError.self) { try YAMLNode.parse(text, file: "d.yml") }
        #expect(error?.description == description)
    }

    @Test("A thousand lists may stand in one another, and one more may not", arguments: [(1000, true), (1001, false)])
    func depth(count: Int, isRead: Bool) {
        let text = String(repeating: "[", count: count) + String(repeating: "]", count: count)
        #expect(((try? YAMLNode.parse(text, file: "d.yml")) != nil) == isRead)
    }

    @Test("An anchor means what bore its name last, and an alias is written out")
    func aliases() throws {
        let root = try parse("a: &x 1\nb: *x\nc: &x {d: 2}\ne: *x")
        #expect(try root["b"]?.text() == "1" && root["e"]?["d"]?.text() == "2")
        #expect(root["e"]?.line == 3)
        #expect(try root.yaml() == "a: 1\nb: 1\nc:\n  d: 2\ne:\n  d: 2\n")
    }

    @Test(
        "A value that is kept is written as it was",
        arguments: ["- 1\n- 'a b'\n- \"\\t\"\n", "a: |\n  b\n  c\nd: ü\n", "- !x\n  a: ~\n- []\n- {}\n"])
    func writing(text: String) throws {
        #expect(try parse(text).yaml() == text)
    }

    @Test(
        "An error in words",
        arguments: [
            (DocumentError(file: "f"), "f: "), (DocumentError(file: "f", line: 2, problem: "p"), "f:2: p"),
            (
                DocumentError(file: "f", line: 2, column: 3, key: "k", expected: "e", found: "x"),
                "f:2:3: k: expected e, found x"
            ),
            (DocumentError(file: "f", problem: "p", expected: "e"), "f: p; expected e"),
            (DocumentError(file: "f", problem: "p", found: "x"), "f: p; found x"),
        ])
    func words(error: DocumentError, description: String) {
        #expect(error.description == description)
    }

    @Test(
        "Quoting for messages",
        arguments: [("a", "\"a\""), ("a\nb", "\"a...\""), (String(repeating: "x", count: 61), "x...\"")])
    func quoting(text: String, suffix: String) {
        #expect(quoted(text).hasSuffix(suffix))
    }
}
