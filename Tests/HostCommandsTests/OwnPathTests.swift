import Foundation
import HostLifecycle
import ServiceRelease
import Testing

@testable import HostCommands

/// Where the tool finds itself: without /proc, and with the names that the service's files know.
@Suite struct OwnPathTests {
    /// `disk/orders/bundle/1-1/conda-rpm-host`, `opt/orders` a link to `disk/orders`, `bin/orders-release` to the tool.
    private final class Fixture {
        let folder: String

        init() throws {
            let manager = FileManager.default
            let place = manager.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            folder = place.resolvingSymlinksInPath().path
            let bundle = "\(folder)/disk/orders/bundle/1-1"
            for path in [bundle, "\(folder)/opt", "\(folder)/bin"] {
                try manager.createDirectory(atPath: path, withIntermediateDirectories: true)
            }
            let release = Release(
                name: "orders", version: "1", release: "1", summary: "", inputs: "", tool: "test",
                target: TargetHost(name: "el9", glibc: "2.34", architecture: "x86_64", subdir: "linux-64"),
                prefix: "\(folder)/opt/orders", requested: [], channels: [], packages: [], installedSize: 0)
            try Data(release.json()).write(to: URL(fileURLWithPath: "\(bundle)/release.json"))
            try Data().write(to: URL(fileURLWithPath: "\(bundle)/conda-rpm-host"))
            try manager.createSymbolicLink(
                atPath: "\(folder)/opt/orders", withDestinationPath: "../disk/orders")
            try manager.createSymbolicLink(
                atPath: "\(folder)/bin/orders-release",
                withDestinationPath: "\(folder)/opt/orders/bundle/1-1/conda-rpm-host")
            try manager.createSymbolicLink(atPath: "\(folder)/bin/again", withDestinationPath: "orders-release")
        }

        deinit { try? FileManager.default.removeItem(atPath: folder) }
    }

    @Test(arguments: [
        "bin/orders-release", "bin/again", "opt/orders/bundle/1-1/conda-rpm-host",
        "disk/orders/bundle/1-1/conda-rpm-host", "./bin/orders-release", "opt/orders/bundle/1-1/./conda-rpm-host",
        "opt/../bin/orders-release",
    ])
    func theHomeHasTheNameOfTheRelease(path: String) throws {
        let fixture = try Fixture()
        try OwnPath.$executed.withValue("\(fixture.folder)/\(path)") {
            let bundle = try Place.ownBundle()
            #expect(bundle.hasSuffix("/orders/bundle/1-1"))
            #expect(try ServiceHome(bundle: bundle).root == "\(fixture.folder)/opt/orders")
        }
    }

    @Test func whatStandsInNoHomeIsTold() throws {
        #expect(throws: HostError.self) { try ServiceHome(bundle: "/srv/orders/1-1") }
        #expect(throws: HostError.self) { try ServiceHome(bundle: "/bundle/1-1") }
        OwnPath.$executed.withValue("/usr/bin/env") {
            #expect(throws: HostError.self) { try Place.ownBundle() }
        }
    }

    @Test func aPathThatIsGivenLosesItsDots() throws {
        let fixture = try Fixture()
        #expect(OwnPath.absolute("/opt/./orders/.") == "/opt/orders")
        #expect(OwnPath.absolute("\(fixture.folder)/opt/../bin") == "\(fixture.folder)/bin")
        #expect(OwnPath.absolute("/no/such/../place") == "/no/such/../place")
        #expect(OwnPath.absolute(".") == FileManager.default.currentDirectoryPath)
    }

    @Test func linksInACircleEnd() throws {
        let fixture = try Fixture()
        let path = "\(fixture.folder)/circle"
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: path)
        #expect(OwnPath.file(path) == path)
    }
}
