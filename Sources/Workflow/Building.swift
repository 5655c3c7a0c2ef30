import CondaArchive
import CondaChannel
import CondaLock
import CondaModel
import Foundation
import RPMFormat
import ServiceManifest
import ServicePackaging
import ServiceRelease
import TerminalProgress

/// Makes the RPM of a project: locks if needed, fetches, and writes; or finds that nothing has changed.
package struct Building: Sendable {
    package struct Options: Sendable {
        /// Directory the RPM is written into.
        package var output: String
        /// Refuse to lock: the lock must exist and answer the manifest.
        package var locked: Bool
        /// Build although nothing has changed.
        package var force: Bool
        /// The static host tool.
        package var hostTool: HostTool
        /// Compute the digest of the whole RPM too, which reads it once more.
        package var digest: Bool
        /// Name and version of this tool, recorded in the release.
        package var tool: String
        /// What has been published already; its releases are taken, and what is in it is not built again.
        package var published = PublishedPackages([])
        /// Refuse to give a published name, version and release other contents.
        package var checksRelease = false

        package init(output: String, locked: Bool, force: Bool, hostTool: HostTool, digest: Bool, tool: String) {
            self.output = output
            self.locked = locked
            self.force = force
            self.hostTool = hostTool
            self.digest = digest
            self.tool = tool
        }
    }

    let project: Project
    let connection: Connection
    let options: Options
    let events: EventHandler

    package init(
        project: Project, connection: Connection, options: Options, events: @escaping EventHandler
    ) {
        self.project = project
        self.connection = connection
        self.options = options
        self.events = events
    }

    package func run() async throws -> BuildSummary {
        let manifest = project.manifest
        try Supported.check(manifest)
        let output = OutputDirectory(path: options.output)
        try output.check()
        let inputs = try await inputs()
        if !options.force, let same = same(inputs, among: known(output, inputs)) {
            return BuildSummary(path: same.place, outcome: .unchanged, inputs: inputs, release: same.release)
        }
        let fetched = try await Fetching(project: project, connection: connection, events: events).run(inputs.locked)
        let summaries = try await SummaryCache(connection.cache).summaries(fetched.packages)
        let assembly = try ReleaseAssembly(
            project: project, inputs: inputs, fetched: fetched.packages, summaries: summaries,
            wheels: fetched.wheels + inputs.localWheels)
        try output.create()
        return try output.whileLocked(for: inputs.name) { try write(assembly, to: output) }
    }

    /// What there is of the service, here and published, oldest first.
    private func known(_ output: OutputDirectory, _ inputs: BuildInputs) -> [PublishedPackages.Package] {
        let here = output.built(name: inputs.name, architecture: inputs.architecture)
        let published = options.published.packages(name: inputs.name, architecture: inputs.architecture)
        return PublishedPackages(here + published).packages(name: inputs.name, architecture: inputs.architecture)
    }

    private func same(_ inputs: BuildInputs, among known: [PublishedPackages.Package]) -> PublishedPackages.Package? {
        known.first { $0.inputs == inputs.digest && $0.version == inputs.version && isWanted($0.release) }
    }

    /// Whether the manifest's own release, if it states one, is that of an RPM that is there.
    private func isWanted(_ release: String) -> Bool {
        switch project.manifest.rpm.release {
        case .automatic: true
        case .fixed(let text): release == text
        }
    }

    /// Equal inputs under `auto` keep the number they were built under, so that a forced build replaces its RPM.
    private func releaseNumber(_ known: [PublishedPackages.Package], _ inputs: BuildInputs) throws -> String {
        let built = known.filter { $0.version == inputs.version }
        switch project.manifest.rpm.release {
        case .fixed(let text):
            if options.checksRelease,
                let other = built.first(where: { $0.release == text && $0.inputs != inputs.digest })
            {
                throw WorkflowError.releaseTaken(release: "\(inputs.version)-\(text)", place: other.place)
            }
            return text
        case .automatic:
            return built.first { $0.inputs == inputs.digest }?.release
                ?? OutputDirectory.nextRelease(after: built, dist: project.manifest.rpm.target.distSuffix)
        }
    }

    private func inputs() async throws -> BuildInputs {
        let locking = Locking(project: project, connection: connection, events: events)
        let lock = options.locked ? try locking.requireLock() : try await locking.currentLock()
        return try BuildInputs(
            project: project, locked: LockedPackages(lock, project), hostTool: options.hostTool,
            bootstrap: try await BootstrapSource(project.manifest, connection: connection, events: events).resolve(),
            environment: connection.environment)
    }

    /// Chooses the release and writes; another build may have finished while this one fetched.
    private func write(_ assembly: ReleaseAssembly, to output: OutputDirectory) throws -> BuildSummary {
        let inputs = assembly.inputs
        let known = known(output, inputs)
        if !options.force, let same = same(inputs, among: known) {
            return BuildSummary(path: same.place, outcome: .unchanged, inputs: inputs, release: same.release)
        }
        let release = try releaseNumber(known, inputs)
        var package = try assembly.package(release: release, tool: options.tool)
        package.changelog = try Changelog.entries(package, project: project, earlier: known)
        let description = try package.description()
        let path = "\(options.output)/\(description.fileName)"
        events(.started(task: "rpm", total: nil, unit: .items))
        let written = try RPMWriter.write(description, to: path, hashingFile: options.digest)
        events(.finished(task: "rpm", summary: "\(ByteText.string(written.size)) in \(path)"))
        return BuildSummary(path: path, outcome: .built, inputs: inputs, release: release, written: written)
    }
}

/// What a build did, as data.
package struct BuildSummary: Codable, Sendable, Hashable {
    package enum Outcome: String, Codable, Sendable {
        case built
        case unchanged
    }

    package var outcome: Outcome
    package var rpm: String
    package var name: String
    package var version: String
    package var release: String
    package var architecture: String
    package var packages: Int
    package var inputs: String
    /// Bytes of the RPM.
    package var size: Int64?
    /// Digest of the whole RPM, when it was written now and the digest was asked for.
    package var sha256: String?

    init(
        path: String, outcome: Outcome, inputs: BuildInputs, release: String, written: RPMWritten? = nil
    ) {
        self.outcome = outcome
        rpm = path
        name = inputs.name
        version = inputs.version
        self.release = release
        architecture = inputs.architecture
        packages = inputs.locked.records.count
        self.inputs = inputs.digest
        size = written?.size
        sha256 = written?.sha256
    }
}
