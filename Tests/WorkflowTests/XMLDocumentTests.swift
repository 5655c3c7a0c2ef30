import Testing

@testable import Workflow

@Suite("Documents of XML") struct XMLDocumentTests {
    /// What is told, one line each; nil where it is no XML.
    private func events(_ text: String) -> [String]? {
        var events: [String] = []
        let isWhole = XMLDocument.read(Array(text.utf8)) { event in
            switch event {
            case .start(let name, let attributes): events.append("<\(name) a=\(attributes["a"] ?? "none")>")
            case .end(let name, let text): events.append("\(text)</\(name)>")
            }
        }
        return isWhole ? events : nil
    }

    @Test("Elements, attributes and text are told in their order")
    func elements() {
        let text = "<?xml version='1.0'?><x:y a='1 &amp; 2' b='3'>d<z b='4'>\u{fc} &lt;<![CDATA[&]]></z></x:y>"
        #expect(events(text) == ["<x:y a=1 & 2>", "<z a=none>", "\u{fc} <&</z>", "\u{fc} <&</x:y>"])
    }

    @Test(
        "What is cut, no XML, or could declare an entity tells nothing",
        arguments: [
            "", "<a>", "<a></b>", "<a/><b/>", "text", "<a>&b;</a>", "<a b='1' b='2'/>", "<!DOCTYPE a><a/>",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
        ])
    func refusals(text: String) {
        #expect(events(text) == nil)
    }

    @Test(
        "A document of several megabytes is read in pieces, none of it twice",
        arguments: [1 << 20, 3 << 20, (1 << 21) + 1])
    func pieces(size: Int) {
        // The element takes 7 bytes, so that the document has just this size.
        let events = events("<a>" + String(repeating: "x", count: size - 7) + "</a>")
        #expect(events?.last?.utf8.count == size - 7 + 4)
    }
}
