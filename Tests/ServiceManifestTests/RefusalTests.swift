import Testing

@testable import ServiceManifest

@Suite("Refusals") struct RefusalTests {
    static let cases: [(text: String, description: String, hint: String?)] = [
        ("", "m.yml: expected a mapping with \"dependencies\", found an empty file", nil),
        ("# nothing\n", "m.yml: expected a mapping with \"dependencies\", found an empty file", nil),
        ("~", "m.yml: expected a mapping with \"dependencies\", found an empty file", nil),
        ("- python", "m.yml:1:1: expected the manifest, a mapping with", nil),
        ("name: x", "m.yml:1:1: the manifest needs the key \"dependencies\"", "add `dependencies:`"),
        ("dependencies:", "m.yml:1:14: dependencies: expected a list of requirements, found nothing", nil),
        ("dependencies: []", "m.yml:1:15: dependencies: expected at least one requirement, found an empty list", nil),
        ("dependencies: python", "m.yml:1:15: dependencies: expected a list of requirements, found \"python\"", nil),
        ("dependencies: [python, [x]]", "m.yml:1:24: dependencies[1]: expected a requirement", nil),
        ("dependencies: [python >>1]", "m.yml:1:16: dependencies[0]: \"python >>1\" is no requirement", nil),
        ("dependencies: [{npm: [x]}]", "m.yml:1:17: dependencies[0].npm: an unknown subsection", "quote a requirement"),
        (
            "dependencies: [{pips: [x]}]", "m.yml:1:17: dependencies[0].pips: an unknown subsection",
            "did you mean \"pip\"?"
        ),
        ("dependencies:\n- pip: [x]\n- pip: [y]", "m.yml:3:3: dependencies[1].pip: there is a second pip list", nil),
        (
            "dependencies: [{pip: [-e .]}]", "m.yml:1:23: dependencies[0].pip[0]: an option of pip",
            "set indexes in uv's own configuration"
        ),
        ("dependencies: [{pip: x}]", "m.yml:1:22: dependencies[0].pip: expected a list of PyPI", nil),
        ("dependencies: [a]\nplatforms: [noarch]", "m.yml:2:13: platforms[0]: expected a platform", nil),
        (
            "dependencies: [a]\nplatforms: [linux-64, linux-64]",
            "m.yml:2:23: platforms[1]: \"linux-64\" is listed twice", nil
        ),
        ("dependencies: [a]\nvariables: {1A: b}", "m.yml:2:13: variables.1A: expected a variable name", nil),
        ("dependencies: [a]\nvariables: {A: [b]}", "m.yml:2:16: variables.A: expected text, found a list", nil),
        ("dependencies: [a]\nvariables: {A: }", "m.yml:2:16: variables.A: expected text, found nothing", nil),
        ("dependencies: [a]\nvariables: {A: \"x\\0y\"}", "variables.A: expected text, found text with a NUL", nil),
        (
            "dependencies: [a]\nvariables: {Url: a, URL: b}",
            "m.yml:2:21: variables.URL: \"URL\" is exported as URL, and so is \"Url\"", "rename or remove one of them"
        ),
        (
            "dependencies: [a]\nvariables: {path: a}",
            "variables.path: \"path\" is exported as PATH, and so is conda's own",
            "rename or remove"
        ),
        ("dependencies: [a]\nrpm: {frozen: sometimes}", "m.yml:2:15: rpm.frozen: expected", nil),
        ("dependencies: [a]\nname: x\nname: y", "m.yml:2:1: \"name\" is written twice", "keep one of them"),
        ("dependencies: [a]\n\trpm: x", "m.yml:2:1: not valid YAML", "indent with blanks"),
        ("dependencies: [a", "m.yml:2:1: not valid YAML", nil),
        ("dependencies: [a]\n---\nname: b", "m.yml:2:1: not valid YAML: expected a single document", nil),
        ("dependencies: *nowhere", "m.yml:1:15: not valid YAML: found undefined alias", nil),
        (
            "dependencies: !!python/object:os.system [a]\nname: !local x", "name: a tag has no meaning here",
            "remove the tag"
        ),
        ("dependencies: [a]\n? [x]\n: y", "m.yml:2:3: expected a key that is text", nil),
    ]

    @Test("What is wrong, and where", arguments: cases)
    func refused(text: String, description: String, hint: String?) throws {
        let error = #expect(throws: ManifestError.self) { try decode(text, path: "m.yml") }
        #expect(error?.description.contains(description) == true, "\(String(describing: error))")
        if let hint { #expect(error?.hint?.contains(hint) == true, "\(error?.hint ?? "no hint")") }
    }

    @Test("Bytes that are not UTF-8 are named with their line")
    func notUTF8() {
        let error = #expect(throws: ManifestError.self) {
            try Manifest.decode(Array("name: x\n".utf8) + [0x61, 0xff, 0x0a], path: "m.yml")
        }
        #expect(error?.description == "m.yml:2: expected UTF-8 text, found other bytes")
    }

    @Test("Hostile documents end in an error", arguments: ["[", "{a: ", "- "])
    func deepNesting(opening: String) {
        #expect(throws: ManifestError.self) { try decode(String(repeating: opening, count: 20_000)) }
    }

    @Test("A byte order mark and CRLF are no obstacle")
    func byteOrderMark() throws {
        #expect(try decode("\u{FEFF}name: x\r\ndependencies:\r\n- python\r\n").name == "x")
    }

    @Test(
        "Selectors are refused",
        arguments: [
            ("dependencies:\n- a\n- pywin32  # [win]", 3), ("dependencies:\n- a #[not osx]", 2),
            ("dependencies: [a]\nname: x # [linux64 and py]", 2),
            ("dependencies: [a]\nrpm:\n  description: |\n    text # [win]\n  keep: 1 # [win]", 5),
            ("dependencies:\n- a\n- \"b >1\"   # [aarch64]", 3),
        ])
    func selectors(text: String, line: Int) {
        let error = #expect(throws: ManifestError.self) { try decode(text) }
        #expect(error?.line == line && error?.hint?.contains("remove the selector") == true)
    }

    @Test("Selectors as mappings are refused")
    func mappingSelectors() {
        let error = #expect(throws: ManifestError.self) { try decode("dependencies:\n- sel(linux): a") }
        #expect(error?.description.contains("selectors are not supported") == true)
    }

    @Test(
        "What only resembles a selector is not refused",
        arguments: [
            "dependencies:\n- a  # [see linux notes]\n".replacing("linux ", with: "the "),
            "# [linux]\ndependencies: [a]",
            "dependencies:\n- a\n# - b  # [win]", "dependencies: ['a[build=\"x\"]']",
            "dependencies: [a]\nrpm:\n  scripts:\n    pre: |\n      true # [linux]\n\n      false # [win]\n  keep: 1",
            "dependencies: [a]\nrpm:\n  summary: 'a # [linux]'",
        ])
    func noSelectors(text: String) throws {
        _ = try decode(text)
    }
}
