import ArgumentParser
import Foundation
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
            """)

    @OptionGroup var project: ProjectOptions
    @OptionGroup var options: RunOptions

    @OptionGroup var package: PackageOptions

    @Flag(name: .long, help: "Build although nothing has changed.")
    var force = false

    func run() async throws {
        let project = try project.project(changedBy: package.apply)
        let building = try package.building(force: force, digest: options.json)
        let summary = try await options.withProgress { events in
            for warning in project.manifest.warnings { events(.warning("\(warning)")) }
            return try await Building(
                project: project, connection: options.connection, options: building, events: events
            ).run()
        }
        if summary.outcome == .unchanged, !options.quiet, !options.json {
            FileHandle.standardError.write(Data("nothing has changed since it was built\n".utf8))
        }
        try options.output(summary, text: summary.rpm)
    }
}
