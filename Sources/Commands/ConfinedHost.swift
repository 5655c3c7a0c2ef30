import ArgumentParser
import Workflow

/// `conda-rpm confined-host`: what `scratch-host --confine-with` runs; nobody else has a use for it.
struct ConfinedHost: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a command in the file system below a folder, confined to it.", shouldDisplay: false)

    @Argument(help: "The folder.")
    var root: String

    @Argument(parsing: .captureForPassthrough, help: "The command, beginning with an absolute path.")
    var command: [String]

    func run() throws {
        throw ExitCode(try HostConfinement.run(command, root: root))
    }
}
