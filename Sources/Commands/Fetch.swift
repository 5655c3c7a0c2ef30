import ArgumentParser
import CondaModel
import TerminalProgress
import Workflow

/// `conda-rpm fetch`.
struct Fetch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Download what the lock names into the cache.",
        discussion: """
            Every archive is checked against its digest while it arrives, and stored under that digest. A download \
            that was cut goes on where it stopped.
            """)

    @OptionGroup var project: ProjectOptions
    @OptionGroup var options: RunOptions

    private struct Archive: Encodable {
        var name: String
        var version: String
        var url: String
        var sha256: String?
        var path: String
    }

    func run() async throws {
        let project = try project.project()
        let fetched = try await options.withProgress { events in
            let locking = Locking(project: project, connection: options.connection, events: events)
            let locked = try LockedPackages(locking.requireLock(), project)
            return try await Fetching(project: project, connection: options.connection, events: events).run(locked)
        }
        let archives = fetched.packages.map {
            Archive(
                name: $0.record.name, version: "\($0.record.version)", url: $0.record.url, sha256: $0.record.sha256,
                path: $0.path)
        }
        let wheels = fetched.wheels.map {
            Archive(name: $0.name, version: "", url: $0.url ?? "", sha256: $0.sha256, path: $0.path)
        }
        try options.output(archives + wheels, text: (archives + wheels).map(\.path).joined(separator: "\n"))
    }
}
