import ArgumentParser
import CondaChannel
import FoundationEssentials
import TerminalProgress
import Workflow

/// `conda-rpm publish`.
struct Publish: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Put RPMs into a yum repository.",
        discussion: """
            A directory gets the RPMs and new metadata, exchanged with the old in one step; publishers at the same \
            time wait for each other. What others have added to the metadata (groups, advisories, modules) stays. A \
            server gets the RPMs with HTTP PUT and makes the metadata itself; credentials come from ~/.netrc. An RPM \
            that was published is never replaced by one with other contents.

            EXAMPLES
              conda-rpm publish dist/*.rpm --repo /srv/repo --sign-key packages@example.com
              conda-rpm publish dist/*.rpm --repo https://artifacts.example.com/rpm-local/el9
            """)

    @Argument(help: "The RPMs.", completion: .file(extensions: ["rpm"]))
    var files: [String]

    @Option(name: .long, help: ArgumentHelp("A directory, or a URL of http, https or file.", valueName: "dir|url"))
    var repo: String

    @Option(
        name: .long, help: ArgumentHelp("The gpg key that signs the metadata of a directory.", valueName: "id"))
    var signKey: String?

    @Flag(name: .shortAndLong, help: "Show warnings and errors only.")
    var quiet = false

    @Flag(name: .long, help: "Print the result as JSON.")
    var json = false

    func validate() throws {
        if Uploading.isURL(repo), signKey != nil {
            throw ValidationError("--sign-key is for directories: a server signs its metadata itself")
        }
    }

    func run() async throws {
        var options = RunOptions()
        options.json = json
        options.quiet = quiet
        let environment = ProcessInfo.processInfo.environment
        let connection = Connection(
            cache: .standard(environment: environment), offline: false, environment: environment)
        let published = try await options.withProgress { events in
            if Uploading.isURL(repo) {
                return try await Uploading(repository: repo, connection: connection, events: events).run(files)
            }
            let publishing = try Publishing(
                repository: repo, signKey: signKey, environment: environment, events: events)
            return try publishing.run(files)
        }
        try options.output(
            published, text: published.map { "\($0.place): \($0.outcome.rawValue)" }.joined(separator: "\n"))
    }
}
