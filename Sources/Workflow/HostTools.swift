import CondaChannel
import CondaModel
import FoundationEssentials

/// Where the static host tools stand: one for each kind of processor that RPMs are built for.
package struct HostTools: Sendable {
    /// The name of this machine's own; that of another has its architecture at the end, `conda-rpm-host.aarch64`.
    package static let fileName = "conda-rpm-host"

    /// The program that the user names.
    let given: String?
    /// The folders that are searched otherwise.
    let folders: [String]
    let cache: CacheDirectory

    package init(given: String?, folders: [String], cache: CacheDirectory) {
        self.given = given
        self.folders = folders
        self.cache = cache
    }

    /// The tool for a platform's hosts.
    ///
    /// - Throws: `WorkflowError.hostToolMissing`, and `WorkflowError.hostToolUnfit` for what would not run there.
    package func tool(for subdir: Subdir) throws -> HostTool {
        let architecture = subdir.rpmArchitecture ?? subdir.rawValue
        let isOwn = subdir == Project.machine
        let names = (isOwn ? [Self.fileName] : []) + ["\(Self.fileName).\(architecture)"]
        let searched = given.map { [$0] } ?? names.flatMap { name in folders.map { "\($0)/\(name)" } }
        guard let path = searched.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw WorkflowError.hostToolMissing(searched: searched, architecture: isOwn ? nil : architecture)
        }
        do throws(ELFProblem) {
            try ELFProgram(path: path).check(runsOn: architecture)
        } catch {
            throw WorkflowError.hostToolUnfit(path: path, architecture: architecture, problem: "\(error)")
        }
        return try HostTool(path, cache: cache)
    }
}
