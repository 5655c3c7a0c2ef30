import CondaChannel
import CondaLock
import CondaModel
import CondaSolver
import FoundationEssentials
import ServiceManifest
import TerminalProgress

/// Solves a manifest and writes its lock.
package struct Locking: Sendable {
    let project: Project
    let connection: Connection
    let solver: any Solving
    let events: EventHandler

    package init(
        project: Project, connection: Connection, solver: any Solving = ClauseLearningSolver(),
        events: @escaping EventHandler
    ) {
        self.project = project
        self.connection = connection
        self.solver = solver
        self.events = events
    }

    /// What of an earlier lock a new one keeps.
    package enum Update: Sendable, Hashable {
        /// Every version that still fits stays.
        case nothing
        /// The versions of these packages may move.
        case packages([String])
        /// Everything is chosen anew.
        case everything
    }

    /// Why the lock does not answer the manifest; empty when it does.
    ///
    /// - Throws: that there is no lock, or that it cannot be read.
    package func staleReasons() throws -> [String] {
        try reasons(readLock())
    }

    /// What the lock is called when another tool wrote it, so that no build changes it; nil for one of ours.
    package func foreignFormat() throws -> String? { try readLock().origin.foreignFormat }

    private func readLock() throws -> Lock {
        guard FileManager.default.fileExists(atPath: project.lockPath) else {
            throw WorkflowError.lockMissing(path: project.lockPath)
        }
        let lock = try Lock.read(path: project.lockPath, project.lockReading(environment: connection.environment))
        try project.checkChoice(of: lock)
        return lock
    }

    /// The lock that is there; nil where there is none.
    ///
    /// One that cannot be read is an error, for it is not nothing.
    private func lockBefore() throws -> Lock? {
        guard FileManager.default.fileExists(atPath: project.lockPath) else { return nil }
        return try readLock()
    }

    private func reasons(_ lock: Lock) throws -> [String] {
        lock.check(against: try requirementSet(for: project.subdir), categories: project.categories)
            .reasons.map { "\($0)" }
    }

    /// The lock, made first when there is none or it no longer answers the manifest.
    ///
    /// - Throws: also when a lock of another tool does not answer: it is not ours to change.
    package func currentLock() async throws -> Lock {
        if FileManager.default.fileExists(atPath: project.lockPath) {
            let lock = try readLock()
            let reasons = try reasons(lock)
            if reasons.isEmpty { return lock }
            try refuseForeign(lock, reasons: reasons)
            for reason in reasons { events(.note("the lock is stale: \(reason)")) }
        }
        return try await run(update: .nothing).lock
    }

    /// The lock as it stands.
    ///
    /// - Throws: `WorkflowError.lockMissing`, `WorkflowError.lockStale`.
    package func requireLock() throws -> Lock {
        let lock = try readLock()
        let reasons = try reasons(lock)
        guard !reasons.isEmpty else { return lock }
        try refuseForeign(lock, reasons: reasons)
        throw WorkflowError.lockStale(path: project.lockPath, reasons: reasons)
    }

    /// Loads the channels, solves for each platform, and writes the lock under its final name.
    package func run(update: Update) async throws -> (lock: Lock, summary: LockSummary) {
        try Supported.check(project.manifest)
        let before = try lockBefore()
        if let before { try refuseForeign(before, reasons: []) }
        try checkNames(of: update, in: before)
        var sets: [SolvedSet] = []
        for subdir in project.platforms {
            let records = try await solve(for: subdir, keeping: kept(before, subdir, update))
            let wheels = try await WheelResolution(
                project: project, connection: connection, subdir: subdir, records: records
            ).wheels()
            guard !records.isEmpty else { throw WorkflowError.nothingToLock(manifest: project.manifestPath) }
            sets.append(SolvedSet(requirements: try requirementSet(for: subdir), records: records, wheels: wheels))
        }
        var lock = Lock(sets, sources: [sourceName], category: project.manifest.category ?? "main")
        if let before { lock.adopt(before) }
        // Another tool may have written it while this one solved.
        if let now = try lockBefore() { try refuseForeign(now, reasons: []) }
        try lock.write(to: project.lockPath)
        return (lock, LockSummary(lock: lock, path: project.lockPath, platforms: project.platforms, before: before))
    }

    /// What the channels offer now, whatever the lock says, as what would change; writes nothing.
    package func updates(security: Set<String>) async throws -> [PackageUpdate] {
        let before = Dictionary(
            try readLock().records(for: project.subdir, categories: project.categories).map { ($0.name, $0) }
        ) { first, _ in first }
        let after = Dictionary(
            try await solve(for: project.subdir, keeping: []).map { ($0.name, $0) }
        ) { first, _ in first }
        return Set(before.keys).union(after.keys).sorted().compactMap { name in
            let (was, now) = (before[name], after[name])
            guard was?.version != now?.version || was?.build != now?.build else { return nil }
            let isRebuilt = was?.version == now?.version
            func text(_ record: PackageRecord) -> String {
                isRebuilt ? "\(record.version) \(record.build)" : "\(record.version)"
            }
            return PackageUpdate(
                name: name, from: was.map(text), to: now.map(text), security: security.contains(name))
        }
    }

    /// A lock of another tool is its user's work: read, and never changed unless `--update-lock` asks for it.
    private func refuseForeign(_ lock: Lock, reasons: [String]) throws(WorkflowError) {
        guard let format = lock.origin.foreignFormat else { return }
        let isOurFormat = lock.origin == .condaLock
        if isOurFormat, project.takesOverLock { return }
        throw .foreignLock(
            path: project.lockPath, format: format, reasons: reasons,
            canBeTakenOver: isOurFormat && !project.manifest.dependencies.isEmpty)
    }

    /// Names after `--update` are packages of the lock.
    private func checkNames(of update: Update, in before: Lock?) throws(WorkflowError) {
        guard case .packages(let names) = update else { return }
        guard let before else { throw .lockMissing(path: project.lockPath) }
        let known = before.packages.filter { project.platforms.contains($0.platform) }
        for name in names where !known.contains(where: { $0.isNamed(name) }) {
            let nearest = CondaModel.nearest(to: name, in: known.map(\.name))
            throw .notLocked(name: name, lock: project.lockPath, nearest: nearest)
        }
    }

    private var sourceName: String { project.manifestPath.lastPathName }

    private func requirementSet(for subdir: Subdir) throws -> RequirementSet {
        let configuration = try ChannelConfiguration.load(environment: connection.environment)
        let channels = try configuration.resolve(project.manifest.channels)
        let pip = try PipRequirements(project.manifest)
        var set = RequirementSet(
            platform: subdir, channels: channels.map(\.name), specs: try project.manifest.specs(),
            pip: pip.requirements,
            virtualPackages: try project.virtualPackages(for: subdir, environment: connection.environment))
        set.localWheels = try pip.localWheels.map { try $0.locked() }
        set.pylocks = try pip.lockFiles.map { try FileContents.sha256($0) }
        return set
    }

    private func solve(for subdir: Subdir, keeping locked: [PackageRecord]) async throws -> [PackageRecord] {
        let specs = try project.manifest.specs()
        let bridge = ProgressBridge(task: "repodata", total: nil, events: events)
        return try await connection.withSession(
            channels: project.manifest.channels, events: { bridge.handle($0) }
        ) { session, channels in
            let repodata = try await connection.repodata(session, channels, [subdir, .noarch])
            let reachable = try await repodata.reachable(from: specs)
            let candidates = reachable.reduce(0) { $0 + $1.records.count }
            bridge.finish("\(candidates) candidates from \(channels.map(\.name).joined(separator: ", "))")
            let request = SolveRequest(
                specs: specs, channels: reachable.map(\.records),
                virtualPackages: try project.virtualPackages(for: subdir, environment: connection.environment),
                locked: locked, pinned: try pins(session.configuration),
                channelPriority: priority(session.configuration))
            events(.started(task: "solve", total: nil, unit: .items))
            let solution = try answer(request, channels: channels, repodata: repodata)
            events(.finished(task: "solve", summary: "\(solution.count) packages for \(subdir)"))
            return solution
        }
    }

    /// `pinned_packages` of `.condarc`.
    private func pins(_ configuration: ChannelConfiguration) throws -> [MatchSpec] {
        try configuration.pinnedPackages.map { pin in
            do throws(MatchSpecError) {
                return try MatchSpec(pin)
            } catch {
                throw WorkflowError.invalidPin(pin: pin, reason: "\(error)")
            }
        }
    }

    private func answer(
        _ request: SolveRequest, channels: [Channel], repodata: Repodata
    ) throws -> [PackageRecord] {
        let failure: SolveError
        do throws(SolveError) {
            return try solver.solve(request)
        } catch {
            failure = error
        }
        switch failure {
        case .unknownRequirement(let spec, let nearest):
            let name = spec.name ?? spec.description
            throw WorkflowError.notInChannels(
                requirement: asWritten(spec), channels: channels.map(\.name),
                nearest: CondaModel.nearest(to: name, in: repodata.names) ?? nearest)
        case .unsatisfiable(let explanation):
            throw WorkflowError.unsatisfiable(
                manifest: project.manifestPath, explanation: "\(explanation)", remedy: explanation.hint)
        case .unsupportedRequirement: throw failure
        }
    }

    /// The requirement in the manifest's own words.
    private func asWritten(_ spec: MatchSpec) -> String {
        let specs = (try? project.manifest.specs()) ?? []
        return zip(specs, project.manifest.dependencies).first { $0.0 == spec }?.1 ?? "\(spec)"
    }

    private func kept(_ before: Lock?, _ subdir: Subdir, _ update: Update) -> [PackageRecord] {
        guard let records = try? before?.records(for: subdir, categories: project.categories) else { return [] }
        switch update {
        case .nothing: return records
        case .everything: return []
        case .packages(let names):
            let names = Set(names.map { $0.lowercased() })
            return records.filter { !names.contains($0.name) }
        }
    }

    private func priority(_ configuration: ChannelConfiguration) -> CondaSolver.ChannelPriority {
        switch configuration.priority ?? .strict {
        case .strict: .strict
        case .flexible: .flexible
        case .disabled: .disabled
        }
    }
}

