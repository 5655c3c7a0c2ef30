import CondaChannel
import CondaModel
import Foundation
import ServiceManifest

/// One service to package: its manifest with the flags applied, and where its documents stand.
package struct Project: Sendable {
    package let manifest: Manifest
    package let manifestPath: String
    package let lockPath: String
    /// The platform packages are chosen for.
    package let subdir: Subdir

    /// Reads a manifest.
    ///
    /// - Parameters:
    ///   - path: The manifest, or the directory that holds an `environment.yml`.
    ///   - lock: The lock; by default `conda-lock.yml` beside the manifest.
    ///   - platform: A conda subdir; by default the manifest's first platform, else this machine's.
    package static func load(
        path: String, lock: String? = nil, platform: String? = nil, overrides: Overrides
    ) throws -> Project {
        let file = isDirectory(path) ? "\(path)/\(defaultManifest)" : path
        guard FileManager.default.fileExists(atPath: file) else { throw WorkflowError.noManifest(path: file) }
        let manifest = try Manifest.load(path: file, overrides: overrides)
        guard !manifest.channels.isEmpty else { throw WorkflowError.noChannels(manifest: file) }
        let beside = (file as NSString).deletingLastPathComponent
        let standard = beside.isEmpty ? defaultLock : "\(beside)/\(defaultLock)"
        return Project(
            manifest: manifest, manifestPath: file, lockPath: lock ?? standard,
            subdir: try choosePlatform(platform, manifest))
    }

    package static let defaultManifest = "environment.yml"
    package static let defaultLock = "conda-lock.yml"

    private static func isDirectory(_ path: String) -> Bool {
        var result: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &result) && result.boolValue
    }

    private static func choosePlatform(_ flag: String?, _ manifest: Manifest) throws(WorkflowError) -> Subdir {
        let chosen = flag ?? manifest.platforms.first?.rawValue ?? machine
        let known = [Subdir.linux64, .linuxAarch64, .linuxPpc64le, .linuxS390x]
        guard let subdir = known.first(where: { $0.rawValue == chosen }) else {
            throw .unknownPlatform(name: chosen, known: known.map(\.rawValue))
        }
        return subdir
    }

    private static var machine: String {
        #if arch(arm64)
            "linux-aarch64"
        #elseif arch(powerpc64le)
            "linux-ppc64le"
        #elseif arch(s390x)
            "linux-s390x"
        #else
            "linux-64"
        #endif
    }

    /// What a solver may assume of the hosts.
    package func virtualPackages(environment: [String: String]) throws -> [VirtualPackage] {
        let target = manifest.rpm.target
        var packages = try VirtualPackage.forTarget(
            glibc: Version(target.glibc), linux: Version(target.kernel), archspec: target.archspec, subdir: subdir,
            environment: environment)
        if let cuda = target.cuda, !packages.contains(where: { $0.name == "__cuda" }) {
            packages.append(VirtualPackage(name: "__cuda", version: try Version(cuda)))
        }
        return packages
    }
}

/// How a command reaches channels and its cache.
package struct Connection: Sendable {
    package var cache: CacheDirectory
    package var offline: Bool
    package var environment: [String: String]

    package init(cache: CacheDirectory, offline: Bool, environment: [String: String]) {
        self.cache = cache
        self.offline = offline
        self.environment = environment
    }

    /// Runs work with a session that knows the channels' places and credentials, and closes it however the work ends.
    func withSession<Result>(
        channels names: [String], events: @escaping ChannelEventHandler,
        _ work: (ChannelSession, [Channel]) async throws -> Result
    ) async throws -> Result {
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
