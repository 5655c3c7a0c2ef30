import CondaModel
import FoundationEssentials
import ServiceRelease

/// How a service is on this host: for people, and as JSON for monitoring.
package struct Status: Codable, Sendable, Hashable {
    package enum Health: String, Codable, Sendable {
        /// The installed release serves.
        case healthy
        /// An earlier release serves, or a unit is not active.
        case degraded
        /// No release serves, or what serves lacks what it cannot run without.
        case down
    }

    package var name: String
    package var health: Health
    /// Why the health is what it is; empty when healthy.
    package var reasons: [String]
    /// The release that serves.
    package var serving: String?
    /// When it began to serve, in seconds since the epoch.
    package var since: Int?
    /// The release of the installed RPM.
    package var installed: String
    /// Complete releases that could be rolled back to.
    package var others: [String]
    package var incomplete: [IncompleteRelease]
    /// Bytes that the release that serves takes on the disk.
    package var installedSize: Int64?
    /// Unit states of the release that serves, by service, where systemd runs.
    package var services: [String: String]

    /// Reads the state off the disk.
    ///
    /// What must run and answer is what the release that serves says, which after a rollback is not the installed one.
    ///
    /// - Parameter release: the release of the installed RPM.
    package static func read(home: ServiceHome, release: Release) -> Status {
        let serving = home.serving()
        var status = Status(
            name: release.name, health: .healthy, reasons: [], serving: serving,
            since: serving == nil ? nil : modificationTime(home.current), installed: release.identifier,
            others: home.completeReleases().filter { $0 != serving },
            incomplete: home.incompleteReleases().map(\.withoutMark),
            services: [:])
        status.installedSize = serving.map { treeSize(home.release($0)) }
        do {
            // What others could have written is not asked what to run.
            try home.requireTrusted()
            let served = try serving.map(home.readDocument)
            status.askUnits(of: served ?? release)
            status.judge(inputsServing: served?.inputs, expected: release.inputs)
            if let served, let serving { status.judge(Ability(home: home, identifier: serving, release: served)) }
            if let served { try HealthCheck(home: home, release: served).run(within: 0) }
        } catch let error as ReleaseError {
            status.judge(inputsServing: nil, expected: release.inputs)
            status.degrade(because: "what \(serving ?? "") should run and answer is not known: \(error.description)")
        } catch HostError.untrusted(let path, let owner, let mode, let remedy) {
            let error = HostError.untrusted(path: path, owner: owner, mode: mode, remedy: remedy)
            status.judge(inputsServing: nil, expected: release.inputs)
            status.degrade(because: "\(error); \(remedy)")
        } catch {
            status.degrade(because: "\(error)")
        }
        return status
    }

    private mutating func askUnits(of release: Release) {
        let control = ServiceControl(release: release) { _ in }
        for service in release.services { services[service] = control.state(of: service) }
    }

    private mutating func degrade(because reason: String) {
        if health == .healthy { health = .degraded }
        reasons.append(reason)
    }

    /// Where nothing can run, an earlier or later release that could would not help those who wait.
    private mutating func judge(_ ability: Ability) {
        let found = ability.look()
        if let reason = found.obstacle {
            health = .down
            reasons.append("\(ability.identifier) cannot run: \(reason)")
        } else if let reason = found.lack {
            degrade(because: "\(ability.identifier) is not whole: \(reason)")
        }
    }

    private mutating func judge(inputsServing: String?, expected: String) {
        for failed in incomplete {
            let reason = failed.reason ?? "it was cut off"
            reasons.append("\(failed.identifier) is not complete: at the step '\(failed.step)': \(reason)")
        }
        if serving == nil {
            health = .down
            reasons.append("no release serves")
        } else if let inputsServing, inputsServing != expected {
            health = .degraded
            reasons.append("the installed RPM is \(installed), but \(serving ?? "") serves")
        } else if !incomplete.isEmpty {
            health = .degraded
        }
        for (service, state) in services.sorted(by: { $0.key < $1.key }) where state != "active" {
            degrade(because: "\(service).service is \(state)")
        }
    }

    /// The text a person reads.
    package var text: String {
        var lines = ["\(name): \(health.rawValue)"]
        lines.append("  serves     \(serving ?? "nothing")" + (since.map { " since \(Self.date($0))" } ?? ""))
        lines.append("  installed  \(installed)")
        if let installedSize { lines.append("  disk       \((installedSize + 500_000) / 1_000_000) MB") }
        if !others.isEmpty { lines.append("  earlier    \(others.joined(separator: ", "))") }
        for (service, state) in services.sorted(by: { $0.key < $1.key }) {
            lines.append("  unit       \(service).service is \(state)")
        }
        lines += reasons.map { "  why        \($0.split(separator: "\n").joined(separator: "\n             "))" }
        if health != .healthy { lines.append("  next       \(name)-release repair") }
        return lines.joined(separator: "\n")
    }

    private static func date(_ seconds: Int) -> String {
        Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }
}
