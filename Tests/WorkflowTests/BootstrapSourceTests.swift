import CondaChannel
import Foundation
import ServicePackaging
import Testing

@testable import Workflow

@Suite struct BootstrapSourceTests {
    /// What becomes of a file that a manifest names as its micromamba.
    private func resolve(
        _ bytes: [UInt8], platform: String = machine, named name: String = "micromamba"
    ) async throws -> ResolvedBootstrap? {
        let scratch = try Scratch()
        try Data(bytes).write(to: URL(fileURLWithPath: "\(scratch.path)/micromamba"))
        let section = "rpm: {version: 1, bootstrap: {micromamba: \(name)}}\n"
        let manifest = "name: a\nchannels: [x]\ndependencies: [b]\n" + section
        let path = "\(scratch.path)/environment.yml"
        try Data(manifest.utf8).write(to: URL(fileURLWithPath: path))
        var source = ProjectSource()
        source.inputs = [path]
        source.platform = platform
        let environment = ["HOME": scratch.path, "CONDARC": "/dev/null"]
        let project = try source.project(environment: environment)
        let connection = Connection(
            cache: CacheDirectory(path: "\(scratch.path)/cache"), offline: true, environment: environment)
        return try await BootstrapSource(project, connection: connection, events: { _ in }).resolve()
    }

    private static var machine: String {
        #if arch(arm64)
            "linux-aarch64"
        #else
            "linux-64"
        #endif
    }

    private static func program() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: "/bin/sh"))) }

    @Test func aProgramOfTheHostsMachineIsTaken() async throws {
        #expect(try await resolve(Self.program())?.sha256.count == 64)
        #expect(try await resolve(Array("#!/bin/sh\n".utf8)) != nil)
    }

    @Test func aFolderIsToldByThatName() async throws {
        let error = await #expect(throws: WorkflowError.self) { try await resolve([], named: "./") }
        #expect(error?.description.hasSuffix(": Is a directory") == true)
    }

    @Test func whatNoHostCouldRunIsRefused() async throws {
        let program = try Self.program()
        // A bzip2 archive, as its site serves it; nothing; a cut download.
        for bytes in [Array("BZh91AY&SY".utf8), [], Array(program.prefix(32)), Array(program.prefix(4096))] {
            await #expect(throws: PackagingError.self) { try await resolve(bytes) }
        }
        await #expect(throws: PackagingError.self) { try await resolve(program, platform: "linux-s390x") }
    }
}
