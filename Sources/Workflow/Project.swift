import CondaChannel
import CondaLock
import CondaModel
import FoundationEssentials
import ServiceManifest

/// One service to package: its manifest with the flags applied, and where its documents stand.
package struct Project: Sendable {
    package let manifest: Manifest
    /// The manifest's path; for requirements of the command line the word "command line".
    package let manifestPath: String
    package let lockPath: String
    /// The platform the RPM is for.
    package let subdir: Subdir
    /// The platforms that a lock is made for; ``subdir`` is one of them.
    package let platforms: [Subdir]
    /// The environment wanted from a `pixi.lock`.
    package let lockEnvironment: String?
    /// The groups of locked packages that go into the RPM.
    package let categories: Set<String>
    /// The channels by their names for conda, as the configuration has them; as written where it does not know them.
    package var channelNames: [String]
    /// Whether a `conda-lock.yml` that another tool wrote may be written anew.
    package var takesOverLock = false

    package static let defaultManifest = "environment.yml"
    package static let defaultLock = "conda-lock.yml"
}

/// What a command line says about a project.
package struct ProjectSource: Sendable {
    /// A manifest or its directory, or requirements such as `python 3.12.*`; none: `environment.yml` here.
    package var inputs: [String] = []
    /// The lock; nil: `conda-lock.yml` beside the manifest, or `NAME.conda-lock.yml` here without one.
    package var lock: String?
    /// A conda subdir; nil: this machine's if the manifest lists it, else the manifest's first for Linux.
    package var platform: String?
    /// The environment of a `pixi.lock`; nil: `default`.
    package var lockEnvironment: String?
    /// The groups of a lock; empty: the manifest's own.
    package var categories: [String] = []
    /// Write a `conda-lock.yml` anew although another tool wrote it.
    package var takesOverLock = false
    package var overrides = Overrides()

    package init() {}

    /// Reads the manifest, or makes one of the requirements.
    ///
    /// A manifest without channels takes those of `.condarc`, and without these conda-forge.
    ///
    /// - Parameter environment: The variables of the process, which name `.condarc` files.
    /// - Throws: `ManifestError`, `WorkflowError`, `ChannelError`.
    package func project(environment: [String: String]) throws -> Project {
        var (manifest, path) = try readManifest()
        if manifest.channels.isEmpty {
            guard !manifest.excludesDefaultChannels else { throw WorkflowError.noChannels(manifest: path) }
            let configured = try ChannelConfiguration.load(environment: environment).channels
            manifest.channels = configured.isEmpty ? ["conda-forge"] : configured
        }
        let platforms = try choosePlatforms(manifest)
        return Project(
            manifest: manifest, manifestPath: path, lockPath: try lock ?? standardLock(path, manifest),
            subdir: platforms.first { $0 == Project.machine } ?? platforms[0], platforms: platforms,
            lockEnvironment: lockEnvironment,
            categories: categories.isEmpty ? [manifest.category ?? "main"] : Set(categories),
            channelNames: try channelNames(manifest, environment), takesOverLock: takesOverLock)
    }

    /// What the configuration refuses is refused where the channels are asked.
    private func channelNames(_ manifest: Manifest, _ environment: [String: String]) throws -> [String] {
        let configuration = try ChannelConfiguration.load(environment: environment)
        return (try? configuration.resolve(manifest.channels).map(\.name)) ?? manifest.channels
    }

    private static let commandLine = "command line"

    private func readManifest() throws -> (Manifest, path: String) {
        let paths = inputs.filter(isPath)
        guard paths.isEmpty else {
            guard inputs.count == 1 else { throw WorkflowError.mixedInputs(manifest: paths[0], inputs: inputs) }
            return try readManifest(paths[0])
        }
        // A lock says it all: who gives one, and a name, needs no manifest.
        let hasManifest = FileManager.default.fileExists(atPath: Project.defaultManifest)
        if inputs.isEmpty, hasManifest || lock == nil || overrides.name == nil { return try readManifest(".") }
        return (
            try Manifest.adHoc(requirements: inputs, channels: overrides.channels, overrides: overrides),
            Self.commandLine
        )
    }

    private func readManifest(_ path: String) throws -> (Manifest, path: String) {
        let file =
            switch path {
            case ".": Project.defaultManifest
            case _ where Self.isDirectory(path): path + (path.hasSuffix("/") ? "" : "/") + Project.defaultManifest
            default: path
            }
        guard FileManager.default.fileExists(atPath: file) else { throw WorkflowError.noManifest(path: file) }
        return (try Manifest.load(path: file, overrides: overrides), file)
    }

    /// A requirement has no slash except in a channel or a URL.
    ///
    /// With `--name` a folder that holds no manifest may be named like a package.
    private func isPath(_ input: String) -> Bool {
        if input.contains("::") || input.contains("://") { return false }
        if input.contains("/") || input == "." || input == ".." { return true }
        return input.hasSuffix(".yml") || input.hasSuffix(".yaml")
            || FileManager.default.fileExists(atPath: "\(input)/\(Project.defaultManifest)")
            || overrides.name == nil && Self.isDirectory(input)
    }

    private static func isDirectory(_ path: String) -> Bool {
        var result = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &result) && result
    }

    private func standardLock(_ path: String, _ manifest: Manifest) throws -> String {
        guard path != Self.commandLine else { return "\(try manifest.requiredName()).\(Project.defaultLock)" }
        let folder = path.parentPath
        return folder.isEmpty ? Project.defaultLock : "\(folder)/\(Project.defaultLock)"
    }

    /// Platforms that no RPM is for are the developers' own and are passed over.
    private func choosePlatforms(_ manifest: Manifest) throws(WorkflowError) -> [Subdir] {
        let known = [Subdir.linux64, .linuxAarch64, .linuxPpc64le, .linuxS390x]
        if let platform {
            guard let subdir = known.first(where: { $0.rawValue == platform }) else {
                throw .unknownPlatform(name: platform, known: known.map(\.rawValue))
            }
            return [subdir]
        }
        guard let first = manifest.platforms.first else { return [Project.machine] }
        let listed = manifest.platforms.filter(known.contains)
        guard !listed.isEmpty else { throw .unknownPlatform(name: first.rawValue, known: known.map(\.rawValue)) }
        return listed
    }

}

