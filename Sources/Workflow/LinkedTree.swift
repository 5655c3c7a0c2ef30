import CondaChannel
import CondaPrefix
import HostLifecycle
import RPMFormat
import ServiceRelease
import Synchronization
import TerminalProgress

/// The prefix of a release, linked on the build machine for its place on the host (layout `prefix`).
struct LinkedTree: Sendable {
    private let tree: StagedTree
    private let staged: StagedPrefix
    /// SHA-256 digests of files by their paths in the tree, as far as they are known.
    private var digests: [String: String] = [:]

    /// - Throws: `WorkflowError` when the cache cannot be written.
    init(cache: CacheDirectory, release: Release, buildTime: UInt32) throws {
        tree = try StagedTree(cache)
        staged = StagedPrefix(release, buildTime: Int64(buildTime))
    }

    /// Links packages and wheels.
    ///
    /// - Throws: `PrefixError`.
    mutating func link(
        _ packages: [PrefixPackage], _ wheels: [PrefixWheel], _ verified: VerifiedArchives,
        events: @escaping EventHandler
    ) async throws {
        events(.started(task: "link", total: nil, unit: .items))
        let untrue = Mutex<Set<String>>([])
        let report = try staged.link(packages, wheels, into: tree.directory) { event in
            if case .contentsDiffer(let package, _) = event { untrue.withLock { _ = $0.insert(package) } }
            if case .notCompiled(let reason) = event {
                events(.warning("Python modules were not byte-compiled: \(reason); rpm.compile: false asks for none"))
            }
        }
        for package in packages where !package.hasTrueList {
            if untrue.withLock({ !$0.contains(package.record.distribution) }) {
                verified.insertList(package.record.sha256)
            }
        }
        digests = try knownDigests(without: report.clobbers)
        events(.finished(task: "link", summary: "\(report.files) files in \(staged.place)"))
    }

    /// What linking has found out about files; link scripts have not run, so they are still that.
    ///
    /// Of a path that several packages have nothing is said: the file is that of one of them.
    private func knownDigests(without clobbers: [PathClobber]) throws -> [String: String] {
        let state = try PrefixState(prefix: tree.directory)
        let paths = Dictionary(grouping: state.packages.flatMap(\.paths), by: \.path)
        let shared = Set(clobbers.map(\.path))
        return paths.compactMapValues { claims in
            guard claims.count == 1, claims[0].kind != .softlink, !shared.contains(claims[0].path) else { return nil }
            return claims[0].digestInPrefix
        }
    }

    /// The tree as the RPM has it.
    ///
    /// What link scripts may change on the host, the documents in `conda-meta`, is not compared by `rpm -V` where there
    /// are any.
    /// - Throws: `WorkflowError.unpackable` for a name that no RPM can hold.
    func files() throws -> [RPMFile] {
        let files = try tree.files(at: staged.place, digests: digests)
        let hasScripts = files.contains { $0.path.hasSuffix("-post-link.sh") || $0.path.hasSuffix("-pre-link.sh") }
        guard hasScripts else { return files }
        return files.map { file in
            var file = file
            if file.path.hasPrefix("\(staged.place)/conda-meta/"), file.path.hasSuffix(".json") {
                file.verifyFlags.subtract([.digest, .size, .modificationTime])
            }
            return file
        }
    }
}
