import ArgumentParser
import CondaModel
import CondaPrefix
import Glibc
import HostLifecycle
import HostSystem
import ServiceRelease

/// The tool that ships inside each RPM and looks after one service on its host.
///
/// `/usr/bin/NAME-release` is a link to it: from the link's target it knows its bundle, and from the bundle the
/// service. Exit codes, for monitoring: 0 fine, 1 failed or damaged, 2 degraded, 3 down, 64 wrong usage.
struct HostTool: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conda-rpm-host",
        abstract: "Looks after a service that conda-rpm packaged: its releases, checks and health.",
        discussion: """
            Exit codes: 0 fine, 1 failed or damaged, 2 degraded (an earlier release serves, or a unit is not \
            active), 3 down (no release serves), 64 wrong usage.
            """,
        subcommands: [
            Install.self, Activate.self, Rollback.self, Verify.self, Repair.self, StatusCommand.self, Run.self,
            Remove.self, SetAside.self, Settle.self, Link.self, Unpack.self,
        ])

    /// Without a subcommand nothing was done, and a script that lost its words must hear of it.
    func run() throws {
        throw ValidationError("expected a subcommand, such as status; --help lists them")
    }

    /// Runs one command line.
    ///
    /// - Parameter arguments: what follows the program's name.
    /// - Returns: the exit code.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
            return EXIT_SUCCESS
        } catch {
            return tell(error)
        }
    }

    /// Ends by the signal that has interrupted the work, which shells tell as 128 and its number.
    ///
    /// What the step has started and nobody waits for ends too, also what has left its session.
    private static func endInterrupted(by signal: Int32) -> Never {
        Descendants.end()
        ProcessStreams.end(bySignal: signal)
    }

    /// Shows what ended a command; help and completions end one too, and are data.
    private static func tell(_ error: any Error) -> Int32 {
        if let error = error as? OutputError, error.isClosedPipe { ProcessStreams.end(bySignal: SIGPIPE) }
        if let error = error as? any ActionableError {
            printError("error: \(error.description)")
            if let hint = error.hint { printError("hint: \(HostHint.text(hint, service: serviceName))") }
            if let signal = Interruption.ofThisProcess.signal { endInterrupted(by: signal) }
            return (error as? HostError)?.exitStatus ?? EXIT_FAILURE
        }
        let (message, code) = (fullMessage(for: error), exitCode(for: error))
        guard code.isSuccess, !message.isEmpty else {
            StandardError.write(message.isEmpty ? "" : message + "\n")
            return code.rawValue
        }
        do { try StandardOutput.write(line: message) } catch { return tell(error) }
        return code.rawValue
    }

    /// For hints; the placeholder itself where the tool stands outside of a bundle.
    private static var serviceName: String {
        guard let bundle = try? Place.ownBundle(), let release = try? Release(bundle: bundle) else { return "NAME" }
        return release.name
    }
}
