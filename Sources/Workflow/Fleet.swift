import CondaModel
import FoundationEssentials
import ServiceManifest
import TerminalProgress

/// Many services at once: every manifest below some folders.
package struct Fleet: Sendable {
    /// One for each manifest, in the order of their paths.
    package let sources: [ProjectSource]

    /// Finds the manifests below folders; a folder with a manifest is a service itself and is not searched further.
    ///
    /// - Parameter template: What the flags say, for all of them.
    /// - Throws: `WorkflowError.noManifestsBelow`, and that a folder cannot be read.
    package init(below paths: [String], template: ProjectSource) throws {
        var manifests: Set<String> = []
        for path in paths.isEmpty ? ["."] : paths { manifests.formUnion(try Self.manifests(below: path)) }
        guard !manifests.isEmpty else { throw WorkflowError.noManifestsBelow(paths: paths) }
        sources = manifests.sorted().map { manifest in
            var source = template
            source.inputs = [manifest.contains("/") ? manifest : "./\(manifest)"]
            return source
        }
    }

    private init(sources: [ProjectSource]) { self.sources = sources }

    /// Whether a command line names several services rather than one.
    package static func isMeant(by inputs: [String]) throws -> Bool {
        let folders = try inputs.filter { try manifests(below: $0).count > 0 }
        guard folders.count == inputs.count else { return false }
        return inputs.count > 1 || inputs.count == 1 && !isService(inputs[0])
    }

    private static func isService(_ path: String) -> Bool {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return false }
        return !isDirectory || FileManager.default.fileExists(atPath: "\(path)/\(Project.defaultManifest)")
    }

    private static func manifests(below path: String) throws -> [String] {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return [] }
        guard isDirectory else { return path.hasSuffix(".yml") || path.hasSuffix(".yaml") ? [path] : [] }
        let own = path == "." ? Project.defaultManifest : "\(path)/\(Project.defaultManifest)"
        if FileManager.default.fileExists(atPath: own) { return [own] }
        let entries = try FileManager.default.contentsOfDirectory(atPath: path)
        return try entries.filter { !$0.hasPrefix(".") }.flatMap { entry -> [String] in
            let below = path == "." ? entry : "\(path)/\(entry)"
            var isFolder = false
            let exists = FileManager.default.fileExists(atPath: below, isDirectory: &isFolder)
            let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: below)) != nil
            return exists && isFolder && !isLink ? try manifests(below: below) : []
        }
    }

    /// The services that files changed since a git revision belong to, changes that are not committed included.
    ///
    /// A file belongs to the service whose folder it is in, and to every service that packs it.
    ///
    /// - Throws: `WorkflowError.noRevision` with git's own words.
    package func touched(since revision: String, environment: [String: String]) async throws -> Fleet {
        func git(_ arguments: String...) async throws -> [String] {
            guard let git = Program.find("git", environment: environment) else {
                throw WorkflowError.noRevision(text: revision, reason: "git is not on PATH")
            }
            let answer = try await git.runAside(arguments, environment: environment)
            guard answer.status == 0 else { throw WorkflowError.noRevision(text: revision, reason: answer.errors) }
            return answer.text.split(separator: "\0").map(String.init)
        }
        let tracked = try await git("diff", "--name-only", "--relative", "-z", revision, "--")
        let untracked = try await git("ls-files", "--others", "--exclude-standard", "-z")
        let changed = Set((tracked + untracked).map(Self.absolute))
        return Fleet(sources: sources.filter { $0.isTouched(by: changed, environment: environment) })
    }

    fileprivate static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// Works on every service, a few at a time, and goes on when one fails.
    ///
    /// - Returns: The outcomes in the order of the manifests.
    package func forEach<Outcome: Sendable>(
        _ work: @escaping @Sendable (ProjectSource) async -> Outcome
    ) async -> [Outcome] {
        await withTaskGroup(of: (Int, Outcome).self) { group in
            var waiting = sources.enumerated().makeIterator()
            func start(_ group: inout TaskGroup<(Int, Outcome)>) {
                guard let (number, source) = waiting.next() else { return }
                group.addTask { (number, await work(source)) }
            }
            for _ in 0..<max(2, ProcessInfo.processInfo.activeProcessorCount) { start(&group) }
            var outcomes: [Int: Outcome] = [:]
            for await (number, outcome) in group {
                outcomes[number] = outcome
                start(&group)
            }
            return sources.indices.compactMap { outcomes[$0] }
        }
    }
}

extension ProjectSource {
    fileprivate func isTouched(by changed: Set<String>, environment: [String: String]) -> Bool {
        let folder = Fleet.absolute(inputs[0]).parentPath + "/"
        if changed.contains(where: { $0.hasPrefix(folder) }) { return true }
        // A manifest that cannot be read is for the build to report.
        guard let manifest = try? project(environment: environment).manifest else { return true }
        let packed = manifest.rpm.files.map(\.source) + manifest.rpm.wheels
        let places = packed.map { Fleet.absolute(manifest.resolved($0)) }
        return places.contains { place in changed.contains { $0 == place || $0.hasPrefix(place + "/") } }
    }
}

/// What became of one service of a fleet.
package struct FleetOutcome: Codable, Sendable {
    package enum Result: String, Codable, Sendable { case built, unchanged, failed }

    package var manifest: String
    package var result: Result
    /// The RPM, unless it failed.
    package var rpm: String?
    /// The RPMs of conda packages that were written now, in layout `split`.
    package var packageFiles: [String]?
    /// Why it failed, as one service alone would have been told.
    package var error: String?
}

extension Fleet {
    /// Builds every service that needs it.
    ///
    /// - Parameters:
    ///   - change: What flags change in each manifest is in the sources already; this is how each is built.
    ///   - describe: Turns an error into the text a user reads.
    package func build(
        connection: Connection, options: Building.Options, events: @escaping EventHandler,
        describe: @escaping @Sendable (any Error) -> String
    ) async throws -> [FleetOutcome] {
        let pool = try ChannelPool(connection, events: events)
        var shared = connection
        shared.pool = pool
        let sharedConnection = shared
        let outcomes = await forEach { source in
            let outcome = await Self.build(source, sharedConnection, options, events, describe)
            events(.note("\(outcome.result.rawValue): \(outcome.rpm ?? outcome.manifest)"))
            return outcome
        }
        await pool.close()
        return outcomes
    }

    private static func build(
        _ source: ProjectSource, _ connection: Connection, _ options: Building.Options,
        _ events: @escaping EventHandler,
        _ describe: @Sendable (any Error) -> String
    ) async -> FleetOutcome {
        let manifest = source.inputs[0]
        do {
            let project = try source.project(environment: connection.environment)
            let summary = try await Building(
                project: project, connection: connection, options: options,
                events: { if case .warning(let text) = $0 { events(.warning("\(manifest): \(text)")) } }
            ).run()
            return FleetOutcome(
                manifest: manifest, result: summary.outcome == .built ? .built : .unchanged, rpm: summary.rpm,
                packageFiles: summary.packageFiles)
        } catch {
            return FleetOutcome(manifest: manifest, result: .failed, error: describe(error))
        }
    }
}
