import ArgumentParser
import CondaModel
import Glibc
import HostSystem
import Workflow

/// `conda-rpm`: turns a conda requirement set into an RPM.
package struct CondaRPM: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "conda-rpm",
        abstract: "Turns a conda requirement set into an RPM that installs without network.",
        discussion: """
            Write an environment.yml with an rpm: section, or begin with conda-rpm init, then:

              conda-rpm build             lock if needed, fetch, write dist/NAME-V-R.ARCH.rpm
              dnf install ./dist/*.rpm    on the host (yum on EL 7): link, check, put into service

            Data goes to standard output, everything else to standard error. The cache is $CONDA_RPM_CACHE, or \
            $XDG_CACHE_HOME/conda-rpm, or ~/.cache/conda-rpm.

            conda-rpm --version prints the version.
            Exit codes: 0 done, 1 failed, 2 a check said no (lock --check, status and diff --exit-code, verify, test), \
            64 wrong usage.
            """,
        subcommands: [
            Init.self, Lock.self, Fetch.self, Build.self, Status.self, Inspect.self, Diff.self, Verify.self, Test.self,
            ReportCommand.self, Sign.self, Publish.self, SourceRPM.self, ConfinedHost.self,
        ])

    /// The version of this tool (Semantic Versioning).
    package static let version = "0.1.0"
    /// Name and version, as recorded in every release.
    package static let tool = "conda-rpm \(version)"

    package init() {}

    package func run() async throws {
        throw CleanExit.helpRequest(self)
    }

    /// Parses the command line, runs, and ends the process with the exit code.
    package static func start() async {
        ProcessStreams.occupyClosed()
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        do {
            // Not a flag of the root command: it would take `build --version 2.4.1` for itself.
            if arguments == ["--version"] { return try StandardOutput.write(line: tool) }
            var command = try parseAsRoot(Lock.spellingOutUpdates(arguments))
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// Shows what ended a command; help and completions end one too, and are data.
    private static func end(with error: any Error) -> Never {
        if let error = error as? OutputError, error.isClosedPipe { ProcessStreams.end(bySignal: SIGPIPE) }
        if case HostTestError.interrupted(let signal) = error { ProcessStreams.end(bySignal: signal) }
        if let text = ErrorText.text(for: error) {
            StandardError.write(text)
            Glibc.exit(1)
        }
        let (message, code) = (fullMessage(for: error), exitCode(for: error))
        guard code.isSuccess, !message.isEmpty else {
            StandardError.write(message.isEmpty ? "" : message + "\n")
            Glibc.exit(code.rawValue)
        }
        do {
            try StandardOutput.write(line: message)
        } catch {
            end(with: error)
        }
        Glibc.exit(code.rawValue)
    }
}
