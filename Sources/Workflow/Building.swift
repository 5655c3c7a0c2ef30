import CondaArchive
import CondaChannel
import CondaLock
import CondaModel
import CondaPrefix
import Glibc
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
        /// The static host tools of the platforms.
        package var hostTools: HostTools
        /// Compute the digest of the whole RPM too, which reads it once more.
        package var digest: Bool
        /// Name and version of this tool, recorded in the release.
        package var tool: String
        /// What has been published already; its releases are taken, and what is in it is not built again.
        package var published = PublishedPackages([])
        /// Refuse to give a published name, version and release other contents.
        package var checksRelease = false

        package init(output: String, locked: Bool, force: Bool, hostTools: HostTools, digest: Bool, tool: String) {
            self.output = output
            self.locked = locked
            self.force = force
            self.hostTools = hostTools
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

    /// Builds, and digests every archive once: while it is written.
    ///
    /// What is found damaged then is fetched anew.
    package func run() async throws -> BuildSummary {
        try Supported.check(project.manifest)
        let summary: BuildSummary
        do {
            summary = try await build(trustingCache: true)
        } catch let error where Self.isDamage(error) {
            summary = try await build(trustingCache: false)
        }
        if summary.outcome == .built, let warning = RequiredSignature.warning(project.manifest) {
            events(.warning(warning))
        }
        return summary
    }

    /// Whether an archive is not what its digest says.
    private static func isDamage(_ error: any Error) -> Bool {
        if error is ArchiveError { return true }
        if case PrefixError.archive = error { return true }
        if case RPMError.digestMismatch = error { return true }
        return false
    }

    private func build(trustingCache: Bool) async throws -> BuildSummary {
        let signing = try signing()
        let output = OutputDirectory(path: options.output)
        try output.check()
        let inputs = try await inputs()
        let shared = sharedPackages(inputs)
        if !options.force, shared?.lacks(inputs.locked.records) != true,
            let unchanged = unchanged(history(output, inputs), inputs)
        {
            return unchanged
        }
        let assembly = try await checked(assembly(inputs, trustingCache: trustingCache), history(output, inputs))
        try output.create()
        let packages = try await write(shared, assembly, signing, isSource: false)
        return try await output.whileLocked(for: inputs.name) {
            // Another build may have finished while this one fetched.
            let history = history(output, inputs)
            var summary: BuildSummary
            if !options.force, let unchanged = unchanged(history, inputs) {
                summary = unchanged
            } else {
                summary = try await write(assembly, history, signing)
                if let warning = history.warning { events(.warning(warning)) }
            }
            summary.packageFiles = packages
            return summary
        }
    }

    /// What to say where there is nothing to build; nil where there is.
    private func unchanged(_ history: ReleaseHistory, _ inputs: BuildInputs) -> BuildSummary? {
        guard let same = history.same else { return nil }
        if let warning = history.warning { events(.warning(warning)) }
        return BuildSummary(path: same.place, outcome: .unchanged, inputs: inputs, release: same.release)
    }

    /// Writes the service's RPM, and its bill of materials beside it.
    private func write(
        _ assembly: ReleaseAssembly, _ history: ReleaseHistory, _ signing: Signing?
    ) async throws -> BuildSummary {
        let draft = try await describe(assembly, history)
        let bill = "\(options.output)/\(draft.description.fileName.dropLast(".rpm".count)).cdx.json"
        let isNew = access(bill, F_OK) != 0
        try FileContents.replace(bill, with: String(decoding: draft.bill, as: UTF8.self), mode: 0o644)
        do {
            let summary = try write(
                assembly.inputs, release: draft.release, fileName: draft.description.fileName, signing
            ) { path in
                try RPMWriter.write(draft.description, to: path, hashingFile: options.digest && signing == nil)
            }
            let verified = VerifiedArchives(connection.cache)
            verified.insert(assembly.fetched)
            for (digest, mistaken) in assembly.payloads { verified.insertPayload(digest, mistaken) }
            return summary
        } catch {
            if isNew { unlink(bill) }
            throw error
        }
    }

    /// What a service of layout `split` requires; nil in other layouts.
    private func sharedPackages(_ inputs: BuildInputs) -> SharedPackages? {
        guard project.manifest.rpm.layout == .split else { return nil }
        var shared = SharedPackages(
            target: project.manifest.rpm.target, architecture: inputs.architecture, output: options.output,
            published: options.published, hostTool: inputs.hostTool.path)
        shared.isSigned = project.manifest.rpm.sign != nil
        return shared
    }

    /// Writes the RPMs of conda packages that are not there yet, or their source RPMs.
    ///
    /// - Returns: their paths; nil in layouts without such RPMs.
    private func write(
        _ shared: SharedPackages?, _ assembly: ReleaseAssembly, _ signing: Signing?, isSource: Bool
    ) async throws -> [String]? {
        guard var shared else { return nil }
        shared.notices = try assembly.inputs.hostTool.described().notices
        events(.started(task: "packages", total: nil, unit: .items))
        let packages = try assembly.package(release: "0", tool: options.tool)
        let written = try await shared.write(
            assembly.linkable(packages.release, VerifiedArchives(connection.cache)), licenses: assembly.licenses,
            cache: connection.cache,
            isForced: options.force && !isSource, isSource: isSource
        ) { description in
            let spec = isSource ? try SpecText(description) : nil
            let path = "\(options.output)/\(spec?.sourceFileName ?? description.fileName)"
            _ = try write(path, signing) { path in
                try spec.map { try RPMWriter.writeSource($0, to: path) } ?? RPMWriter.write(description, to: path)
            }
            return path
        }
        let count = packages.release.packages.count
        events(.finished(task: "packages", summary: "\(written.count) RPMs, \(count - written.count) there already"))
        return written
    }

    /// Writes the source package of what ``run()`` would write, under the release that ``run()`` would give it.
    package func sourcePackage() async throws -> BuildSummary {
        try Supported.check(project.manifest)
        let signing = try signing()
        let output = OutputDirectory(path: options.output)
        try output.check()
        let inputs = try await inputs()
        let assembly = try await checked(assembly(inputs, trustingCache: false), history(output, inputs))
        try output.create()
        let packages = try await write(sharedPackages(inputs), assembly, signing, isSource: true)
        return try await output.whileLocked(for: inputs.name) {
            let history = history(output, inputs)
            let draft = try await describe(assembly, history)
            if let warning = history.warning { events(.warning(warning)) }
            let spec = try SpecText(draft.description)
            var summary = try write(inputs, release: draft.release, fileName: spec.sourceFileName, signing) { path in
                try RPMWriter.writeSource(spec, to: path, hashingFile: options.digest && signing == nil)
            }
            summary.packageFiles = packages
            return summary
        }
    }

    /// What signs the package, where the manifest names a key; found before anything is locked or fetched.
    private func signing() throws -> Signing? {
        try project.manifest.rpm.sign.map { try Signing(key: $0, environment: connection.environment) }
    }

    /// Finds what would go wrong on every host, before anything is written.
    private func checked(_ assembly: ReleaseAssembly, _ history: ReleaseHistory) throws -> ReleaseAssembly {
        var assembly = assembly
        let release = try releaseNumber(history, assembly.inputs)
        try assembly.check(release: release)
        try assembly.rehearse(release: release, tool: options.tool, VerifiedArchives(connection.cache))
        return assembly
    }

    /// What there is of the service, here and published.
    private func history(_ output: OutputDirectory, _ inputs: BuildInputs) -> ReleaseHistory {
        let here = output.built(name: inputs.name, architecture: inputs.architecture)
        let published = options.published.packages(name: inputs.name, architecture: inputs.architecture)
        return ReleaseHistory(here + published, inputs, project.manifest.rpm)
    }

    /// - Throws: `WorkflowError.releaseTaken` for a stated release that others have, where that is to be checked.
    private func releaseNumber(_ history: ReleaseHistory, _ inputs: BuildInputs) throws -> String {
        let release = history.release
        guard options.checksRelease, case .fixed = project.manifest.rpm.release,
            let other = history.packages.first(where: {
                $0.version == inputs.version && $0.release == release && $0.inputs != inputs.digest
            })
        else { return release }
        throw WorkflowError.releaseTaken(release: "\(inputs.version)-\(release)", place: other.place)
    }

    private func inputs() async throws -> BuildInputs {
        let hostTool = try options.hostTools.tool(for: project.subdir)
        let locking = Locking(project: project, connection: connection, events: events)
        let lock = options.locked ? try locking.requireLock() : try await locking.currentLock()
        return try BuildInputs(
            project: project, locked: LockedPackages(lock, project), hostTool: hostTool,
            bootstrap: try await BootstrapSource(project, connection: connection, events: events).resolve(),
            environment: connection.environment)
    }

    private func assembly(_ inputs: BuildInputs, trustingCache: Bool) async throws -> ReleaseAssembly {
        try ShellSyntax(environment: connection.environment).check(project, inputs.scripts)
        let fetching = Fetching(project: project, connection: connection, events: events)
        var fetched = try await fetching.run(inputs.locked, trustingCache: trustingCache)
        // Of archives that go into the RPM as they are the digest is computed while they are written.
        let isCopied = project.manifest.rpm.layout == .archives && !project.manifest.rpm.transmute
        fetched.packages = try await VerifiedArchives(connection.cache).check(
            fetched.packages, areVerified: !trustingCache, later: isCopied)
        let cache = SummaryCache(connection.cache)
        let summaries = try await cache.summaries(fetched.packages, verifying: trustingCache)
        let licenseTexts = try await cache.licenseTexts(
            fetched.packages, summaries, verifying: trustingCache)
        var packages =
            project.manifest.rpm.transmute
            ? try await Transmutation(cache: connection.cache, events: events).run(fetched.packages) : fetched.packages
        if project.manifest.rpm.bootstrap.kind == .micromamba {
            packages = try packages.map { try $0.withComparedMD5() }
        }
        let assembly = try ReleaseAssembly(
            project: project, inputs: inputs, fetched: packages, summaries: summaries, licenseTexts: licenseTexts,
            wheels: fetched.wheels + inputs.localWheels)
        try Supported.check(
            assembly.records,
            virtual: try project.virtualPackages(for: project.subdir, environment: connection.environment),
            target: project.manifest.rpm.target.name)
        return assembly
    }

    /// An RPM before it is written.
    private struct Draft {
        let release: String
        let description: RPMDescription
        /// The bill of materials, which stands beside the RPM too.
        let bill: [UInt8]
        /// The files that the description speaks of, in layout `prefix`.
        let tree: LinkedTree?
    }

    /// The file of the RPM before, which is downloaded where only a repository's metadata told of it.
    private func predecessor(of release: Release, _ history: ReleaseHistory) async throws -> String? {
        guard let before = history.overtaking ?? Changelog.predecessor(of: release, among: history.packages) else {
            return nil
        }
        if let path = before.path { return path }
        let item = DownloadItem(url: before.place, sha256: before.sha256)
        return try await connection.withSession(channels: [], events: { _ in }) { session, _ in
            try await session.downloader.fetch([item]).first
        }
    }

    /// Chooses the release, links the prefix where the layout asks for it, and says what changed since the one before.
    private func describe(_ assembly: ReleaseAssembly, _ history: ReleaseHistory) async throws -> Draft {
        let release = try releaseNumber(history, assembly.inputs)
        var package = try assembly.package(release: release, tool: options.tool)
        package.after = history.after.map(\.description)
        for warning in package.warnings { events(.warning(warning)) }
        if package.programs.first?.knowledge == .unknown {
            let tool = assembly.inputs.hostTool.path
            events(
                .warning(
                    "\(tool) does not tell what it is made of, so the bill of materials cannot; scripts/build makes one that does"
                ))
        }
        package.changelog = try Changelog.entries(
            package, project: project, changed: changeTime(assembly.inputs),
            after: try await predecessor(of: package.release, history))
        let tree = try await assembly.linkTree(package, cache: connection.cache, events: events)
        package.tree = try tree?.files() ?? []
        let description = try package.description()
        try ShellSyntax(environment: connection.environment).check(description.scriptlets)
        return Draft(release: release, description: description, bill: try package.softwareBill(), tree: tree)
    }

    /// When what is built was changed: `SOURCE_DATE_EPOCH`, else the commit of the manifest; nil where neither tells.
    private func changeTime(_ inputs: BuildInputs) -> UInt32? {
        inputs.sourceDateEpoch ?? ManifestCommit.time(project.manifestPath, environment: connection.environment)
    }

    private func write(
        _ inputs: BuildInputs, release: String, fileName: String, _ signing: Signing?,
        _ write: (_ path: String) throws -> RPMWritten
    ) throws -> BuildSummary {
        let path = "\(options.output)/\(fileName)"
        events(.started(task: "rpm", total: nil, unit: .items))
        var summary = BuildSummary(path: path, outcome: .built, inputs: inputs, release: release)
        if let written = try self.write(path, signing, write) {
            (summary.size, summary.sha256) = (written.size, written.sha256)
        } else {
            summary.size = try RPMReader(path: path).size
            summary.sha256 = options.digest ? try FileContents.sha256(path) : nil
        }
        events(.finished(task: "rpm", summary: "\(ByteText.string(summary.size ?? 0)) in \(path)"))
        return summary
    }

    /// Writes one RPM; under its final name it never stands unsigned.
    ///
    /// - Returns: what is known of the file, unless it was signed.
    private func write(
        _ path: String, _ signing: Signing?, _ write: (_ path: String) throws -> RPMWritten
    ) throws -> RPMWritten? {
        guard let signing else { return try write(path) }
        let draft = "\(path).\(getpid()).unsigned"
        _ = try write(draft)
        try signing.finish(draft, as: path, target: project.manifest.rpm.target.name)
        return nil
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
    /// The RPMs of conda packages that were written now, in layout `split`.
    package var packageFiles: [String]?
    /// Bytes of the RPM.
    package var size: Int64?
    /// Digest of the whole RPM, when it was written now and the digest was asked for.
    package var sha256: String?

    init(path: String, outcome: Outcome, inputs: BuildInputs, release: String) {
        self.outcome = outcome
        rpm = path
        name = inputs.name
        version = inputs.version
        self.release = release
        architecture = inputs.architecture
        packages = inputs.locked.records.count
        self.inputs = inputs.digest
    }
}