extension Project {
    /// The platform that this program runs on.
    static var machine: Subdir {
        #if arch(arm64)
            .linuxAarch64
        #elseif arch(powerpc64le)
            .linuxPpc64le
        #elseif arch(s390x)
            .linuxS390x
        #else
            .linux64
        #endif
    }

    /// What a solver may assume of the hosts.
    package func virtualPackages(for subdir: Subdir, environment: [String: String]) throws -> [VirtualPackage] {
        let target = manifest.rpm.target
        var packages = try VirtualPackage.forTarget(
            glibc: Version(target.glibc), linux: Version(target.kernel), archspec: target.archspec, subdir: subdir,
            environment: environment)
        if let cuda = target.cuda, !packages.contains(where: { $0.name == "__cuda" }) {
            packages.append(VirtualPackage(name: "__cuda", version: try Version(cuda)))
        }
        return packages
    }

    /// Holds the environment and the groups that are wanted against those that a lock has.
    ///
    /// Of a lock of ours the manifest's own group may be missing: then it is locked anew.
    ///
    /// - Throws: `WorkflowError.noEnvironments`, `WorkflowError.noGroup`.
    func checkChoice(of lock: Lock) throws(WorkflowError) {
        if let lockEnvironment, !lock.origin.hasEnvironments {
            throw .noEnvironments(lock: lockPath, environment: lockEnvironment)
        }
        let known = lock.categories(for: subdir)
        let isToBeLocked = lock.origin == .ours && categories == [manifest.category ?? "main"]
        guard !known.isEmpty, !isToBeLocked else { return }
        guard let missing = categories.sorted().first(where: { !known.contains($0) }) else { return }
        throw .noGroup(
            lock: lockPath, group: missing, platform: subdir.rawValue, known: known,
            nearest: nearest(to: missing, in: known))
    }

    /// How the lock is read.
    func lockReading(environment: [String: String]) -> LockReading {
        var reading = LockReading()
        reading.environment = lockEnvironment ?? reading.environment
        reading.platform = subdir
        reading.glibc = manifest.rpm.target.glibc
        reading.variables = environment
        reading.workingDirectory = FileManager.default.currentDirectoryPath
        return reading
    }
}

/// How a command reaches channels and its cache.
package struct Connection: Sendable {
    package var cache: CacheDirectory
    package var offline: Bool
    package var environment: [String: String]
    /// Channels shared with other services; nil: each piece of work opens its own.
    package var pool: ChannelPool?

    package init(cache: CacheDirectory, offline: Bool, environment: [String: String]) {
        self.cache = cache
        self.offline = offline
        self.environment = environment
    }

    /// Repodata of channels, as others of the same run have loaded it already.
    func repodata(_ session: ChannelSession, _ channels: [Channel], _ subdirs: [Subdir]) async throws -> Repodata {
        if let pool { return try await pool.repodata(channels, subdirs) }
        return try await session.loader.load(channels: channels, subdirs: subdirs)
    }

    /// Runs work with a session that knows the channels' places and credentials, and closes it however the work ends.
    func withSession<Result>(
        channels names: [String], events: @escaping ChannelEventHandler,
        _ work: (ChannelSession, [Channel]) async throws -> Result
    ) async throws -> Result {
        if let pool { return try await work(pool.session, pool.session.channels(names)) }
        let session = try ChannelSession(
            configuration: .load(environment: environment), cache: cache, offline: offline, events: events)
        do {
            let result = try await work(session, session.channels(names))
            await session.close()
            return result
        } catch {
            await session.close()
            throw error
        }
    }
}
