import ArgumentParser
import CondaModel
import Workflow

/// `conda-rpm status`.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say whether services have to be built again, and why.",
        discussion: """
            Compares manifests, locks and files with the RPMs that were made of them. It writes nothing, and without \
            --updates it needs no network.

            EXAMPLES
              conda-rpm status                         ./environment.yml against ./dist
              conda-rpm status services --exit-code    every service below; ends with 2 when one needs a build
              conda-rpm status --repo /srv/repo --updates
            """)

    @OptionGroup var project: ProjectOptions
    @OptionGroup var options: RunOptions

    @Option(
        name: .customLong("repo"),
        help: ArgumentHelp(
            "The RPMs: a directory, by default dist, or the URL of a yum repository.", valueName: "directory|url"))
    var repository = Self.output

    /// Where `build` writes by default.
    private static let output = "dist"

    @Flag(name: .long, help: "End with 2 when a service has to be built.")
    var exitCode = false

    @Flag(
        name: .long,
        help:
            "Also ask the channels what they offer within the requirements. CONDA_RPM_SECURITY_PACKAGES names those to mark."
    )
    var updates = false

    @Option(
        name: .long,
        help: "The static host tool; by default conda-rpm-host beside this program, or conda-rpm-host.ARCHITECTURE.")
    var hostTool: String?

    func run() async throws {
        let fleet = try Fleet(below: project.inputs, template: project.source())
        let tools = HostTools.standard(hostTool, cache: options.connection.cache)
        let statuses = try await options.withProgress { events in
            var connection = options.connection
            let pool = try ChannelPool(connection, events: events)
            connection.pool = pool
            let check = StatusCheck(
                connection: connection,
                published: try await PublishedPackages(
                    repository: repository, mayBeMissing: repository == Self.output, connection: connection),
                hostTools: tools,
                updates: updates ? Self.securityPackages(connection.environment) : nil)
            let statuses = await fleet.forEach { source in
                await check.status(source) { ErrorText.text(for: $0) ?? "\($0)" }
            }
            await pool.close()
            return statuses
        }
        try options.output(statuses, text: statuses.map(StatusText.text).joined(separator: "\n"))
        if statuses.contains(where: { $0.state == .failed }) { throw ExitCode(1) }
        if exitCode, statuses.contains(where: \.needsBuild) { throw ExitCode(2) }
    }

    private static func securityPackages(_ environment: [String: String]) -> Set<String> {
        guard let names = environment["CONDA_RPM_SECURITY_PACKAGES"] else { return StatusCheck.securityPackages }
        return Set(names.split { $0 == "," || $0 == " " }.map(String.init))
    }
}

/// The state of one service as lines.
enum StatusText {
    static func text(_ status: ServiceStatus) -> String {
        let head = "\(status.name ?? status.manifest): \(words(status.state))" + (status.rpm.map { " (\($0))" } ?? "")
        let reasons = status.reasons.map { "  " + $0.trimmingBlanks }
        return ([head] + reasons + updates(status.updates)).joined(separator: "\n")
    }

    private static func words(_ state: ServiceStatus.State) -> String {
        switch state {
        case .upToDate: "up to date"
        case .neverBuilt: "never built"
        case .manifestChanged: "the manifest changed"
        case .lockStale: "the lock is stale"
        case .lockChanged: "the lock changed"
        case .inputsChanged: "inputs changed"
        case .packagesMissing: "RPMs of conda packages are missing"
        case .failed: "cannot be judged"
        }
    }

    private static func updates(_ updates: [PackageUpdate]?) -> [String] {
        guard let updates else { return [] }
        if updates.isEmpty { return ["  the channels offer nothing newer"] }
        return updates.map { update in
            let mark = update.security ? "  (security)" : ""
            return "  \(update.name) \(update.from ?? "none") -> \(update.to ?? "none")\(mark)"
        }
    }
}
