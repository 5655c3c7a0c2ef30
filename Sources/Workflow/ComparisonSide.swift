import CondaLock
import CondaModel
import FoundationEssentials
import ServiceManifest
import ServiceRelease

/// What a user names to be compared: an RPM, a lock, a manifest or its folder, either of them at a git revision, or
/// what a host has installed.
package struct ComparisonSide: Sendable {
    /// The file, or `REVISION:FILE`.
    package var text: String
    /// The platform, groups and flags that a manifest or lock is read with.
    package var source: ProjectSource
    package var environment: [String: String]

    package init(_ text: String, source: ProjectSource, environment: [String: String]) {
        self.text = text
        self.source = source
        self.environment = environment
    }

    /// Reads the side.
    ///
    /// - Throws: that it is nothing of these, or what is wrong with it.
    package func contents() async throws -> Contents {
        if text.hasSuffix(".rpm") { return try Contents(rpm: text) }
        if FileManager.default.fileExists(atPath: text) { return try contents(at: text, title: text) }
        guard let colon = text.firstIndex(of: ":") else { throw WorkflowError.noSide(text: text) }
        return try await contents(at: String(text[text.index(after: colon)...]), revision: String(text[..<colon]))
    }

    /// What a host has in service of the service that another side is about.
    ///
    /// - Parameter host: the host's root directory, by default that of the host that this runs on.
    /// - Throws: `WorkflowError.namelessSide` for a lock, `WorkflowError.notInstalled`, `ReleaseError`.
    package static func installed(like contents: Contents, host: String = "") throws -> Contents {
        guard let name = contents.name else { throw WorkflowError.namelessSide(text: contents.title) }
        // The link to the host tool, ROOT/bundle/V-R/conda-rpm-host, tells where the service lives.
        let link = "\(host)/usr/bin/\(name)-release"
        let tool = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
        let bundles = (tool ?? "").parentPath
        let root = host + bundles.parentPath.parentPath
        guard tool != nil, let serving = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(root)/current")
        else { throw WorkflowError.notInstalled(name: name, link: link) }
        let identifier = serving.lastPathName
        return Contents(try Release(path: "\(root)/releases/.\(identifier).json"))
    }

    private func contents(at path: String, title: String) throws -> Contents {
        var source = source
        source.inputs = [path]
        guard !Self.isLock(path) else {
            source.inputs = ["any"]
            source.lock = path
            source.overrides.name = source.overrides.name ?? "any"
            let project = try source.project(environment: environment)
            let lock = try Lock.read(path: path, project.lockReading(environment: environment))
            return Contents(lock, platform: project.subdir, categories: project.categories, title: title)
        }
        if !path.contains("/") { source.inputs = ["./\(path)"] }
        return try Contents(try source.project(environment: environment), environment: environment, title: title)
    }

    /// A manifest has dependencies at its left margin, a lock of packages has not.
    private static func isLock(_ path: String) -> Bool {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return false }
        return text.firstMatch(of: /(?m)^(dependencies|rpm)\s*:/) == nil
    }

    /// Takes the whole folder as it was: a manifest names files beside it.
    private func contents(at path: String, revision: String) async throws -> Contents {
        let folder = "\(FileManager.default.temporaryDirectory.path)/conda-rpm-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let parent = path.parentPath
        let isFile =
            path.hasSuffix(".yml") || path.hasSuffix(".yaml") || path.hasSuffix(".lock") || path.hasSuffix(".toml")
        let wanted = isFile ? (parent.isEmpty ? "." : parent) : path
        let archive = "\(folder)/tree.tar"
        try await run("git", ["archive", "--format=tar", "--output", archive, revision, "--", wanted])
        try await run("tar", ["--extract", "--file", archive, "--directory", folder])
        return try contents(at: "\(folder)/\(path)", title: text)
    }

    private func run(_ name: String, _ arguments: [String]) async throws {
        guard let program = Program.find(name, environment: environment) else {
            throw WorkflowError.noRevision(text: text, reason: "\(name) is not on PATH")
        }
        let answer = try await program.runAside(arguments, environment: environment)
        guard answer.status == 0 else { throw WorkflowError.noRevision(text: text, reason: answer.errors) }
    }
}
