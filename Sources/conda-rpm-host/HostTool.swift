import ArgumentParser
import CondaModel
import FoundationEssentials
import HostLifecycle
import HostSystem
import ServiceRelease

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The tool that ships inside each RPM and looks after one service on its host.
///
/// `/usr/bin/NAME-release` is a link to it: from the link's target it knows its bundle, and from the bundle the
/// service. Exit codes, for monitoring: 0 fine, 1 failed or damaged, 2 degraded, 3 down, 64 wrong usage.
@main
struct HostTool: AsyncParsableCommand {
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

    static func main() async {
        ProcessStreams.occupyClosed()
        umask(0o022)
        do {
            var command = try parseAsRoot()
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
        if let error = error as? any ActionableError { fail(error) }
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

    private static func fail(_ error: any ActionableError) -> Never {
        printError("error: \(error.description)")
        if let hint = error.hint { printError("hint: \(HostHint.text(hint, service: serviceName))") }
        Glibc.exit((error as? HostError)?.exitStatus ?? 1)
    }
}

/// The service's name, for hints; the placeholder itself where the tool stands outside of a bundle.
private var serviceName: String {
    guard let bundle = try? Place.ownBundle(), let release = try? Release(bundle: bundle) else { return "NAME" }
    return release.name
}

/// Writes to standard error, where everything goes that is not data.
func printError(_ line: String) { StandardError.write(line + "\n") }

/// Where the service lives; both answers come from the tool's own place unless they are given.
struct Place: ParsableArguments {
    @Option(help: "The bundle of the release, e.g. /opt/orders/bundle/2.4.0-1.")
    var bundle: String?

    @Option(help: "The service's home, e.g. /opt/orders. By default the bundle's.")
    var root: String?

    func bundlePath() throws -> String {
        try bundle ?? Self.ownBundle()
    }

    /// The directory this program stands in, when it is a bundle.
    static func ownBundle() throws -> String {
        guard let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            throw HostError.notABundle(path: "/proc/self/exe")
        }
        let directory = parent(of: own)
        guard FileManager.default.fileExists(atPath: "\(directory)/\(Release.fileName)") else {
            throw HostError.notABundle(path: directory)
        }
        return directory
    }

    /// A bundle stands at `ROOT/bundle/V-R`.
    func home() throws -> ServiceHome {
        if let root { return ServiceHome(root: root) }
        return ServiceHome(root: Self.parent(of: Self.parent(of: try bundlePath())))
    }

    func operations() throws -> Operations {
        Operations(home: try home(), bundle: try bundlePath(), events: report)
    }

    private static func parent(of path: String) -> String {
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        return String(trimmed[..<(trimmed.lastIndex(of: "/") ?? trimmed.startIndex)])
    }
}

/// Events are told on standard error, one line each.
@Sendable func report(_ event: HostEvent) {
    printError(event.line)
}
