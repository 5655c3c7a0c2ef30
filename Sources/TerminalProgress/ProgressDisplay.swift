import Glibc
import HostSystem
import Synchronization

/// Writes rendered progress to standard error, from whichever thread an event comes.
package final class ProgressDisplay: Sendable {
    private let renderer: Mutex<ProgressRenderer>
    private let isDrawn: Bool

    package init(style: ProgressRenderer.Style) {
        renderer = Mutex(ProgressRenderer(style: style))
        if case .drawn = style { isDrawn = true } else { isDrawn = false }
    }

    package func show(_ event: ProgressEvent) {
        renderer.withLock { renderer in
            let text = renderer.render(event)
            guard !text.isEmpty else { return }
            StandardError.write(text)
        }
    }

    /// Takes a drawn bar off the screen, before something else is written.
    package func clear() {
        guard isDrawn else { return }
        renderer.withLock { _ in StandardError.write("\r\u{1B}[K") }
    }

    /// Drawn on a terminal, plain otherwise, and nothing but warnings when quiet.
    package static func standard(quiet: Bool, environment: [String: String]) -> ProgressDisplay {
        if quiet { return ProgressDisplay(style: .quiet) }
        guard isatty(STDERR_FILENO) == 1, environment["TERM"] != "dumb" else { return ProgressDisplay(style: .plain) }
        var size = winsize()
        let known = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return ProgressDisplay(style: .drawn(columns: known ? Int(size.ws_col) : 80))
    }
}
