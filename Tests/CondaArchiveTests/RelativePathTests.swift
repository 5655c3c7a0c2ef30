import CondaArchive
import Testing

@Suite("Paths below a root")
struct RelativePathTests {
    @Test(
        "A harmless path is normalised",
        arguments: [
            ("bin/tool", "bin/tool"), ("./bin/tool", "bin/tool"), ("a//b/", "a/b"), ("a/./b", "a/b"),
            ("..a/b..", "..a/b.."),
            ("...", "..."), ("a b", "a b"), ("-rf", "-rf"),
        ])
    func normalises(raw: String, expected: String) throws {
        #expect(try RelativePath(raw).string == expected)
    }

    @Test(
        "A path that cannot be trusted is refused",
        arguments: [
            ("", PathProblem.empty), ("./", .empty), (".", .empty), ("/etc/passwd", .absolute), ("//x", .absolute),
            ("..", .parentReference), ("a/../b", .parentReference), ("a/..", .parentReference),
            ("a\u{0}b", .containsNUL),
        ])
    func refuses(raw: String, problem: PathProblem) throws {
        let found = fault { _ = try RelativePath(raw) }
        guard case .unsafePath(_, problem) = found else {
            Issue.record("expected \(problem), found \(String(describing: found))")
            return
        }
    }

    @Test func keepsBytesThatAreNotUTF8() throws {
        let path = try RelativePath(bytes: [0x61, 0xFF])
        #expect(path.bytes == [0x61, 0xFF])
        #expect(!path.isUTF8)
        #expect(path.string == "a\u{FFFD}")
    }

    @Test func tellsNameAndParent() throws {
        let path = try RelativePath("a/b/c")
        #expect(path.name.elementsEqual("c".utf8))
        #expect(path.parent?.string == "a/b")
        #expect(try RelativePath("a").parent == nil)
    }

    @Test func isInsideComparesWholeComponents() throws {
        #expect(try RelativePath("info/x").isInside("info"))
        #expect(try RelativePath("info").isInside("info"))
        #expect(try !RelativePath("information").isInside("info"))
        #expect(try !RelativePath("lib/info").isInside("info"))
    }

    @Test(
        "A link's text is followed only on paper",
        arguments: [
            ("b", "lib/b"), ("../bin/x", "bin/x"), ("./../lib/./x", "lib/x"),
        ])
    func resolvesLinks(target: String, expected: String) throws {
        let place = LinkTarget(Array(target.utf8)).resolved(from: try RelativePath("lib"))
        #expect(place == .below(try RelativePath(expected)))
    }

    @Test("A link out of the root is outside", arguments: ["/etc", "../..", "../../lib/x", "", "x/../../../y"])
    func seesEscapes(target: String) throws {
        #expect(LinkTarget(Array(target.utf8)).resolved(from: try RelativePath("lib")) == .outside)
    }

    @Test func aLinkMayLeadToTheRoot() throws {
        #expect(LinkTarget(Array("..".utf8)).resolved(from: try RelativePath("lib")) == .root)
    }
}
