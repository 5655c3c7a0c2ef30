import HostSystem
import Testing

@testable import CondaModel

@Suite("Bytes as text, and text in URLs") struct TextFormTests {
    @Test("hexadecimal text", arguments: [([], ""), ([0], "00"), ([0x0F, 0xA0, 0xFF], "0fa0ff")])
    func hexadecimalText(raw: [UInt8], text: String) {
        #expect(hexadecimal(raw) == text)
        #expect(bytes(hexadecimal: text) == raw && bytes(hexadecimal: text.uppercased()) == raw)
        #expect(isHexadecimal(text, bytes: raw.count) && !isHexadecimal(text + "0", bytes: raw.count))
    }

    @Test("what is no hexadecimal text", arguments: ["0", "0g", "+1", "0x", " 0", "é", "00 "])
    func noHexadecimalText(text: String) {
        #expect(bytes(hexadecimal: text) == nil)
        #expect(!isHexadecimal(text, bytes: text.utf8.count / 2))
    }

    @Test("digests are lower case") func digests() {
        #expect(isHexadecimal("af", bytes: 1) && !isHexadecimal("AF", bytes: 1))
    }

    @Test(
        "escapes in URLs",
        arguments: [
            ("/a b/c+d!1.0-ü.conda", "/a%20b/c+d!1.0-%C3%BC.conda"), ("100%", "100%25"), ("[x]^|\\`{}\"<>?#", nil),
            ("a&'()*,-./:;=@_~$", "a&'()*,-./:;=@_~$"), ("\u{0}\u{7f}\n", "%00%7F%0A"), ("", ""),
        ])
    func encoding(text: String, expected: String?) {
        let encoded = percentEncoded(text)
        #expect(encoded == expected ?? "%5Bx%5D%5E%7C%5C%60%7B%7D%22%3C%3E%3F%23")
        #expect(percentDecoded(encoded) == text)
    }

    @Test("what is kept can be chosen") func keeping() {
        #expect(percentEncoded("a/b+c:1~2é", keeping: "-._~:") == "a%2Fb%2Bc:1~2%C3%A9")
    }

    @Test(
        "what is no escape stays",
        arguments: [
            ("%", "%"), ("%4", "%4"), ("%4g%41", "%4gA"), ("%+1%-1", "%+1%-1"), ("%%41", "%A"), ("%FF", "\u{FFFD}"),
        ])
    func decoding(text: String, expected: String) {
        #expect(percentDecoded(text) == expected)
    }

    @Test(
        "variables",
        arguments: [
            ("$A/b", "1/b"), ("${A}b", "1b"), ("$AB", "$AB"), ("${A", "${A"), ("$", "$"), ("a$$A", "a$1"),
            ("${}", "${}"), ("x$A-$A", "x1-1"), ("none", "none"), ("$É", "$É"), ("${B$A}", "${B1}"), ("$C", "$A"),
        ])
    func variables(text: String, expected: String) {
        #expect(expandingVariables(in: text, ["A": "1", "C": "$A"]) == expected)
    }
}
