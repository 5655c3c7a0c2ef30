import ArgumentParser
import FoundationEssentials
import HostSystem
import Workflow

/// `conda-rpm init`.
struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write an environment.yml to start from.",
        discussion: """
            EXAMPLES
              conda-rpm init orders                          orders/environment.yml, for a service named orders
              conda-rpm init . --name orders 'python 3.12.*' flask gunicorn
            """)

    @Argument(help: "The directory; made where it is missing.", completion: .directory)
    var directory = "."

    @Argument(help: "Requirements, such as 'python 3.12.*'.")
    var requirements: [String] = []

    @Option(name: .long, help: "The service's and the package's name; by default the directory's.")
    var name: String?

    @Option(name: .long, help: "The version.")
    var version = "0.1.0"

    @Option(name: .long, help: "The hosts: el7, el8, el9, el10, amzn2, amzn2023, fedora.")
    var target = "el9"

    @Option(name: .shortAndLong, help: "A channel; repeat it for several, first one first.")
    var channel = ["conda-forge"]

    func run() throws {
        let folder = URL(fileURLWithPath: directory).standardizedFileURL
        let template = ManifestTemplate(
            name: name ?? folder.lastPathComponent, version: version, target: target, channels: channel,
            requirements: requirements.isEmpty ? ["python 3.12.*"] : requirements)
        try StandardOutput.write(line: try template.write(into: directory))
    }
}
