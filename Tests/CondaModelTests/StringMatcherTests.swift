import CondaModel
import Testing

/// Globs and regular expressions over text fields.
@Suite struct StringMatcherTests {
    @Test(arguments: [
        ("py27*", "py27_0", true), ("py27*", "py2", false), ("*_0", "py27_0", true), ("*", "", true),
        ("*py*_0", "a_py27_0", true), ("a*a", "a", false), ("a*a", "aa", true), ("*b*b*", "abcb", true),
        ("*b*b*", "abc", false), ("**", "x", true), ("PY*", "py1", true), ("py*", "PY1", true), ("a*b*c", "abbc", true),
        ("a*bc*c", "abcc", true), ("a*bc*c", "abc", false),
    ])
    func globs(glob: String, text: String, expected: Bool) {
        #expect(Glob(glob).matches(text) == expected)
    }

    @Test func globWithoutStarIsTheText() {
        #expect(Glob("abc").matches("ABC"))
        #expect(!Glob("abc").matches("abcd"))
        #expect(Glob("").matches(""))
        #expect(!Glob("").matches("a"))
    }

    @Test(arguments: [
        ("^py3[67]_.*$", "py36_0", true), ("^py3[67]_.*$", "py38_0", false), ("^(?:a|bc)+$", "abcbca", true),
        ("^(?:a|bc)+$", "abca b", false), ("^a{2,3}$", "aa", true), ("^a{2,3}$", "aaaa", false), ("^a{2}$", "aa", true),
        ("^a{2,}$", "aaaaa", true), ("^a{,2}$", "aaa", false), ("^a?b+?c*$", "bbcc", true),
        (#"^\d+\.\d+$"#, "1.12", true),
        (#"^\w+\s\S$"#, "ab c", true), (#"^\D$"#, "1", false), ("^[^a-c]$", "b", false), ("^[^a-c]$", "d", true),
        ("^[]a]$", "]", true), ("^[a-]$", "-", true), (#"^[\d_]+$"#, "1_2", true), ("^ABC$", "abc", true),
        ("^abc$", "ABC", true), ("^[A-F]$", "c", true), ("^a|b$", "ab", true), ("^a|b$", "ba", false), ("^$", "", true),
        ("^.*$", "", true), ("^(a*)*$", "aaaa", true), ("^a.c$", "aéc", false), ("^é$", "é", true),
    ])
    func patterns(pattern: String, text: String, expected: Bool) throws {
        #expect(try Pattern(pattern).matches(text) == expected)
    }

    @Test func aHostilePatternTakesNoLonger() throws {
        let pattern = try Pattern("^(a+)+(a+)+(a|a)*$")
        #expect(!pattern.matches(String(repeating: "a", count: 500) + "b"))
    }

    @Test(arguments: [
        ("^(a$", 4), ("^a)$", 2), ("^[a$", 4), ("^*$", 1), ("^a{$", 3), ("^a{3,2}$", 7), ("^(?=a)$", 3),
        (#"^(a)\1$"#, 5),
        ("^a{9999}$", 8), ("^((((a{99}){99}){99}){99}){99}$", 15),
    ])
    func refuses(pattern: String, offset: Int) {
        let error = #expect(throws: TextProblem.self) { try Pattern(pattern) }
        #expect(error?.offset == offset)
    }
}
