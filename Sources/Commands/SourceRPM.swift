import ArgumentParser
import FoundationEssentials
import TerminalProgress
import Workflow

/// `conda-rpm srpm`.
struct SourceRPM: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "srpm",
        abstract: "Lock if needed, fetch, and write the source RPM.",
        discussion: """
            The source RPM holds a spec file, the archives and the host tool. Koji, COPR, mock and rpmbuild make of it \
            the package that `conda-rpm build` makes, with no network and nothing but rpm-build. It carries the \
            release that `build` would give the package. In layout split each conda package has a source RPM of its \
            own; those that are there are left alone.

            EXAMPLES
              conda-rpm srpm                                     ./environment.yml -> dist/NAME-V-R.src.rpm
              rpmbuild --rebuild dist/orders-2.4.0-1.el9.src.rpm
              mock --root rhel-9-x86_64 --rebuild dist/orders-2.4.0-1.el9.src.rpm
            """)

    @OptionGroup var project: ProjectOptions
    @OptionGroup var package: PackageOptions
    @OptionGroup var options: RunOptions

    func run() async throws {
        var source = project.source(changedBy: package.apply)
        source.takesOverLock = package.updateLock
        let project = try source.project(environment: ProcessInfo.processInfo.environment)
        let building = package.building(force: true, digest: options.json, cache: options.connection.cache)
        let summary = try await options.withProgress { events in
            for warning in project.manifest.warnings { events(.warning("\(warning)")) }
            return try await Building(
                project: project, connection: options.connection, options: building, events: events
            ).sourcePackage()
        }
        try options.output(summary, text: summary.rpm)
    }
}
