import ArgumentParser
import FoundationEssentials
import HostSystem
import Workflow

/// `conda-rpm report`.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Write a page about what an RPM or a lock holds.",
        discussion: """
            One HTML file that needs no network: sizes, licences, origins, ages, who needs what, and with --against \
            what changed.

            EXAMPLES
              conda-rpm report dist/orders-1.1.0-1.el9.x86_64.rpm
              conda-rpm report conda-lock.yml --against main:conda-lock.yml --output review.html
            """)

    @Argument(help: "The RPM or the lock.", completion: .file())
    var file: String

    @Option(
        name: .long,
        help: ArgumentHelp("What it is compared with: an RPM, a lock, a manifest, or REVISION:PATH.", valueName: "side")
    )
    var against: String?

    @Option(name: .shortAndLong, help: "The page to write.")
    var output = "report.html"

    @Option(name: .long, help: "The platform of a lock: linux-64, linux-aarch64, ...")
    var platform: String?

    @Flag(name: .long, help: "Print what the page shows as JSON, and write no page.")
    var json = false

    func run() async throws {
        var source = ProjectSource()
        source.platform = platform
        let report = try await Report.read(
            file, against: against, source: source, environment: ProcessInfo.processInfo.environment)
        guard !json else {
            var options = RunOptions()
            options.json = true
            return try options.output(report, text: "")
        }
        try ReportPage(report).write(to: output)
        try StandardOutput.write(line: output)
    }
}
