import CondaModel
import Testing

/// What is no MatchSpec, and what the reader is told.
@Suite struct MatchSpecErrorTests {
    @Test(arguments: [
        ("", 1), ("   ", 1), ("!xyz 1.3", 1), ("'package'", 1), ("pack@ge", 5), ("pkg..name", 5), ("pkg--name", 5),
        (".pkg", 1), ("-pkg", 1), ("___x", 3), ("blas [optional", 7), ("blas [test=]", 7), (#"blas[invalid="1"]"#, 6),
        ("pkg 4.2.2<6.0.0", 10), ("numpy==", 8), ("numpy<=", 8), ("numpy= ", 7), ("numpy =", 8), ("numpy===1", 6),
        ("numpy=>1", 6), ("^(aaaa$", 8), ("*/lin(ux-65::f/o>=>1y", 6), ("package[build", 14), ("package[build=", 15),
        ("package[build=]", 15), ("package[build=a, build=b]", 18), ("package[build]", 14), ("p[build=0]{x}", 11),
        ("p[build=0][version=2]", 11), ("p[build=0,junk]", 11), ("p[build='0]", 12), ("p[build='0'1]", 12), ("p[]", 3),
        ("p[version='>=']", 14), ("p[version=>=1,<2]", 15), ("p[version='1||2']", 14), ("p 1.0 a-b", 6),
        ("p 1.0 a b", 8),
        ("p 1.0 a[build='b c']", 17), ("p[md5=123]", 7), ("p[subdir='a b']", 11), ("p[build_number='~=1']", 17),
        ("p[build_number=x]", 16), ("[name=p]", 1), ("c::", 4), ("a b::p", 2), ("C::p", 1), ("c//d::p", 3),
        ("https://h/c:p", 7), ("^numpy$1", 8), ("./a-1-0.conda", 1), ("https://h/c/noarch/a-1-0.conda#12", 32),
        ("https://h/c/noarch/a-1-0.conda#sha256:0123*", 39),
        ("p if python", 2), ("p; if python", 2), ("p[version=é]", 11), ("é", 1), ("p[fn='é' x=1]", 10), ("p<", 3),
    ])
    func refuses(text: String, column: Int) {
        let error = #expect(throws: MatchSpecError.self, "\(text)") { try MatchSpec(text) }
        #expect(error?.column == column, "\(error?.description ?? text)")
        #expect(error?.hint?.isEmpty == false)
    }

    @Test(arguments: [
        ("p[when=__unix]", "conditional dependencies (CEP 43)"),
        ("p[extras=[a,b]]", "optional dependency groups (CEP 44)"),
        ("p[flags=[gpu]]", "variant flags (CEP 45)"), ("p if python", "conditional dependencies (CEP 43)"),
    ])
    func namesWhatIsNotSupported(text: String, feature: String) {
        let error = #expect(throws: MatchSpecError.self) { try MatchSpec(text) }
        #expect(error?.hint?.contains(feature) == true)
        #expect(error?.hint?.contains("not supported") == true)
    }

    @Test func suggestsTheNearestKey() {
        let error = #expect(throws: MatchSpecError.self) { try MatchSpec("p[verison=1]") }
        #expect(error?.hint?.contains("did you mean 'version'?") == true)
        #expect(
            error?.description == "'p[verison=1]' is not a package specification: "
                + "expected a field that can be matched in column 3, found 'verison'")
    }

    @Test func aNameIsAtMost64Characters() {
        #expect(throws: Never.self) { try MatchSpec(String(repeating: "a", count: 64)) }
        #expect(throws: MatchSpecError.self) { try MatchSpec(String(repeating: "a", count: 65)) }
    }

    @Test(arguments: ["numpy", "my-package", "my.package", "_openmp_mutex", "__glibc", "r-base", "7zip", "a-", "_"])
    func namesByCEP26(name: String) {
        #expect(Identifier.problem(inPackageName: name) == nil)
    }
}
