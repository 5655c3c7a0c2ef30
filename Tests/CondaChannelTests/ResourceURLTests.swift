import Testing

@testable import CondaChannel

@Suite struct ResourceURLTests {
    @Test(arguments: [
        ("https://Conda.Example.org/ch", "https://conda.example.org/ch", "https://Conda.Example.org/ch"),
        ("https://h/t/SECRET/ch/noarch", "https://h/ch/noarch", "https://h/t/SECRET/ch/noarch"),
        ("https://h/api/t/SECRET/ch", "https://h/api/ch", "https://h/api/t/SECRET/ch"),
        ("https://user:p%40ss@h:8443/ch", "https://h:8443/ch", "https://h:8443/ch"),
        ("file:///a%20b/c", "file:///a%20b/c", "file:///a%20b/c"),
        ("http://[::1]:80/x?sig=SECRET#frag", "http://[::1]:80/x", "http://[::1]:80/x?sig=SECRET"),
    ])
    func takesCredentialsApart(_ text: String, printed: String, sent: String) throws {
        let url = try #require(ResourceURL(text))
        #expect(url.description == printed)
        #expect(url.revealed().lowercased() == sent.lowercased())
        #expect(!"\(url)".contains("SECRET") && !String(reflecting: url.credentials).contains("SECRET"))
    }

    @Test(arguments: [
        "ftp://h/x", "conda-forge", "https://", "file://host/x", "https://h/a b", "https://h/\u{7f}", "http:/x", "",
    ])
    func refuses(_ text: String) { #expect(ResourceURL(text) == nil) }

    @Test func keepsUserAndPassword() throws {
        let known = try #require(ResourceURL("https://user:p%40ss@h/ch")).credentials.reveal()
        #expect(known.user == "user" && known.password == "p@ss")
    }

    /// RFC 3986, section 5.4, as far as redirects and `base_url` use it.
    @Test(arguments: [
        ("g", "http://a/b/c/g"), ("./g", "http://a/b/c/g"), ("g/", "http://a/b/c/g/"), ("/g", "http://a/g"),
        ("//g/x", "http://g/x"),
        ("..", "http://a/b/"), ("../g", "http://a/b/g"), ("../../../g", "http://a/g"), ("./", "http://a/b/c/"),
        ("https://other/x", "https://other/x"), ("g?to=http://x/", "http://a/b/c/g"),
    ])
    func resolves(_ reference: String, to expected: String) throws {
        let base = try #require(ResourceURL("http://a/b/c/d;p"))
        #expect(base.resolving(reference)?.description == expected)
    }

    @Test func pathsAreNormalizedByTheirTextAlone() {
        #expect(normalizedPath("/a//b/./../c/") == "/a/c")
    }

    @Test func redactedShowsNothing() {
        let secret = Redacted("SECRET")
        var dumped = ""
        dump(["x": secret], to: &dumped)
        #expect(!dumped.contains("SECRET") && "\(secret)" == "<redacted>" && secret.reveal() == "SECRET")
    }
}
