import Foundation
import RPMFormat
import ServiceManifest
import ServiceRelease
import Testing

@testable import ServicePackaging

/// What `rpm.files` makes of a folder; each test fills one beside its manifest.
@Suite struct ResolvedFileTests {
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.path + "/files-\(UUID().uuidString)"

        init() throws { try directory("") }

        func directory(_ name: String) throws {
            try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
        }

        func file(_ name: String, _ text: String = "x") throws {
            try directory(name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "")
            try text.write(toFile: "\(path)/\(name)", atomically: false, encoding: .utf8)
        }

        func link(_ name: String, _ target: String) throws {
            try directory(name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "")
            try FileManager.default.createSymbolicLink(atPath: "\(path)/\(name)", withDestinationPath: target)
        }

        /// What one entry after another brings, `SOURCE>DESTINATION` each.
        func files(_ entries: String...) throws(PackagingError) -> [ResolvedFile] {
            try ResolvedFile.all(manifest(entries))
        }

        func manifest(_ entries: [String]) -> Manifest {
            var manifest = Manifest()
            manifest.path = "\(path)/environment.yml"
            manifest.rpm.files = entries.map { entry in
                let parts = entry.split(separator: ">").map(String.init)
                return InstalledFile(source: parts[0], destination: parts[1])
            }
            return manifest
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    /// `/etc/o/a`, `/etc/o/d/` for a directory, `/etc/o/l -> a` for a link.
    private func lines(_ files: [ResolvedFile]) -> [String] {
        files.map { file in
            switch file.kind {
            case .directory: "\(file.destination)/"
            case .file: file.destination
            case .link(let target): "\(file.destination) -> \(target)"
            }
        }
    }

    @Test func linksStayLinks() throws {
        let folder = try Folder()
        try folder.file("c/v1/x")
        try folder.link("c/current", "v1")
        try folder.link("c/v1/y", "x")
        try folder.link("c/z", "current/./../current/x")
        #expect(
            lines(try folder.files("c>/etc/o")) == [
                "/etc/o/", "/etc/o/current -> v1", "/etc/o/v1/", "/etc/o/v1/x", "/etc/o/v1/y -> x",
                "/etc/o/z -> current/./../current/x",
            ])
    }

    @Test func aSourceThatIsALinkStandsForWhatItLeadsTo() throws {
        let folder = try Folder()
        try folder.file("real/x")
        try folder.link("tree", "real")
        try folder.link("one", "real/x")
        let files = try folder.files("tree>/etc/o", "one>/etc/one")
        #expect(lines(files) == ["/etc/o/", "/etc/o/x", "/etc/one"])
        let packed = try package(folder, "one>/etc/one").files.first { $0.path == "/etc/one" }
        guard case .file(_, let size, _)? = packed?.contents else { throw PackagingError.release(reason: "no file") }
        #expect(size == 1)
        #expect(files[1].kind == files[2].kind)
    }

