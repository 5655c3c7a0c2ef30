import CondaModel
import HostSystem
import ServiceManifest

/// A systemd unit that runs a command of whichever release serves.
///
/// `ExecStart` goes through `current`, so that the unit stays the same from release to release; the activation comes
/// from the release's own `activate.env`; ``UnitSandbox`` says what it is kept from.
package enum UnitFile {
    /// One file that systemd reads.
    package struct Unit: Sendable, Hashable {
        /// Absolute.
        package let path: String
        package let text: String
    }

    private static let folder = "/usr/lib/systemd/system"

    /// Everything systemd has to know of a package: services, timers, presets, state directories and users.
    package static func all(_ section: RPMSection, package: String, prefix: String, summary: String) -> [Unit] {
        var units = section.services.map { service in
            Unit(
                path: "\(folder)/\(fileName(service))",
                text: text(
                    service, package: package, prefix: prefix, summary: summary,
                    seesDevices: section.target.cuda != nil, isPayload: section.layout == .prefix))
        }
        if section.layout == .prefix, !section.services.isEmpty {
            units.append(settling(package: package, prefix: prefix, summary: summary))
        }
        units += section.services.compactMap { service in
            service.schedule.map { schedule in
                Unit(path: "\(folder)/\(service.name).timer", text: timer(service.name, schedule, of: summary))
            }
        }
        if section.monitor != .never { units += monitor(section.monitor, package: package, summary: summary) }
        let enabled =
            section.services.filter { $0.schedule == nil }.flatMap(services).map { "\($0).service" }
            + timers(section, of: package).map { "\($0).timer" }
        if !enabled.isEmpty {
            let lines = enabled.map { "enable \($0)\n" }.joined()
            units.append(Unit(path: "/usr/lib/systemd/system-preset/80-\(package).preset", text: lines))
        }
        let directories = section.services.compactMap { service in
            service.stateDirectory.map { directory in
                let user = service.user ?? package
                return "d /var/lib/\(directory) 0750 \(user) \(service.group ?? user) -\n"
            }
        }
        if !directories.isEmpty {
            units.append(Unit(path: "/usr/lib/tmpfiles.d/\(package).conf", text: Set(directories).sorted().joined()))
        }
        let users = ServiceUser.unit(ServiceUser.of(section.services, package: package), package: package)
        return units + (users.map { [$0] } ?? [])
    }

    /// The names of the units that run one service always, without `.service`; none for one with a schedule.
    package static func services(_ service: Service) -> [String] {
        if service.schedule != nil { return [] }
        if service.instances == 0 { return [service.name] }
        return (1...service.instances).map { "\(service.name)@\($0)" }
    }

    /// The names of a package's timers, without `.timer`.
    package static func timers(_ section: RPMSection, of package: String) -> [String] {
        section.services.filter { $0.schedule != nil }.map(\.name)
            + (section.monitor == .never ? [] : ["\(package)-verify"])
    }

    /// The SHA-256 digest of each unit by its file name, lower-case hexadecimal.
    package static func digests(_ manifest: Manifest) throws(ManifestError) -> [String: String] {
        let (name, prefix) = (try manifest.requiredName(), try manifest.prefix())
        let units = all(manifest.rpm, package: name, prefix: prefix, summary: manifest.summary(of: name)).map { unit in
            (unit.path, hexadecimal(Digest.sha256(Array(unit.text.utf8))))
        }
        return Dictionary(units) { first, _ in first }
    }

    private static func fileName(_ service: Service) -> String {
        service.instances > 0 && service.schedule == nil ? "\(service.name)@.service" : "\(service.name).service"
    }

    static func text(
        _ service: Service, package: String, prefix: String, summary: String, seesDevices: Bool = false,
        isPayload: Bool = false
    ) -> String {
        let user = service.user ?? package
        let isScheduled = service.schedule != nil
        var unit = ["[Unit]", "Description=\(escaped(service.description ?? summary))"]
        let before = ["network-online.target"] + (isPayload ? [settlingName(package)] : [])
        unit.append("Wants=\(before.joined(separator: " "))")
        unit.append("After=\((before + service.after).joined(separator: " "))")
        unit.append("ConditionPathExists=\(prefix)/current/activate.env")
        var body = ["[Service]", isScheduled ? "Type=oneshot" : "Type=exec", "User=\(user)"]
        if let group = service.group { body.append("Group=\(group)") }
        body.append("EnvironmentFile=\(prefix)/current/activate.env")
        body += service.environment.map { "Environment=\(assignment($0))" }
        // After ours, so that the host's own values win.
        if let file = service.environmentFile { body.append("EnvironmentFile=\(file)") }
        body += service.credentials.map { "LoadCredential=\($0.name):\($0.path)" }
        body.append("ExecStart=\(commandLine(service, prefix: prefix))")
        if let directory = service.workingDirectory { body.append("WorkingDirectory=\(directory)") }
        if let directory = service.stateDirectory {
            body += ["StateDirectory=\(directory)", "StateDirectoryMode=0750"]
        }
        if !isScheduled { body += ["Restart=\(service.restart.rawValue)", "RestartSec=2"] }
        body += UnitSandbox.lines(of: service, seesDevices: seesDevices)
        let install = isScheduled ? [] : [["[Install]", "WantedBy=multi-user.target"]]
        return joined([unit, body] + install)
    }

    private static func timer(_ name: String, _ schedule: String, of summary: String) -> String {
        joined([
            ["[Unit]", "Description=\(escaped("\(summary): \(name)"))"],
            ["[Timer]", "OnCalendar=\(schedule)", "Persistent=yes", "RandomizedDelaySec=60"],
            ["[Install]", "WantedBy=timers.target"],
        ])
    }

    private static func settlingName(_ package: String) -> String { "\(package)-settle.service" }

    /// Runs before each start of a service in layout `prefix`.
    ///
    /// A killed rpm, or a power loss, may have left the release that serves without files, which `%pre` has set aside. Mostly
    /// nothing is aside, and then no program runs.
    private static func settling(package: String, prefix: String, summary: String) -> Unit {
        let text = joined([
            [
                "[Unit]", "Description=\(escaped("\(summary): put back what rpm was removing"))",
                "ConditionPathExistsGlob=\(escaped(prefix))/releases/.*.aside",
            ],
            ["[Service]", "Type=oneshot", "ExecStart=/usr/bin/\(package)-release settle --serving"]
                + UnitSandbox.ofSettling(home: escaped(prefix)),
        ])
        return Unit(path: "\(folder)/\(settlingName(package))", text: text)
    }

    /// Verifies the release that serves against its archives; the journal has the answer, the unit fails with it.
    private static func monitor(_ interval: MonitorInterval, package: String, summary: String) -> [Unit] {
        let service = joined([
            ["[Unit]", "Description=\(escaped("\(summary): is the installed release whole?"))"],
            [
                "[Service]", "Type=oneshot", "ExecStart=/usr/bin/\(package)-release verify", "Nice=10",
                "IOSchedulingClass=idle",
            ] + UnitSandbox.ofVerification,
        ])
        return [
            Unit(path: "\(folder)/\(package)-verify.service", text: service),
            Unit(
                path: "\(folder)/\(package)-verify.timer",
                text: timer("\(package)-verify", interval.rawValue, of: summary)),
        ]
    }

    private static func joined(_ sections: [[String]]) -> String {
        sections.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }

    /// `%i` is the number of an instance; every other percent sign is itself.
    private static func commandLine(_ service: Service, prefix: String) -> String {
        let line = commandLine(service.command, prefix: prefix)
        return service.instances > 0 ? line.replacing("%%i", with: "%i") : line
    }

    /// A first word without a slash is a command of the environment.
    static func commandLine(_ command: String, prefix: String) -> String {
        let escapedCommand = escaped(command)
        return escapedCommand.hasPrefix("/") ? escapedCommand : "\(prefix)/current/bin/\(escapedCommand)"
    }

    /// `%` begins a specifier in unit files (systemd.unit(5)).
    private static func escaped(_ text: String) -> String {
        text.replacing("%", with: "%%")
    }

    private static func assignment(_ variable: EnvironmentVariable) -> String {
        let value = variable.value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            .replacing("\n", with: "\\n")
        return "\"\(variable.name)=\(escaped(value))\""
    }
}
