import ArgumentParser
import ServiceManifest
import Workflow

/// `conda-rpm lock`.
struct Lock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Solve the manifest and write conda-lock.yml.",
        discussion: """
            The solution is for the target's hosts, not for this machine: their glibc decides. Packages already \
            locked keep their version where the manifest allows it.

            EXAMPLES
              conda-rpm lock                   lock ./environment.yml
              conda-rpm lock --check           does the lock still answer the manifest? (exit code 2: no)
              conda-rpm lock --update          choose every version anew
              conda-rpm lock --update openssl ca-certificates
              conda-rpm lock --update-lock     take over a conda-lock.yml of another tool: its other platforms, groups
                                               and metadata stay
            """)

    @OptionGroup var project: ProjectOptions
    @OptionGroup var options: RunOptions

    @Flag(name: .long, help: "Only say whether the lock answers the manifest; write nothing.")
    var check = false

    @Flag(name: .long, help: "Choose every version anew; with names after it, those packages' versions only.")
    var update = false

    @Flag(name: .long, help: "Write conda-lock.yml anew although another tool wrote it.")
    var updateLock = false

    @Option(name: .customLong(Lock.nameOption), help: .private)
    var updatePackage: [String] = []

    private static let nameOption = "update-package"

    /// `--update` may stand alone or before names, which the argument parser cannot express: names become options.
    static func spellingOutUpdates(_ arguments: [String]) -> [String] {
        guard arguments.first == configuration.commandName ?? "lock", let flag = arguments.firstIndex(of: "--update")
        else { return arguments }
        let names = arguments[(flag + 1)...].prefix { !$0.hasPrefix("-") }
        guard !names.isEmpty else { return arguments }
        return arguments[..<flag] + names.flatMap { ["--\(nameOption)", $0] } + arguments[names.endIndex...]
    }

    func run() async throws {
        var project = try project.project()
        project.takesOverLock = updateLock
        let chosen = project
        try await options.withProgress { events in
            for warning in chosen.manifest.warnings { events(.warning("\(warning)")) }
            let locking = Locking(project: chosen, connection: options.connection, events: events)
            if check { return try report(locking.staleReasons(), path: chosen.lockPath) }
            let (_, summary) = try await locking.run(update: choice)
            try options.output(summary, text: Self.text(summary))
        }
    }

    private var choice: Locking.Update {
        if update { return .everything }
        return updatePackage.isEmpty ? .nothing : .packages(updatePackage)
    }

    private struct CheckResult: Encodable {
        var lock: String
        var current: Bool
        var reasons: [String]
    }

    private func report(_ reasons: [String], path: String) throws {
        let result = CheckResult(lock: path, current: reasons.isEmpty, reasons: reasons)
        let text =
            reasons.isEmpty
            ? "\(path) answers the manifest" : "\(path) is stale:\n" + reasons.map { "  \($0)" }.joined(separator: "\n")
        try options.output(result, text: text)
        guard reasons.isEmpty else { throw ExitCode(2) }
    }

    private static func text(_ summary: LockSummary) -> String {
        summary.platforms.flatMap { platform -> [String] in
            let changes = platform.removed.map { "  - \($0)" } + platform.added.map { "  + \($0)" }
            return ["\(summary.lock): \(platform.packages) packages for \(platform.name)"]
                + (changes.isEmpty ? ["  nothing moved"] : changes)
        }.joined(separator: "\n")
    }
}
