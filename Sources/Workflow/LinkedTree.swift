import CondaChannel
import CondaPrefix
import HostLifecycle
import RPMFormat
import ServiceRelease
import TerminalProgress

/// The prefix of a release, linked on the build machine for its place on the host (layout `prefix`).
struct LinkedTree: Sendable {
    private let tree: StagedTree
    private let staged: StagedPrefix

    /// - Throws: `WorkflowError` when the cache cannot be written.
    init(cache: CacheDirectory, release: Release, buildTime: UInt32) throws {
        tree = try StagedTree(cache)
        staged = StagedPrefix(release, buildTime: Int64(buildTime))
    }

    /// Links packages and wheels.
    ///
    /// - Throws: `PrefixError`.
    func link(_ packages: [PrefixPackage], _ wheels: [PrefixWheel], events: @escaping EventHandler) async throws {
        events(.started(task: "link", total: nil, unit: .items))
        let report = try await staged.link(packages, wheels, into: tree.directory) { event in
            if case .notCompiled(let reason) = event {
                events(.warning("Python modules were not byte-compiled: \(reason); rpm.compile: false asks for none"))
            }
        }
        events(.finished(task: "link", summary: "\(report.files) files in \(staged.place)"))
    }

    /// The tree as the RPM has it.
    ///
    /// What link scripts may change on the host, the documents in `conda-meta`, is not compared by `rpm -V` where there
    /// are any.
    /// - Throws: `WorkflowError.unpackable` for a name that no RPM can hold.
    func files() throws -> [RPMFile] {
        let files = try tree.files(at: staged.place)
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
