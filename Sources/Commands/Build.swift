import ArgumentParser
import FoundationEssentials
import HostSystem
import ServiceManifest
import TerminalProgress
import Workflow

/// `conda-rpm build`.
struct Build: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lock if needed, fetch, and write the RPM.",
        discussion: """
            The same inputs give the same bytes. When nothing that goes into the RPM has changed, nothing is built \
            and the RPM that is there is named.

            EXAMPLES
              conda-rpm build                                    ./environment.yml -> dist/NAME-V-R.ARCH.rpm
              conda-rpm build orders --version 2.4.1 --target el8
              conda-rpm build --locked --offline                 in CI: the lock must fit, the cache must have it all
              conda-rpm build services                           every service below, a failing one stops no other
              conda-rpm build services --changed-since main
              conda-rpm build --name orders --version 1 'python 3.12.*' flask
              conda-rpm build --lockfile pixi.lock --environment prod
            """)

    @OptionGroup var project: ProjectOptions
    @OptionGroup var options: RunOptions

    @OptionGroup var package: PackageOptions

    @Option(
        name: .customLong("repo"),
        help: ArgumentHelp(
            "Published RPMs, in a directory or a yum repository: their releases are taken, and what is among them is "
                + "not built again.", valueName: "directory|url"))
    var repository: String?

    @Flag(name: .long, help: "Refuse to give a published name, version and release other contents.")
    var checkRelease = false

    @Flag(name: .long, help: "Build although nothing has changed.")
    var force = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Only services with files that changed since this git revision, or with changes not yet committed.",
            valueName: "revision"))
    var changedSince: String?

    func run() async throws {
        var source = project.source(changedBy: package.apply)
        source.takesOverLock = package.updateLock
        var building = package.building(force: force, digest: options.json, cache: options.connection.cache)
        building.checksRelease = checkRelease
        if let repository {
            building.published = try await PublishedPackages(repository: repository, connection: options.connection)
        }
        guard changedSince == nil, try !Fleet.isMeant(by: project.inputs) else {
            return try await buildFleet(source, building)
        }
        try await buildOne(source.project(environment: ProcessInfo.processInfo.environment), building)
    }

    private func buildOne(_ project: Project, _ building: Building.Options) async throws {
        let summary = try await options.withProgress { events in
            for warning in project.manifest.warnings { events(.warning("\(warning)")) }
            return try await Building(
                project: project, connection: options.connection, options: building, events: events
            ).run()
        }
        if summary.outcome == .unchanged, !options.quiet, !options.json {
            StandardError.write("nothing has changed since it was built\n")
        }
        try options.output(summary, text: summary.rpm)
    }

    private func buildFleet(_ source: ProjectSource, _ building: Building.Options) async throws {
        let connection = options.connection
        var fleet = try Fleet(below: project.inputs, template: source)
        if let changedSince {
            fleet = try await fleet.touched(since: changedSince, environment: connection.environment)
        }
        let chosen = fleet
        let outcomes = try await options.withProgress { events in
            try await chosen.build(connection: connection, options: building, events: events) { error in
                ErrorText.text(for: error) ?? "error: \(error)\n"
            }
        }
        try options.output(outcomes, text: outcomes.compactMap(\.rpm).joined(separator: "\n"))
        guard !options.json else { return try fail(outcomes) }
        for outcome in outcomes {
            guard let error = outcome.error else { continue }
            StandardError.write("\(outcome.manifest): \(error)")
        }
        let counts = Dictionary(grouping: outcomes, by: \.result).mapValues(\.count)
        let summary = [FleetOutcome.Result.built, .unchanged, .failed].map { "\(counts[$0] ?? 0) \($0.rawValue)" }
        StandardError.write("\(summary.joined(separator: ", "))\n")
        try fail(outcomes)
    }

    private func fail(_ outcomes: [FleetOutcome]) throws {
        if outcomes.contains(where: { $0.result == .failed }) { throw ExitCode(1) }
    }
}