    @Test func linksToOtherEntriesAndToTheHostAreGood() throws {
        let folder = try Folder()
        try folder.file("a/x")
        try folder.link("b/x", "../o/x")
        try folder.link("b/up", "..")
        try folder.link("b/later", "/run/later")
        try folder.link("b/null", "/dev/null")
        try folder.link("b/serving", "/opt/orders/current/etc")
        try folder.link("b/chain", "later/below")
        let files = try folder.files("a>/etc/o", "b>/etc/b")
        #expect(files.count == 9)
        #expect(
            LinkPlaces(files).warnings(own: ["/opt/orders"]) == [
                "rpm.files[1]: /etc/b/later is a link to /run/later, which this package does not bring: "
                    + "the host has to have it"
            ])
    }

    @Test(arguments: [
        ("gone", "/etc/b/gone on the host, which nothing in rpm.files brings"),
        ("../b/none", "/etc/b/none on the host, which nothing in rpm.files brings"),
        ("../../../../secret", "/secret on the host, which nothing in rpm.files brings"),
        ("link", "itself"),
        ("HERE/a/x", "a place on this machine; hosts do not have it"),
    ])
    func linksThatLeadAstrayAreRefused(target: String, problem: String) throws {
        let folder = try Folder()
        try folder.file("a/x")
        let target = target.replacing("HERE", with: folder.path)
        try folder.link("b/link", target)
        let error = #expect(throws: PackagingError.self) { try folder.files("b>/etc/b") }
        #expect(
            error?.description == "rpm.files[0]: the link \(folder.path)/b/link -> \(target) leads to \(problem)")
    }

    @Test func whatCannotBePackedIsNamed() throws {
        let folder = try Folder()
        try folder.link("dangling", "gone")
        try folder.directory("d")
        try #require(mkfifo("\(folder.path)/d/pipe", 0o600) == 0)
        func reason(_ entry: String) -> String? {
            (#expect(throws: PackagingError.self) { try folder.files(entry) })?.description
        }
        #expect(reason("none>/etc/o")?.hasSuffix("/none: it does not exist") == true)
        #expect(reason("dangling>/etc/o")?.hasSuffix("/dangling: it is a link to gone, which does not exist") == true)
        #expect(reason("d>/etc/o")?.hasSuffix("found a device, a pipe or a socket") == true)
    }

    @Test func theFolderOfAnUnprivilegedUserWithoutAccessIsAnError() throws {
        let folder = try Folder()
        try folder.file("c/closed/x")
        try #require(chmod("\(folder.path)/c/closed", 0) == 0)
        // Root reads everything.
        guard geteuid() != 0 else { return }
        #expect(throws: PackagingError.self) { try folder.files("c>/etc/o") }
    }

    /// The description of a package whose manifest has these entries.
    private func package(_ folder: Folder, _ entries: String...) throws -> RPMDescription {
        var manifest = folder.manifest(entries)
        manifest.name = "orders"
        let release = Release(
            name: "orders", version: "1.0", release: "1", summary: "Orders", inputs: "0", tool: "test",
            target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
            prefix: "/opt/orders", requested: [], channels: [], packages: [], commands: ["shop"], installedSize: 0)
        return try ServicePackage(
            manifest: manifest, release: release, archives: [], wheels: [], hostTool: "/bin/true", bootstrap: nil,
            files: ResolvedFile.all(manifest), scripts: ResolvedScripts(manifest), license: "MIT", licenses: [],
            buildTime: 1
        ).description()
    }

    @Test func documentationAndLicencesStandBesideOurs() throws {
        let folder = try Folder()
        try folder.file("docs/README")
        try folder.file("LICENSE")
        try folder.file("etc/x")
        let rpm = try package(
            folder, "docs>/usr/share/doc/orders", "LICENSE>/usr/share/licenses/orders/LICENSE", "etc>/opt/orders/etc")
        try rpm.check()
        let paths = rpm.files.map(\.path)
        #expect(Set(paths).count == paths.count)
        for path in [
            "/usr/share/doc/orders", "/usr/share/doc/orders/README", "/usr/share/doc/orders/sbom.cdx.json",
            "/usr/share/licenses/orders", "/usr/share/licenses/orders/LICENSE", "/usr/share/licenses/orders/PACKAGES",
            "/opt/orders/etc/x",
        ] { #expect(paths.contains(path), "\(path)") }
    }

    @Test(arguments: [
        ("/usr/share/doc/orders/sbom.cdx.json", "the bill of materials"),
        ("/usr/share/licenses/orders/PACKAGES", "the licences of the packages"), ("/usr/bin/shop", "a command of"),
        ("/usr/bin/orders-release", "the host tool's command"), ("/opt/orders/current/x", "the release that serves"),
        ("/opt/orders/bundle", "the archives"),
    ])
    func aClashNamesBoth(destination: String, owner: String) throws {
        let folder = try Folder()
        try folder.file("x")
        let error = #expect(throws: PackagingError.self) { try package(folder, "x>\(destination)") }
        #expect(error?.description.hasPrefix("rpm.files[0]: \(destination) is the place of \(owner)") == true)
    }

    @Test func twoEntriesForOnePlaceAreNamed() throws {
        let folder = try Folder()
        try folder.file("a/x")
        try folder.file("b/y")
        try folder.file("c/x")
        #expect(try package(folder, "a>/etc/o", "b>/etc/o").files.count { $0.path == "/etc/o" } == 1)
        let error = #expect(throws: PackagingError.self) { try package(folder, "a>/etc/o", "c>/etc/o") }
        #expect(error?.description == "/etc/o/x has two sources: rpm.files[0] and rpm.files[1]")
    }
}
