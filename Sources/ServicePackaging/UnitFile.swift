import CondaModel
import Crypto
import ServiceManifest

/// A systemd unit that runs a command of whichever release serves.
///
/// `ExecStart` goes through `current`, so that the unit stays the same from release to release; the activation comes
/// from the release's own `activate.env`. The sandboxing lines are those that suit any network service.
package enum UnitFile {
    /// The SHA-256 digest of each service's unit, lower-case hexadecimal.
    package static func digests(_ manifest: Manifest) throws(ManifestError) -> [String: String] {
        let (name, prefix) = (try manifest.requiredName(), try manifest.prefix())
        let units = manifest.rpm.services.map { service in
            let text = text(service, package: name, prefix: prefix, summary: manifest.summary(of: name))
            return (service.name, hexadecimal(SHA256.hash(data: Array(text.utf8))))
        }
        return Dictionary(units) { first, _ in first }
    }

    static func text(_ service: Service, package: String, prefix: String, summary: String) -> String {
        let user = service.user ?? package
        var unit = ["[Unit]", "Description=\(escaped(service.description ?? summary))"]
        unit.append("Wants=network-online.target")
        unit.append("After=\((["network-online.target"] + service.after).joined(separator: " "))")
        unit.append("ConditionPathExists=\(prefix)/current/activate.env")
        var body = ["[Service]", "Type=exec", "User=\(user)"]
        if let group = service.group { body.append("Group=\(group)") }
        body.append("EnvironmentFile=\(prefix)/current/activate.env")
        body += service.environment.map { "Environment=\(assignment($0))" }
        body.append("ExecStart=\(commandLine(service.command, prefix: prefix))")
        if let directory = service.workingDirectory { body.append("WorkingDirectory=\(directory)") }
        body += ["Restart=\(service.restart.rawValue)", "RestartSec=2"]
        body += ["NoNewPrivileges=yes", "PrivateTmp=yes", "ProtectSystem=full", "ProtectHome=yes"]
        body += ["ProtectKernelTunables=yes", "ProtectControlGroups=yes", "RestrictSUIDSGID=yes"]
        let install = ["[Install]", "WantedBy=multi-user.target"]
        return [unit, body, install].map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
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
