import CondaPrefix
import Foundation
import Testing

/// Several packages with one path: what is linked last in topological order is in place.
@Suite struct ClobberTests {
    private func install(_ scratch: Scratch, _ makers: [PackageMaker]) throws -> PrefixReport {
        let report = try scratch.install(try makers.map { try $0.make(in: scratch.archives) })
        #expect(try PrefixState(prefix: scratch.prefix).verify(includingAdded: true).isEmpty)
        return report
    }

    @Test func dependentWinsOverItsDependency() throws {
        let scratch = try Scratch()
        var base = PackageMaker("zbase")
        base.file("share/x", "from base")
        var top = PackageMaker("top", depends: ["zbase"])
        top.file("share/x", "from top")
        let report = try install(scratch, [top, base])
        #expect(try scratch.text("share/x") == "from top")
        #expect(
            report.clobbers == [PathClobber(path: "share/x", winner: "top-1.0-0", losers: ["zbase-1.0-0"])])
        #expect(try scratch.document("zbase-1.0-0")["files"] as? [String] == ["share/x"])
        #expect(report.files == 1)
    }

    @Test func fileGivesWayToALaterDirectoryAndTheReverse() throws {
        for (first, second, winner) in [("share/x", "share/x/y", "share/x/y"), ("share/x/y", "share/x", "share/x")] {
            let scratch = try Scratch()
            var base = PackageMaker("zbase")
            base.file(first, "from base")
            var top = PackageMaker("top", depends: ["zbase"])
            top.file(second, "from top")
            let packages = [try top.make(in: scratch.archives), try base.make(in: scratch.archives)]
            let report = try scratch.install(packages)
            #expect(try scratch.text(winner) == "from top")
            #expect(report.clobbers.map(\.winner) == ["top-1.0-0"])
            #expect(report.clobbers.map(\.losers) == [["zbase-1.0-0"]])
        }
    }

    @Test func pathsBehindADirectoryLinkAreWrittenWhereItLeads() throws {
        let scratch = try Scratch()
        var links = PackageMaker("links")
        links.file("lib/own", "own")
        links.file("lib/both", "from links")
        links.symlink("lib64", to: "lib")
        links.symlink("deep", to: "./lib64/../lib64")
        var other = PackageMaker("other", depends: ["links"])
        other.file("lib64/added", "added")
        other.file("lib64/both", "from other")
        other.file("deep/er", "deeper")
        let report = try scratch.install(
            [try other.make(in: scratch.archives), try links.make(in: scratch.archives)])
        #expect(try scratch.link("lib64") == "lib")
        #expect(try scratch.text("lib/added") == "added")
        #expect(try scratch.text("lib/both") == "from other")
        #expect(try scratch.text("lib/er") == "deeper")
        #expect(report.clobbers.map(\.path) == ["lib/both"])
        #expect(try scratch.paths("other-1.0-0").keys.sorted() == ["deep/er", "lib64/added", "lib64/both"])
    }

    @Test(arguments: ["/etc", "../..", "../../outside", "loop"])
    func pathsBehindALinkMustStayInside(target: String) throws {
        let scratch = try Scratch()
        var links = PackageMaker("links")
        links.symlink("loop", to: target)
        var other = PackageMaker("other")
        other.file("loop/x", "x")
        let packages = [try links.make(in: scratch.archives), try other.make(in: scratch.archives)]
        #expect(throws: PrefixError.self) { try scratch.install(packages) }
        #expect(!FileManager.default.fileExists(atPath: scratch.prefix))
    }

    @Test func sameNameTwiceIsRefused() throws {
        let scratch = try Scratch()
        let packages = [
            try PackageMaker("a").make(in: scratch.archives),
            try PackageMaker("a", version: "2.0").make(in: scratch.archives),
        ]
        #expect(throws: PrefixError.self) { try scratch.install(packages) }
    }
}
