import StrictYAML
import Testing

@testable import ServiceManifest

@Suite("JSON Schema") struct SchemaTests {
    /// Values of every kind, right and wrong, that are tried at every key.
    static let candidates = [
        "x", "'1'", "1", "0", "-1", "1.5", "100", "true", "false", "'yes'", "''", "' '", "a b", "a-b", "\"a\\nb\"", "~",
        "[]",
        "{}", "[x]", "[x, x]", "[1]", "[a b]", "[x.whl]", "[/x]", "[{}]", "auto", "archives", "el9", "builtin",
        "manual",
        "daily", "noreplace", "/opt/x", "/opt", "/opt/../x", "/opt/a b", "../x", "{glibc: '2.28'}", "{glibc: new}",
        "{base: el8, cuda: '12.4'}", "{base: el5}", "{miniconda: a.sh}", "{miniconda: 1a, sha256: zz}",
        "[{name: a, command: b}]", "[{name: a}]", "[{name: a.service, command: b}]", "[{name: a, command: b, user: U}]",
        "[{name: a, command: b, environment: {A: b}}]", "[{name: a, command: b, environment: {1: b}}]",
        "[{name: a, command: b, environment: {A: [b]}}]", "[{name: a, command: b, restart: 'no', after: [a.target]}]",
        "[{name: a, command: b, environment_file: /c}]", "[{name: a, command: b, environment_file: -/c}]",
        "[{name: a, command: b, environment_file: c}]", "[{name: a, command: b, credentials: {c: /d}}]",
        "[{name: a, command: b, credentials: {c: d}}]", "[{name: a, command: b, credentials: {'c:d': /e}}]",
        "[{name: a, command: b, sandbox: false}]", "[{name: a, command: b, sandbox: strict}]",
        "[{name: a, command: b, other: c}]", "[{import: a.b}]", "[{import: a b}]", "[{run: x}]",
        "[{import: a, run: b}]",
        "[{source: a, destination: /b}]", "[{source: a, destination: b}]",
        "[{source: a, destination: /b, config: true}]",
        "[{source: a, destination: /b, config: maybe}]", "[{source: a, destination: /b, mode: '0644', doc: true}]",
        "[{source: a, destination: /b, mode: '9'}]", "{pre: x}", "{pre: {}}", "{pre: {file: a, text: b}}",
        "{miniconda: a, micromamba: b}", "[{}]", "{pre: {file: a}, post: {text: b}}", "{pre: [x]}",
        "{before: x}", "[openssl >= 3]", "[openssl >=3]", "[(a or b)]", "[a, b]",
    ]

    private static func schema() throws -> JSONValue {
        let text = try Manifest.jsonSchema()
        return try jsonValue(text)
    }

    @Test("Decoder and schema agree on every key", arguments: RPMSection.table.keys.map(\.name))
    func agreement(key: String) throws {
        let schema = try Self.schema()
        var accepted = 0
        for candidate in Self.candidates {
            let text = "dependencies: [python]\nrpm:\n  \(key): \(candidate)\n"
            let document = try jsonValue(text)
            let bySchema = SchemaValidator.accepts(document, schema)
            let byDecoder = (try? decode(text)) != nil
            if byDecoder { accepted += 1 }
            // Unquoted, YAML makes numbers and truth values of texts; the decoder reads them as written.
            let isUnquoted = candidate.wholeMatch(of: /-?[0-9.]+|true|false|\[1\]/) != nil
            #expect(byDecoder == bySchema || (byDecoder && isUnquoted), "\(key): \(candidate)")
        }
        #expect((1..<Self.candidates.count).contains(accepted), "the candidates tell right from wrong")
    }

    @Test(
        "Decoder and schema agree on the environment part",
        arguments: [
            "dependencies: [a]", "dependencies: []", "dependencies: a", "dependencies: [[a]]",
            "dependencies: [{pip: [a]}]",
            "dependencies: [{npm: [a]}]", "dependencies: [{pip: a}]", "name: x", "dependencies: [a]\nname: a b",
            "dependencies: [a]\nname: a-b", "dependencies: [a]\nchannels: [x, nodefaults]",
            "dependencies: [a]\nchannels: x", "dependencies: [a]\nplatforms: [noarch]",
            "dependencies: [a]\nplatforms: [linux-64]", "dependencies: [a]\nvariables: {A: 1, B: x, C: true}",
            "dependencies: [a]\nvariables: {A-B: x}", "dependencies: [a]\nvariables: {A: [x]}",
            "dependencies: [a]\ncategory: prod", "dependencies: [a]\nother: [1]", "dependencies: [a]\nrpm: []",
        ])
    func environmentAgreement(text: String) throws {
        let document = try jsonValue(text)
        #expect(SchemaValidator.accepts(document, try Self.schema()) == ((try? decode(text)) != nil))
    }

    @Test("The schema describes every key of every mapping")
    func descriptions() throws {
        func check(_ value: JSONValue, _ path: String) {
            guard case .object(let members) = value else {
                if case .list(let items) = value { items.forEach { check($0, path) } }
                return
            }
            if case .object(let properties) = members["properties"] {
                for (name, property) in properties where name != "pip" {
                    guard case .object(let schema) = property, case .text(let text) = schema["description"] else {
                        Issue.record("\(path).\(name) has no description")
                        continue
                    }
                    #expect(text.hasSuffix("."), "\(path).\(name)")
                }
            }
            for (name, member) in members { check(member, "\(path).\(name)") }
        }
        check(try Self.schema(), "")
    }

    @Test("The complete manifest follows the schema")
    func complete() throws {
        let document = try jsonValue(ManifestTests.complete)
        #expect(SchemaValidator.accepts(document, try Self.schema()))
    }

    @Test("Every pattern compiles and is anchored")
    func patterns() throws {
        let rules: [TextRule] = [
            .line, .paragraph, .packageName, .rpmVersion, .command, .unit, .unitReference, .user, .variable, .module,
            .absolutePath, .environmentFile, .credential, .prefix, .buildPath, .wheel, .sha256, .numericVersion, .mode,
        ]
        for rule in rules {
            _ = try Regex(rule.pattern)
            #expect(!rule.accepts("\n") && !rule.accepts(""), "\(rule.expected)")
        }
    }

    @Test("The schema's text is stable")
    func stable() throws {
        let text = try Manifest.jsonSchema()
        #expect(try text == Manifest.jsonSchema() && text.hasSuffix("}\n"))
        #expect(text.contains("\"$schema\" : \"https://json-schema.org/draft/2020-12/schema\""))
    }
}

/// What JSON would hold for a YAML document: plain scalars are numbers, truth values or nothing where they look so.
private func jsonValue(_ text: String) throws -> JSONValue {
    try jsonValue(try #require(try YAMLNode.parse(text, file: "document")))
}

private func jsonValue(_ node: YAMLNode) throws -> JSONValue {
    switch node.kind {
    case .nothing: return .null
    case .mapping:
        let members = try node.entries().map { ($0.name, try jsonValue($0.value)) }
        return .object(Dictionary(members) { first, _ in first })
    case .list: return .list(try node.items().map(jsonValue))
    case .text:
        let text = try node.text()
        guard node.isPlain else { return .text(text) }
        if let truth = ["true": true, "false": false][text] { return .boolean(truth) }
        return Int(text).map(JSONValue.number) ?? .text(text)
    }
}
