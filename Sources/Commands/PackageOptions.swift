import ArgumentParser
import CondaChannel
import FoundationEssentials
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

    @Flag(name: .long, help: "Write a stale conda-lock.yml anew although another tool wrote it.")
    var updateLock = false

    @Option(
        name: .long,
        help: "The static host tool; by default conda-rpm-host beside this program, or conda-rpm-host.ARCHITECTURE.")
    var hostTool: String?

    func validate() throws {
        if locked, updateLock { throw ValidationError("--locked and --update-lock contradict each other") }
    }

    /// Changes a manifest as the options ask.
    func apply(_ overrides: inout Overrides) {
        overrides.version = version
        overrides.release = release
        overrides.layout = layout
        overrides.prefix = prefix
    }

    /// How a build runs; `digest` where the digest of the whole package is wanted.
    func building(force: Bool, digest: Bool, cache: CacheDirectory) -> Building.Options {
        Building.Options(
            output: output, locked: locked, force: force, hostTools: .standard(hostTool, cache: cache), digest: digest,
            tool: CondaRPM.tool)
    }
}

extension HostTools {
    /// The program given, else those beside this program, else those in `../libexec/conda-rpm`.
    static func standard(_ given: String?, cache: CacheDirectory) -> HostTools {
        let own =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        let folder = String(own[..<(own.lastIndex(of: "/") ?? own.startIndex)])
        return HostTools(given: given, folders: [folder, "\(folder)/../libexec/conda-rpm"], cache: cache)
    }
}
