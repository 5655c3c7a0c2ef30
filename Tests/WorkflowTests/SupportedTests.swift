import ServiceManifest
import ServicePackaging
import Testing

@testable import Workflow

@Suite struct SupportedTests {
    private func manifest(_ rpm: String, dependencies: String = "[python]") throws -> Manifest {
        let text = "name: a\nchannels: [c]\ndependencies: \(dependencies)\nrpm: \(rpm)\n"
        return try Manifest.decode(Array(text.utf8), path: "environment.yml")
    }

    @Test(arguments: [
        "{layout: prefix, transmute: true}", "{layout: prefix, keep_archives: false}",
        "{layout: prefix, bootstrap: {micromamba: m}}", "{layout: split, transmute: true}",
        "{layout: split, keep_archives: false}", "{layout: split, bootstrap: {micromamba: m}}", "{rollback: auto}",
    ])
    func whatIsNotActedOnIsRefused(rpm: String) throws {
        let manifest = try manifest(rpm)
        #expect(throws: PackagingError.self) { try Supported.check(manifest) }
    }

    @Test func wheelsAreForOurOwnLinker() throws {
        let rpm = "{bootstrap: {micromamba: m}, wheels: [a-1-py3-none-any.whl]}"
        #expect(throws: PackagingError.self) { try Supported.check(try manifest(rpm)) }
    }

    @Test func theRestPasses() throws {
        try Supported.check(try manifest("{version: 1, layout: archives, keep: 3, rollback: manual}"))
        try Supported.check(try manifest("{version: 1, layout: prefix, compile: false}"))
        try Supported.check(try manifest("{version: 1, layout: split, wheels: [a-1-py3-none-any.whl]}"))
    }
}
