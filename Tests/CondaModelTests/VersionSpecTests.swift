import CondaModel
import Testing

/// What version expressions match, how they are printed, and what is refused.
@Suite struct VersionSpecTests {
    static let table: [(String, String, Bool)] = [
        ("1.7.*", "1.7.1", true), ("1.7.1", "1.7.1", true), ("1.7.0", "1.7.1", false), ("1.7", "1.7.1", false),
        ("1.5.*", "1.7.1", false), (">=1.5", "1.7.1", true), ("!=1.5", "1.7.1", true), ("!=1.7.1", "1.7.1", false),
        ("==1.7.1", "1.7.1", true), ("==1.7", "1.7.1", false), ("==1.7.1.0", "1.7.1", true),
        ("1.7.*|1.8.*", "1.7.1", true), (">1.7,<1.8", "1.7.1", true), (">1.7.1,<1.8", "1.7.1", false),
        ("^1.7.1$", "1.7.1", true), (#"^1\.7\.1$"#, "1.7.1", true), (#"^1\.7\.[0-9]+$"#, "1.7.1", true),
        (#"^1\.8.*$"#, "1.7.1", false), (#"^1\.[5-8]\.1$"#, "1.7.1", true), ("^[^1].*$", "1.7.1", false),
        (#"^[0-9+]+\.[0-9+]+\.[0-9]+$"#, "1.7.1", true), ("^$", "1.7.1", false), ("^.*$", "1.7.1", true),
        ("1.7.*|^0.*$", "1.7.1", true), ("1.6.*|^0.*$", "1.7.1", false), ("1.6.*|^0.*$|1.7.1", "1.7.1", true),
        (#"1.6.*|^.*\.7\.1$|0.7.1"#, "1.7.1", true), ("*", "1.7.1", true), ("1.*.1", "1.7.1", true),
        ("1.5.*|>1.7,<1.8", "1.7.1", true), ("1.5.*|>1.7,<1.7.1", "1.7.1", false),
        // conda's ver_eval table.
        ("==1.7", "1.7.0", true), ("<=1.7", "1.7.0", true), ("<1.7", "1.7.0", false), (">1.7", "1.7.0", false),
        (">2013b", "2013a", false), (">2013b", "2013k", true), (">2013b", "3.0.0", false), (">1.0.0a", "1.0.0", true),
        (">1.0.0*", "1.0.0", true), ("1.0*", "1.0", true), ("1.0*", "1.0.0", true), ("1.0.0*", "1.0", true),
        ("1.0.0*", "1.0.1", false), ("2013a*", "2013a", true), ("2013b*", "2013a", false), ("2013a*", "2013ab", true),
        ("1.2.4*", "1.3.4", false), ("1.2.3*", "1.2.3+4.5.6", true), ("1.2.3+4*", "1.2.3+4.5.6", true),
        ("1.2.3+5*", "1.2.3+4.5.6", false), ("1.2.4+5*", "1.2.3+4.5.6", false),
        // Fuzzy equality and exclusion.
        ("=3.3", "3.3.1", true), ("=3.3", "3.3", true), ("=3.3", "3.4", false), ("=3.3.*", "3.3.1", true),
        ("!=3.3.*", "3.3.1", false), ("!=3.3.*", "3.4.1", true), ("!=3.3", "3.3.1", true),
        ("!=3.3", "3.3.0.0", false), ("!=3.3.*", "3.3.0.0", false), ("!=3*", "3.1.0", false),
        ("!=1.*.3", "1.2.3", false), ("!=1.*.3", "1.2.4", true), ("==1.8.*", "1.8.2", true), ("==1*", "1.5", true),
        ("=1.0", "1.0rc1", true), ("=1.0", "1.0.rc1", true), ("=0", "0.0.0.1", true), ("=0", "1", false),
        ("=0", "1!0", false), ("=1.7.0", "1.7", true), ("=1.7.0.0", "1.7.0.0.5", true), ("=1.7.0.0", "1.7.0.5", false),
        ("=1.7.0", "1.7.0post1", true), ("=1.7.0", "1.7.post1", true), ("=1.7", "1.7post1", true),
        ("=1.7.0", "1.7.1dev", false), ("=1.1.1_", "1.1.1_", true), ("=0.4.1p", "0.4.1p1", true),
        ("=0.4.1q1", "0.4.1p1", false), ("=0.4.1", "0.4", false), ("=0.4.1+1", "0.4.1+1.3", true),
        ("=0.4.1+1.3", "0.4.1", false), ("=0.4.1+1.3", "0.4.1+1", false), ("=1.dev", "1.devel", false),
        ("=1.dev", "1.dev3", true), ("=1!2", "1!2.3", true), ("=1!2", "2.3", false),
        // Compatible releases.
        ("~=1.10", "1.11.0", true), ("~=1.10.0", "1.11.0", false), ("~=3.3.2", "3.4.0", false),
        ("~=3.3.2", "3.3.1", false), ("~=3.3.2", "3.3.2.0", true), ("~=3.3.2|==2.2", "2.2.0", true),
        ("~=3.3.2|==2.2", "2.2.1", false), ("~=0.5.3", "0.5.3post1", true), ("~=1.7*", "1.7a1", true),
        // Stars in comparisons: `.*` counts for nothing, a bare star stands before all pre-releases.
        (">=1.8.*", "1.8", true), (">=1.8.*", "1.8a1", false), (">=1.8*", "1.8a1", true), (">=2.*.*", "2.0a1", true),
        (">=2.*.*", "2a1", false), (">=1.0.1*.vc11", "1.0.1a.vc11", true), ("<=7.11_*", "7.11_", true),
        ("<2.*", "2.0a1", true), (">=*", "0.1", true),
        // Precedence.
        (">=2.7, !=3.0.*, !=3.1.*", "3.4a", true), (">=2.7, !=3.0.*, !=3.1.*", "3.1.5", false),
        ("((1.5|((1.6|1.7), 1.8), 1.9 |2.0))|2.1", "2.1", true),
        ("((1.5|((1.6|1.7), 1.8), 1.9 |2.0))|2.1", "1.8", false),
        ("(>=3.8,<3.10)|(>=3.11,<3.13)", "3.10", false), ("(>=3.8,<3.10)|(>=3.11,<3.13)", "3.12.1", true),
        (">=3,(<4|<5)", "4.5", true), ("2|>=1,<1.5", "1.7", false), ("(2|>=1),<1.5", "2", false),
        ("== 1.7", "1.7", true), (" >= 1.7 , < 2 ", "1.8", true), ("1.*a", "1.7A", true),
    ]

    @Test(arguments: table)
    func matches(text: String, version: String, expected: Bool) throws {
        #expect(try VersionSpec(text).matches(Version(version)) == expected)
    }

    @Test(arguments: table.map(\.0))
    func printsWhatReadsBack(text: String) throws {
        let spec = try VersionSpec(text)
        #expect(try VersionSpec(spec.description) == spec)
        #expect(try VersionSpec(spec.description).description == spec.description)
    }

    @Test(arguments: [
        ("1.7", "==1.7"), ("=1.7", "1.7.*"), ("1.7*", "1.7.*"), (">=1.8 , <2", ">=1.8,<2"),
        ("(1|2),3", "(==1|==2),==3"),
        ("(1,2)|3", "==1,==2|==3"), ("((1|2)|3)", "==1|==2|==3"), ("1,(2,(3))", "==1,==2,==3"), ("<2.*", "<2"),
        ("*", "*"), ("==*", "*"), ("!=1.*", "!=1.*"), ("1.*.2", "1.*.2"),
    ])
    func printsCanonically(text: String, expected: String) throws {
        #expect(try VersionSpec(text).description == expected)
    }

    @Test(arguments: [
        ("", 1), ("><2.4.5", 1), ("!!2.4.5", 1), ("!", 1), ("(1.5", 5), ("1.5)", 4), ("1.5||1.6", 5), ("^1.5", 5),
        ("~", 1), ("^", 2), ("1.2+", 5), ("+1.2", 1), ("++", 1), ("c +, 0/|0 *", 2), ("a[version=)|(", 2),
        ("a=)(=b", 2), ("==", 3), ("=", 2), (">=", 3), ("<=", 3), ("~=3.3.2.*", 9), ("~=3", 4), ("===3.3.2", 1),
        ("=>3", 1), ("1.5,", 5), (",1.5", 1), (">=1,|2", 5), ("1.0 2.0", 4), ("!=*", 3), ("<*", 2), ("^(1$", 5),
        ("1.*é", 4), ("()", 2), (">=1.2*_]", 8), ("<1.*2<", 6), ("1(2)", 2), ("1.0|^a(?=b)$", 9),
    ])
    func refuses(text: String, column: Int) {
        let error = #expect(throws: VersionSpecError.self) { try VersionSpec(text) }
        #expect(error?.column == column, "\(error?.description ?? "")")
        #expect(error?.hint != nil)
    }

    @Test func refusesDeepNesting() {
        let text = String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000)
        #expect(throws: VersionSpecError.self) { try VersionSpec(text) }
    }

    @Test func comparesByMeaning() throws {
        #expect(try VersionSpec("1.7.1*") == VersionSpec("=1.7.1"))
        #expect(try VersionSpec("1.7.1*,1.8.1*") == VersionSpec("1.7.1.*, 1.8.1.*"))
        #expect(try VersionSpec("1.7.*") != VersionSpec("1.7.0.*"))
        #expect(try VersionSpec("1.7") == VersionSpec("==1.7.0"))
        #expect(try VersionSpec("==1.7").exact == Version("1.7"))
        #expect(try VersionSpec("=1.7").exact == nil)
    }
}
