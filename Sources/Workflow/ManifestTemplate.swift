import FoundationEssentials
import ServiceManifest

/// A manifest to start from: what a build needs, and what most services want, as comments.
package struct ManifestTemplate: Sendable {
    let name: String
    let version: String
    let target: String
    let channels: [String]
    let requirements: [String]

    package init(name: String, version: String, target: String, channels: [String], requirements: [String]) {
        self.name = name
        self.version = version
        self.target = target
        self.channels = channels
        self.requirements = requirements
    }

    /// Writes `environment.yml` into a directory; one that is there stays as it is.
    ///
    /// - Returns: The path of the file.
    /// - Throws: `ManifestError` for a value that no manifest takes, `WorkflowError`.
    package func write(into directory: String) throws -> String {
        let path = directory == "." ? Project.defaultManifest : "\(directory)/\(Project.defaultManifest)"
        _ = try Manifest.decode(Array(text.utf8), path: path)
        guard !FileManager.default.fileExists(atPath: path) else { throw WorkflowError.manifestThere(path: path) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try FileContents.replace(path, with: text)
        return path
    }

    var text: String {
        """
        # What the environment holds, for conda and conda-rpm:   conda env create   conda-rpm build
        name: \(name)
        channels: [\(channels.map(quoted).joined(separator: ", "))]
        dependencies:
        \(requirements.map { "  - \(quoted($0))" }.joined(separator: "\n"))
        # How it becomes an RPM.
        rpm:
          version: \(quoted(version))
          summary: \(name), a conda environment
          target: \(target)
          # commands: [\(name)]                       # linked from /usr/bin
          # services: [{name: \(name), command: gunicorn \(name):app, user: \(name)}]
          # checks: [{import: \(name)}]               # before a release goes into service
          # files: [{source: \(name).toml, destination: /etc/\(name)/\(name).toml, config: noreplace}]

        """
    }

    private func quoted(_ text: String) -> String { "'\(text.replacing("'", with: "''"))'" }
}
