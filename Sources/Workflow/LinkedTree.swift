import CondaChannel
import CondaPrefix
import RPMFormat
import ServiceRelease
import TerminalProgress

/// The prefix of a release, linked on the build machine for its place on the host (layout `prefix`).
struct LinkedTree: Sendable {
    private let tree: StagedTree
    private let release: Release
    private let buildTime: UInt32

    /// - Throws: `WorkflowError` when the cache cannot be written.
    init(cache: CacheDirectory, release: Release, buildTime: UInt32) throws {
        tree = try StagedTree(cache)
        self.release = release
        self.buildTime = buildTime
    }

    /// Where the tree will be on the host.
    private var prefix: String { "\(release.prefix)/releases/\(release.identifier)" }

    /// Links packages and wheels.
    ///
    /// - Throws: `PrefixError`; also when Python modules cannot be compiled here, for the host must not do it.
    func link(_ packages: [PrefixPackage], _ wheels: [PrefixWheel], events: @escaping EventHandler) async throws {
        var options = PrefixOptions()
        options.compile = release.compile
        options.variables = release.variables.reduce(into: [:]) { $0[$1.name] = $1.value }
        options.sourceEpoch = Int64(buildTime)
        options.frozen =
            "this environment belongs to the RPM \(release.name)-\(release.identifier): change its manifest and build anew"
        let installer = PrefixInstaller(prefix: prefix, destination: tree.directory, options: options)
        events(.started(task: "link", total: nil, unit: .items))
        let report = try await installer.install(packages, wheels: wheels) { event in
            if case .notCompiled(let reason) = event {
                events(.warning("Python modules were not byte-compiled: \(reason); rpm.compile: false asks for none"))
            }
        }
        events(.finished(task: "link", summary: "\(report.files) files in \(prefix)"))
    }

    /// The tree as the RPM has it.
    ///
    /// What link scripts may change on the host, the documents in `conda-meta`, is not compared by `rpm -V` where there
    /// are any.
    /// - Throws: `WorkflowError.unpackable` for a name that no RPM can hold.
    func files() throws -> [RPMFile] {
        let files = try tree.files(at: prefix)
        let hasScripts = files.contains { $0.path.hasSuffix("-post-link.sh") || $0.path.hasSuffix("-pre-link.sh") }
        guard hasScripts else { return files }
        return files.map { file in
            var file = file
            if file.path.hasPrefix("\(prefix)/conda-meta/"), file.path.hasSuffix(".json") {
                file.verifyFlags.subtract([.digest, .size, .modificationTime])
            }
            return file
        }
    }
}
