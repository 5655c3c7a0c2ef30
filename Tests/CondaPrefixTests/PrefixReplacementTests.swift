import Testing

@testable import CondaPrefix

/// Expectations are what conda's `portability.py` gives for the same bytes.
@Suite struct PrefixReplacementTests {
    private func replaced(
        _ text: String, _ placeholder: String, _ prefix: String, binary: Bool = false
    ) throws -> String {
        var bytes = Array(text.utf8)
        try PrefixReplacement(placeholder: placeholder, prefix: prefix, mode: binary ? .binary : .text)
            .apply(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("no prefix here", "no prefix here"),
        ("/old/bin:/old/lib", "/newer/bin:/newer/lib"),
        ("/old", "/newer"),
        ("/ol/old/old", "/ol/newer/newer"),
        ("", ""),
    ])
    func textIsReplacedEverywhere(text: String, expected: String) throws {
        #expect(try replaced(text, "/old", "/newer") == expected)
    }

    @Test(arguments: [
        ("a/placeholder/x\u{0}b", "a/new/x\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}b"),
        (
            "/placeholder/a:/placeholder/b\u{0}|",
            "/new/a:/new/b" + String(repeating: "\u{0}", count: 17) + "|"
        ),
        ("/placeholder without an end", "/placeholder without an end"),
        ("\u{0}/placeholder\u{0}/placeholder", "\u{0}/new" + String(repeating: "\u{0}", count: 9) + "/placeholder"),
        ("nothing\u{0}", "nothing\u{0}"),
        (
            "/placeholder\u{0}/placeholder\u{0}",
            "/new" + String(repeating: "\u{0}", count: 9) + "/new" + String(repeating: "\u{0}", count: 9)
        ),
    ])
    func binaryStringsKeepTheFilesLength(text: String, expected: String) throws {
        let result = try replaced(text, "/placeholder", "/new", binary: true)
        #expect(result == expected)
        #expect(result.utf8.count == text.utf8.count)
    }

    @Test func prefixOfTheSameLengthFits() throws {
        #expect(try replaced("/abc/x\u{0}", "/abc", "/xyz", binary: true) == "/xyz/x\u{0}")
    }

    @Test func longerPrefixIsRefusedOnlyWhereItMatters() throws {
        #expect(throws: PrefixReplacement.PrefixTooLong(placeholderLength: 4, prefixLength: 6)) {
            try replaced("/abc\u{0}", "/abc", "/abcde", binary: true)
        }
        #expect(try replaced("none\u{0}", "/abc", "/abcde", binary: true) == "none\u{0}")
        #expect(try replaced("/abc", "/abc", "/abcde") == "/abcde")
    }

    enum Wide: CaseIterable { case utf16Little, utf16Big, utf32Little, utf32Big }

    private func encode(_ text: String, _ encoding: Wide) -> [UInt8] {
        switch encoding {
        case .utf16Little: text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        case .utf16Big: text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        case .utf32Little: text.unicodeScalars.flatMap { [UInt8($0.value & 0xFF), UInt8($0.value >> 8), 0, 0] }
        case .utf32Big: text.unicodeScalars.flatMap { [0, 0, UInt8($0.value >> 8), UInt8($0.value & 0xFF)] }
        }
    }

    @Test(arguments: Wide.allCases)
    func wideEncodingsAreReplaced(encoding: Wide) throws {
        var binary = encode("a/placeholder/lib:/placeholder\u{0}z", encoding)
        let padding = String(repeating: "\u{0}", count: 17)
        try PrefixReplacement(placeholder: "/placeholder", prefix: "/new", mode: .binary).apply(to: &binary)
        #expect(binary == encode("a/new/lib:/new\(padding)z", encoding))

        var text = encode("x=/placeholder/lib\n", encoding)
        try PrefixReplacement(placeholder: "/placeholder", prefix: "/a much longer prefix", mode: .text)
            .apply(to: &text)
        #expect(text == encode("x=/a much longer prefix/lib\n", encoding))
    }

    @Test func searchFindsWhatNaiveSearchFinds() {
        let text = Array("abcabcabdabcabcabcabd--abd".utf8)
        for length in 1...6 {
            for start in 0..<(text.count - length) {
                let pattern = Array(text[start..<(start + length)])
                let naive = (0...(text.count - length)).first { Array(text[$0..<($0 + length)]) == pattern }
                #expect(text.withUnsafeBytes { BytePattern(pattern).firstIndex(in: $0) } == naive)
            }
        }
        #expect(text.withUnsafeBytes { BytePattern(Array("abe".utf8)).firstIndex(in: $0) } == nil)
        #expect(text.withUnsafeBytes { BytePattern(text + [0]).firstIndex(in: $0) } == nil)
    }
}
