import HostLifecycle
import HostSystem

/// Writes to standard error, where everything goes that is not data.
func printError(_ line: String) { StandardError.write(line + "\n") }

/// Events are told on standard error, one line each.
@Sendable func report(_ event: HostEvent) {
    printError(event.line)
}
