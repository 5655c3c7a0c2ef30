import CondaPrefix

/// Tells systemd about releases that come and go; where systemd does not run it does nothing.
struct ServiceControl: Sendable {
    let services: [String]
    let events: @Sendable (HostEvent) -> Void

    private var units: [String] { services.map { "\($0).service" } }

    private var systemdRuns: Bool { isDirectory("/run/systemd/system") }

    /// Loads new units, enables those a preset enables, and restarts them on the release that now serves.
    func restart() async {
        guard systemdRuns, !services.isEmpty else { return }
        await systemctl(["daemon-reload"])
        await systemctl(["preset"] + units)
        for unit in units {
            events(.service(name: unit, action: "restarting"))
            await systemctl(["restart", unit])
        }
    }

    func stop() async {
        guard systemdRuns, !services.isEmpty else { return }
        await systemctl(["disable", "--now"] + units)
    }

    /// The unit's state in systemd's word, or nil where systemd does not run.
    func state(of service: String) async -> String? {
        guard systemdRuns else { return nil }
        let result = try? await Command("systemctl", ["is-active", "\(service).service"]).run()
        return result?.output.split(separator: "\n").first.map(String.init)
    }

    /// A unit that does not restart is no reason to undo the release: it is told, and `status` shows it.
    private func systemctl(_ arguments: [String]) async {
        let words = arguments.joined(separator: " ")
        do {
            let result = try await Command("systemctl", arguments).run()
            guard !result.succeeded else { return }
            events(.warning("systemctl \(words) ended with \(result.status): \(result.output)"))
        } catch {
            events(.warning("systemctl \(words): \(error)"))
        }
    }
}
