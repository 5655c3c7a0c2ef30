import RPMFormat
import ServiceManifest
import ServiceRelease
import Testing

@testable import ServicePackaging

@Suite struct ScriptletTextTests {
    private func text(_ script: String?) throws -> ScriptletText {
        var scripts = try ResolvedScripts(Manifest())
        (scripts.pre, scripts.post, scripts.preun, scripts.postun) = (script, script, script, script)
        let release = Release(
            name: "orders", version: "1.0", release: "1", summary: "", inputs: "", tool: "test",
            target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
            prefix: "/opt/orders", requested: [], channels: [], packages: [], installedSize: 0)
        return ScriptletText(
            release: release, users: [ServiceUser(name: "web", group: "web")], scripts: scripts, neededKiB: 1,
            copiedKiB: 2)
    }

    private static let all = [
        ("pre", ScriptletText.Templates.pre), ("post", ScriptletText.Templates.post),
        ("preun", ScriptletText.Templates.preun), ("postun", ScriptletText.Templates.postun),
        ("verify", ScriptletText.Templates.verify),
    ]

    @Test("each word of our scriptlets has a value, and each value a word")
    func wordsAndValues() throws {
        let known = Set(try text(nil).values(own: nil).keys)
        for (name, template) in Self.all {
            #expect(template.words.subtracting(known).isEmpty, "scripts/rpm/\(name).sh")
        }
        #expect(known.subtracting(Self.all.flatMap(\.1.words)).isEmpty)
    }

    @Test("a packager's script stays as it was written, in every scriptlet and every time")
    func ownScripts() throws {
        let script = "mail -s '@NAME@ @IDENTIFIER@ @SCRIPT@' @USERS@@example.com # @PREFIX@ @UNKNOWN@"
        let scriptlets = try text(script).scriptlets
        for scriptlet in [scriptlets.pre, scriptlets.post, scriptlets.preun, scriptlets.postun] {
            let body = try #require(scriptlet).body
            #expect(ResolvedScripts.own(in: body) == script)
            #expect(body.contains("orders"))
        }
        for _ in 0..<20 { #expect(try text(script).scriptlets == scriptlets) }
    }
}
