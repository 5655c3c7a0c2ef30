import CondaPrefix
import FoundationEssentials
import ServiceRelease

/// Tells systemd about releases that come and go; where systemd does not run it does nothing.
struct ServiceControl: Sendable {
    let release: Release
    let events: @Sendable (HostEvent) -> Void

    private var services: [String] { release.services.map { "\($0).service" } }
    private var timers: [String] { release.timers.map { "\($0).timer" } }

    private var systemdRuns: Bool { isDirectory("/run/systemd/system") }

    /// Brings the units in line with a release that now serves.
    ///
    /// Units that are new are enabled as presets say, and start. A unit that was there before is restarted when it
    /// runs, has failed or is enabled: one that an administrator has switched off stays off. Units that only the
    /// release before had are stopped and forgotten.
    func follow(_ before: Release?) {
        let known = Set((before?.services ?? []).map { "\($0).service" } + (before?.timers ?? []).map { "\($0).timer" })
        let gone = known.subtracting(services + timers).sorted()
        guard systemdRuns, !(services + timers + gone).isEmpty else { return }
        createStateDirectories()
        systemctl(["daemon-reload"])
        if !gone.isEmpty { systemctl(["disable", "--now"] + gone) }
        for unit in services + timers {
            let isNew = !known.contains(unit)
            if isNew { systemctl(["preset", unit]) }
            guard isWanted(unit, isNew: isNew) else { continue }
            events(.service(name: unit, action: "restarting"))
            systemctl(["restart", unit])
        }
    }

    private func isWanted(_ unit: String, isNew: Bool) -> Bool {
        if isNew { return true }
        for question in ["is-active", "is-failed", "is-enabled"] where answers(question, unit) { return true }
        return false
    }

    private func answers(_ question: String, _ unit: String) -> Bool {
        do {
            return try control(["--quiet", question, unit]).run().succeeded
        } catch {
            events(.warning("systemctl \(question) \(unit): \(error)"))
            return false
        }
    }

    private func createStateDirectories() {
        let file = "/usr/lib/tmpfiles.d/\(release.name).conf"
        guard exists(file) else { return }
        var command = Command("systemd-tmpfiles", ["--create", file])
        command.interruption = nil
        do {
            let result = try command.run()
            if !result.succeeded { events(.warning("systemd-tmpfiles ended with \(result.status): \(result.output)")) }
        } catch {
            events(.warning("systemd-tmpfiles: \(error)"))
        }
    }

    func stop() {
        guard systemdRuns, !(services + timers).isEmpty else { return }
        systemctl(["disable", "--now"] + timers + services)
    }

    /// The unit's state in systemd's word, or nil where systemd does not run.
    func state(of service: String) -> String? {
        guard systemdRuns else { return nil }
        do {
            let result = try Command("systemctl", ["is-active", "\(service).service"]).run()
            return result.output.split(separator: "\n").first.map(String.init)
        } catch {
            return "in a state that cannot be found out: \(error)"
        }
    }

    /// A call of systemctl that is finished once it was begun: `current` and the units go together.
    private func control(_ arguments: [String]) -> Command {
        var command = Command("systemctl", arguments)
        command.interruption = nil
        return command
    }

    /// A unit that does not restart is no reason to undo the release: it is told, and `status` shows it.
    private func systemctl(_ arguments: [String]) {
        let words = arguments.joined(separator: " ")
        do {
            let result = try control(arguments).run()
            guard !result.succeeded else { return }
            events(.warning("systemctl \(words) ended with \(result.status): \(result.output)"))
        } catch {
            events(.warning("systemctl \(words): \(error)"))
        }
    }
}

/// Asks the services of the release that serves whether they answer.
struct HealthCheck: Sendable {
    let home: ServiceHome
    let release: Release

    /// Tries every health check until it succeeds or the time is over.
    ///
    /// In a root without /proc, such as an image that is being made, no service runs that could answer.
    /// - Parameter seconds: How long all of them together may take; 0: each is tried once.
    /// - Throws: `HostError.unhealthy` with the last answer of the first that failed.
    func run(within seconds: Int) throws {
        guard !release.health.isEmpty, let serving = home.serving(), exists("/proc/self") else { return }
        let environment = try ReleaseEnvironment.read(home.activation(serving))
        let user = try CheckUser(release)
        if user.isRoot { try home.ownership.requireTree(home.release(serving)) }
        let deadline = ContinuousClock.now + .seconds(seconds)
        // One that hangs is no answer: neither an installation nor `status` waits for it longer than this.
        let longest = Double(max(seconds, release.healthSeconds, 10))
        for line in release.health {
            while true {
                var command = command(line, serving, environment, user)
                command.limit = longest
                let result = try user.run(command)
                if result.succeeded { break }
                guard ContinuousClock.now < deadline else {
                    throw HostError.unhealthy(
                        release: serving, check: line, user: user.name, seconds: seconds, status: result.status,
                        output: result.output)
                }
                Interruption.ofThisProcess.pause(milliseconds: 500)
            }
        }
    }

    private func command(
        _ line: String, _ serving: String, _ environment: [EnvironmentVariable], _ user: CheckUser
    ) -> Command {
        let base = ["LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"]
            .merging(user.variables) { $1 }
        return Command(
            "/bin/sh", ["-c", line], environment: ReleaseEnvironment.merged(environment, over: base),
            directory: home.release(serving))
    }
}
