import Testing

@testable import RPMFormat

@Suite struct TemplateTests {
    private func filled(_ text: String, mark: String = "@", _ values: [String: String]) -> String {
        Template(Array(text.utf8), mark: mark).filled(values)
    }

    @Test("a value is put in as it is, whatever words it has")
    func valuesAreNotSearched() {
        let values = ["A": "@B@ @A@", "B": "@A@", "C_D": "c"]
        for _ in 0..<20 { #expect(filled("@A@@B@ '@C_D@'", values) == "@B@ @A@@A@ 'c'") }
    }

    @Test("what is no word stays", arguments: ["a@b.c @ @@ @lower@ @A", "@", "@@@@", "@_A@", "@A1@"])
    func otherMarks(text: String) {
        #expect(filled(text, ["A": "x", "lower": "x", "": "x", "_A": "x", "A1": "x"]) == text)
    }

    @Test("a mark may stand before a word")
    func marksSideBySide() {
        #expect(
            filled("--date=@__BUILD_TIME__ %__os_install_post", mark: "__", ["BUILD_TIME": "7"])
                == "--date=@7 %__os_install_post")
        #expect(filled("me@@A@", ["A": "x"]) == "me@x")
    }

    @Test("a comment that is nothing but a word makes way")
    func comments() {
        #expect(filled("a\n# @A@\n# @B@\n# @A@ and\nb", ["A": "x\ny", "B": ""]) == "a\nx\ny\n# x\ny and\nb")
    }

    @Test("words without values are told, and stay")
    func unknownWords() {
        #expect(Template(Array("@A@ @B@\n# @C@".utf8), mark: "@").words == ["A", "B", "C"])
        #expect(filled("@A@ @B@\n# @C@", ["A": "x"]) == "x @B@\n# @C@")
    }

    @Test("the spec file has a value for each of its words")
    func specWords() throws {
        let package = RPMDescription(
            name: "orders", version: "1", release: "1", architecture: "x86_64", summary: "Orders", license: "MIT")
        let text = try SpecText(package).text
        #expect(!SpecText.template.words.isEmpty)
        for word in SpecText.template.words { #expect(!text.contains("__\(word)__"), "\(word) has no value") }
    }
}
