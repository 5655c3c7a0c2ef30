import CondaChannel
import CondaLock
import CondaModel
import CondaSolver
import Foundation
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
        guard FileManager.default.fileExists(atPath: project.lockPath) else {
            throw WorkflowError.lockMissing(path: project.lockPath)
        }
        return try reasons(Lock.read(path: project.lockPath))
    }

    private func reasons(_ lock: Lock) throws -> [String] {
        lock.check(against: try requirementSet()).reasons.map { "\($0)" }
    }

    /// The lock, made first when there is none or it no longer answers the manifest.
    package func currentLock() async throws -> Lock {
        if FileManager.default.fileExists(atPath: project.lockPath) {
            let lock = try Lock.read(path: project.lockPath)
            let reasons = try reasons(lock)
            if reasons.isEmpty { return lock }
            for reason in reasons { events(.note("the lock is stale: \(reason)")) }
        }
        return try await run(update: .nothing).lock
    }

    /// The lock as it stands.
    ///
    /// - Throws: `WorkflowError.lockMissing`, `WorkflowError.lockStale`.
    package func requireLock() throws -> Lock {
        let reasons = try staleReasons()
        guard reasons.isEmpty else { throw WorkflowError.lockStale(path: project.lockPath, reasons: reasons) }
        return try Lock.read(path: project.lockPath)
    }

    /// Loads the channels, solves, and writes the lock under its final name.
    package func run(update: Update) async throws -> (lock: Lock, summary: LockSummary) {
        let specs = try project.manifest.specs()
        try Supported.check(project.manifest)
        let before = try? Lock.read(path: project.lockPath)
        let records = try await solve(specs, keeping: before, update: update)
        let set = SolvedSet(requirements: try requirementSet(), records: records)
        let lock = Lock([set], sources: [sourceName], category: project.manifest.category ?? "main")
        try lock.write(to: project.lockPath)
        return (lock, LockSummary(lock: lock, path: project.lockPath, platform: project.subdir, before: before))
    }

    private var sourceName: String { (project.manifestPath as NSString).lastPathComponent }

    private func requirementSet() throws -> RequirementSet {
        let configuration = try ChannelConfiguration.load(environment: connection.environment)
        let channels = try configuration.resolve(project.manifest.channels)
        return RequirementSet(
            platform: project.subdir, channels: channels.map(\.name), specs: try project.manifest.specs(),
            virtualPackages: try project.virtualPackages(environment: connection.environment))
    }

    private func solve(
        _ specs: [MatchSpec], keeping before: Lock?, update: Update
    ) async throws -> [PackageRecord] {
        let bridge = ProgressBridge(task: "repodata", total: nil, events: events)
        return try await connection.withSession(
            channels: project.manifest.channels, events: { bridge.handle($0) }
        ) { session, channels in
            let repodata = try await session.loader.load(channels: channels, subdirs: [project.subdir, .noarch])
            let reachable = try await repodata.reachable(from: specs)
            let candidates = reachable.reduce(0) { $0 + $1.records.count }
            bridge.finish("\(candidates) candidates from \(channels.map(\.name).joined(separator: ", "))")
            let request = SolveRequest(
                specs: specs, channels: reachable.map(\.records),
                virtualPackages: try project.virtualPackages(environment: connection.environment),
                locked: kept(before, update), channelPriority: priority(session.configuration))
            events(.started(task: "solve", total: nil, unit: .items))
            let solution = try answer(request, channels: channels, repodata: repodata)
            events(.finished(task: "solve", summary: "\(solution.count) packages"))
            return solution
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

    private func kept(_ before: Lock?, _ update: Update) -> [PackageRecord] {
        guard let records = try? before?.records(for: project.subdir) else { return [] }
        switch update {
        case .nothing: return records
        case .everything: return []
        case .packages(let names): return records.filter { !names.contains($0.name) }
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

/// What a lock run did, as data.
package struct LockSummary: Codable, Sendable, Hashable {
    package var lock: String
    package var platform: String
    package var packages: Int
    /// `name version build` of each package that came, went or moved since the lock before.
    package var added: [String]
    package var removed: [String]

    init(lock: Lock, path: String, platform: Subdir, before: Lock?) {
        self.lock = path
        self.platform = platform.rawValue
        let now = Self.lines(lock, platform)
        let then = before.map { Self.lines($0, platform) } ?? []
        packages = now.count
        added = now.subtracting(then).sorted()
        removed = then.subtracting(now).sorted()
    }

    private static func lines(_ lock: Lock, _ platform: Subdir) -> Set<String> {
        let records = (try? lock.records(for: platform)) ?? []
        return Set(records.map { "\($0.name) \($0.version) \($0.build)" })
    }
}
