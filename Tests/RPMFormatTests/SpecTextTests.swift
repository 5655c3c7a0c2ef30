import Foundation
import Testing

@testable import RPMFormat

/// What a spec file says; that rpmbuild understands it is ``RpmbuildTests``' matter.
@Suite struct SpecTextTests {
    private static func package(_ change: (inout RPMDescription) -> Void) -> RPMDescription {
        var package = RPMDescription(
            name: "orders", version: "1", release: "1", architecture: "x86_64", summary: "Orders service",
            license: "MIT")
        change(&package)
        return package
    }

    @Test("sources of one name are told apart, and by their numbers only where they must be")
    func sources() throws {
        let paths = ["/a/x.conda", "/b/x.conda", "/b/y z", "/b/1-q", "/b/orders.spec", "/b/empty", "/c"]
        let spec = try SpecText(
            Self.package { package in
                package.files = paths.map { RPMFile(path: $0, contents: .data(Array($0.utf8))) }
                package.files[5].contents = .data([])
                package.files[6].flags = .ghost
            })
        #expect(spec.fileName == "orders.spec")
        #expect(spec.sources.map(\.name) == ["1-x.conda", "2-1-q", "3-orders.spec", "4-x.conda", "y_z"])
        #expect(spec.sources.map(\.number) == [1, 2, 3, 4, 5])
        #expect(spec.sources[3].contents == .data(Array("/b/x.conda".utf8)))
        #expect(spec.text.contains("\nSource4:        4-x.conda\n"))
        #expect(spec.text.contains("\nput \"%{SOURCE4}\" './b/x.conda'\n"))
    }

    /// As rpm 4.11 runs it where no distribution's macros make the build root.
    @Test("the build root is made, and made anew")
    func buildRoot() throws {
        let scratch = try Scratch()
        let spec = try SpecText(
            Self.package { $0.files = [RPMFile(path: "/opt/a/link", contents: .symlink(target: "b"))] })
        let path = try scratch.file(spec.fileName, spec.text.utf8)
        let root = "\(scratch.path)/root"
        let parsed = try run("rpmspec", "--parse", "--define", "buildroot \(root)", path).output
        let rest = try #require(parsed.components(separatedBy: "\n%install\n").last)
        let script = try #require(rest.components(separatedBy: "\n%files\n").first)
        for _ in 0..<2 {
            let done = try run("sh", "-e", "-c", script, in: scratch.path)
            #expect(done.status == 0, "\(done.errors)\n\(script)")
            #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/opt/a/link") == "b")
        }
    }

    @Test("a date has its weekday, and the time of day where that is not noon")
    func dates() {
        #expect(SpecChangelog.date(1_699_963_200) == "Tue Nov 14 2023")
        #expect(SpecChangelog.date(951_825_600) == "Tue Feb 29 2000")
        #expect(SpecChangelog.date(0) == "Thu Jan 01 00:00:00 UTC 1970")
        #expect(SpecChangelog.date(.max) == "Sun Feb 07 06:28:15 UTC 2106")
    }

    @Test(
        "what a spec file cannot say is refused",
        arguments: [
            package { $0.description = "One\n# two" },
            package { $0.description = "One\n  %if two" },
            package { $0.scriptlets.post = RPMScriptlet(body: "cat <<E\n%files\nE") },
            package { $0.url = "https://example.com/a b" },
            package { $0.changelog = [RPMChangelogEntry(time: 0, author: "A", text: "- a\n* b")] },
            package { $0.changelog = [RPMChangelogEntry(time: 0, author: "A\nB", text: "- a")] },
            package { $0.requires = [RPMDependency("rpmlib(X)", context: .rpmlib)] },
            package { $0.provides = [RPMDependency("x", context: .post)] },
            package { $0.files = [RPMFile(path: "/a", contents: .data([1]), flags: .noReplace)] },
            package { $0.files = [RPMFile(path: "/a", contents: .data([1]), user: "a b")] },
            package { $0.files = [RPMFile(path: "/a", contents: .data([1]), verifyFlags: [])] },
            package {
                $0.files = [RPMFile(path: "/a b", contents: .data([1])), RPMFile(path: "/a*b", contents: .data([2]))]
            },
        ])
    func refusals(package: RPMDescription) throws {
        let error = try #require(throws: RPMError.self) { try SpecText(package) }
        #expect(error.description.contains("a spec file cannot say this"))
        #expect(error.hint?.isEmpty == false)
        // It is the spec that cannot have it: the package can.
        _ = try PackagePlan(package)
    }

    @Test("rpmlint finds nothing to say of a spec")
    func lint() throws {
        let scratch = try Scratch()
        let spec = try SpecText(RpmbuildTests.package)
        let path = try scratch.file(spec.fileName, spec.text.utf8)
        for source in spec.sources { try scratch.file(source.name, []) }
        let filter = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appending(path: "../../specs/rpmlint.toml").standardized.path
        let found = try run("rpmlint", "--config", filter, path)
        #expect(found.status == 0)
        #expect(found.output.contains(" 0 errors, 0 warnings"), "\(found.output)\(found.errors)")
    }
}