extension LockedPackage {
    /// Whether somebody who writes this name means the package; names of PyPI have several spellings.
    fileprivate func isNamed(_ text: String) -> Bool {
        switch manager {
        case .conda: name == text.lowercased()
        case .pip: DistributionName.canonical(name) == DistributionName.canonical(text)
        }
    }
}

/// What a lock run did, as data.
package struct LockSummary: Codable, Sendable, Hashable {
    /// What it did for one platform.
    package struct Platform: Codable, Sendable, Hashable {
        package var name: String
        package var packages: Int
        /// `name version build` of each package that came, went or moved since the lock before.
        package var added: [String]
        package var removed: [String]
    }

    package var lock: String
    package var platforms: [Platform]

    init(lock: Lock, path: String, platforms: [Subdir], before: Lock?) {
        self.lock = path
        self.platforms = platforms.map { subdir in
            let now = Self.lines(lock, subdir)
            let then = before.map { Self.lines($0, subdir) } ?? []
            return Platform(
                name: subdir.rawValue, packages: now.count, added: now.subtracting(then).sorted(),
                removed: then.subtracting(now).sorted())
        }
    }

    private static func lines(_ lock: Lock, _ platform: Subdir) -> Set<String> {
        Set(lock.packages.filter { $0.platform == platform }.map { "\($0.name) \($0.version) \($0.build ?? "wheel")" })
    }
}
