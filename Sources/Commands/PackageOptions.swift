import ArgumentParser
import CondaChannel
import Foundation
import ServiceManifest
import Workflow

/// What a package is called, where it is written, and what goes into it beside the manifest's own.
struct PackageOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The directory the RPM is written into.")
    var output = "dist"

    @Option(name: .long, help: "The version instead of rpm.version.")
    var version: String?

    @Option(name: .long, help: "The release instead of rpm.release; auto takes the next free number.")
    var release: String?

    @Option(name: .long, help: "The layout instead of rpm.layout.")
    var layout: String?

    @Option(name: .long, help: "The service's home on the host instead of rpm.prefix.")
    var prefix: String?

    @Flag(name: .long, help: "Fail when the lock is missing or stale instead of locking.")
    var locked = false

    @Option(name: .long, help: "The static host tool; by default conda-rpm-host beside this program.")
    var hostTool: String?

    /// Changes a manifest as the options ask.
    func apply(_ overrides: inout Overrides) {
        overrides.version = version
        overrides.release = release
        overrides.layout = layout
        overrides.prefix = prefix
    }

    /// How a build runs; `digest` where the digest of the whole package is wanted.
    func building(force: Bool, digest: Bool, cache: CacheDirectory) throws -> Building.Options {
        let tool = try HostTool(HostToolLocation.find(hostTool), cache: cache)
        return Building.Options(
            output: output, locked: locked, force: force, hostTool: tool, digest: digest, tool: CondaRPM.tool)
    }
}

/// Where the host tool that goes into each RPM stands.
enum HostToolLocation {
    static let fileName = "conda-rpm-host"

    /// The path given, else the file beside this program, else in `../libexec/conda-rpm`.
    static func find(_ given: String?) throws -> String {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let directory = (own as NSString).deletingLastPathComponent
        let searched =
            given.map { [$0] } ?? ["\(directory)/\(fileName)", "\(directory)/../libexec/conda-rpm/\(fileName)"]
        guard let found = searched.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
            throw WorkflowError.hostToolMissing(searched: searched)
        }
        return found
    }
}
