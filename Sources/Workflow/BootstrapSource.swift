import CondaChannel
import ServicePackaging

/// Finds the bootstrap's file, downloading it where the manifest names a URL, and checks it.
struct BootstrapSource: Sendable {
    let project: Project
    let connection: Connection
    let events: EventHandler

    init(_ project: Project, connection: Connection, events: @escaping EventHandler) {
        self.project = project
        self.connection = connection
        self.events = events
    }

    /// - Returns: Nil for `builtin`.
    func resolve() async throws -> ResolvedBootstrap? {
        let manifest = project.manifest
        let bootstrap = manifest.rpm.bootstrap
        guard let source = bootstrap.source else { return nil }
        let path = bootstrap.isRemote ? try await download(source, sha256: bootstrap.sha256) : manifest.resolved(source)
        switch bootstrap.kind {
        case .builtin: return nil
        case .miniconda:
            let checked = try ConstructorInstaller(
                path: path, expectedSHA256: bootstrap.sha256, target: manifest.rpm.target,
                subdir: project.subdir.rawValue)
            return ResolvedBootstrap(path: path, sha256: checked.sha256, workspace: checked.workspace)
        case .micromamba:
            let found = try FileContents.sha256(path)
            if let expected = bootstrap.sha256, expected != found {
                throw PackagingError.bootstrapDigest(path: path, expected: expected, found: found)
            }
            try checkProgram(path)
            return ResolvedBootstrap(path: path, sha256: found, workspace: 0)
        }
    }

    /// Sites serve micromamba in an archive, and for several machines; either would be found out by every host.
    private func checkProgram(_ path: String) throws {
        let isScript = try FileContents.prefix(path, 2).elementsEqual("#!".utf8)
        if isScript { return }
        do throws(ELFProblem) {
            let program = try ELFProgram(path: path)
            guard program.architecture == project.subdir.rpmArchitecture else {
                throw ELFProblem("it is a program for \(program.architecture)")
            }
        } catch {
            throw PackagingError.bootstrapNotProgram(path: path, problem: error.description)
        }
    }

    private func download(_ url: String, sha256: String?) async throws -> String {
        let bridge = ProgressBridge(task: "bootstrap", total: nil, events: events)
        let item = DownloadItem(url: url, sha256: sha256)
        let path = try await connection.withSession(channels: [], events: { bridge.handle($0) }) { session, _ in
            try await session.downloader.fetch([item])[0]
        }
        bridge.finish(bridge.total == 0 ? "in the cache" : "fetched")
        return path
    }
}
