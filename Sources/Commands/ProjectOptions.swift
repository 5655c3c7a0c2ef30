import ArgumentParser
import CondaChannel
import FoundationEssentials
import HostSystem
import ServiceManifest
import TerminalProgress
import Workflow

/// Which service, and what the flags change about it.
struct ProjectOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The manifest, or the directory that holds an environment.yml; or requirements such as 'python 3.12.*'.",
            valueName: "manifest|requirement"),
        completion: .file())
    var inputs: [String] = []

    @Option(name: .long, help: "The package's name instead of the manifest's; needed with requirements.")
    var name: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The lock; by default conda-lock.yml beside the manifest. Locks of conda-lock and pixi and @EXPLICIT "
                + "lists are used as they are.", valueName: "path"))
    var lockfile: String?

    @Option(
        name: .long, help: ArgumentHelp("The environment of a pixi.lock; by default 'default'.", valueName: "name"))
    var environment: String?

    @Option(
        name: .long,
        help: ArgumentHelp("A group of the lock's packages instead of 'main'; may be repeated.", valueName: "group"))
    var category: [String] = []

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "A channel instead of the manifest's; repeat it for several, first one first.", valueName: "channel"))
    var channel: [String] = []

    @Option(name: .long, help: "The hosts: el7, el8, el9, el10, amzn2, amzn2023, fedora.")
    var target: String?

    @Option(name: .long, help: "The platform: linux-64, linux-aarch64, linux-ppc64le, linux-s390x.")
    var platform: String?

    func project(changedBy change: (inout Overrides) -> Void = { _ in }) throws -> Project {
        try source(changedBy: change).project(environment: ProcessInfo.processInfo.environment)
    }

    func source(changedBy change: (inout Overrides) -> Void = { _ in }) -> ProjectSource {
        var source = ProjectSource()
        source.inputs = inputs
        source.lock = lockfile
        source.platform = platform
        source.lockEnvironment = environment
        source.categories = category
        source.overrides.name = name
        source.overrides.channels = channel
        source.overrides.target = target
        change(&source.overrides)
        return source
    }
}

/// How the network is used and how progress is shown.
struct RunOptions: ParsableArguments {
    @Flag(name: .long, help: "Use nothing but the cache.")
    var offline = false

    @Flag(name: .shortAndLong, help: "Show warnings and errors only.")
    var quiet = false

    @Flag(name: .long, help: "Print the result as JSON.")
    var json = false

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    var connection: Connection {
        Connection(cache: .standard(environment: environment), offline: offline, environment: environment)
    }

    /// Runs work with a display of its progress, and takes the display away however the work ends.
    func withProgress<Result>(_ work: (@escaping EventHandler) async throws -> Result) async throws -> Result {
        let display = ProgressDisplay.standard(quiet: quiet, environment: environment)
        defer { display.clear() }
        return try await work { display.show($0) }
    }

    /// Prints data: JSON when asked for, else the text.
    func output(_ value: some Encodable, text: @autoclosure () -> String) throws {
        guard json else { return try StandardOutput.write(line: text()) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try StandardOutput.write(line: String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
