import StrictYAML

extension Manifest {
    /// Warnings of variables that look like secrets, with the places where they stand and what to write instead.
    static func secretWarnings(_ root: YAMLNode) throws(ManifestError) -> [ManifestError] {
        var warnings = try warnings(root["variables"], remedy: "leave it to a service: \(remedy)")
        for service in try root["rpm"]?["services"]?.items() ?? [] {
            warnings += try self.warnings(service["environment"], remedy: remedy)
        }
        return warnings
    }

    private static let remedy =
        "name a file on the host in the service's `environment_file: /etc/...`, or hand it over with "
        + "`credentials: {NAME: /etc/...}`"

    private static func warnings(_ variables: YAMLNode?, remedy: String) throws(ManifestError) -> [ManifestError] {
        var warnings: [ManifestError] = []
        for entry in try variables?.entries() ?? [] where entry.value.kind != .nothing {
            let value = try entry.value.text()
            guard SecretName.isSecret(entry.name, value: value) || SecretName.hasPassword(value) else { continue }
            // The remedy is in the text itself: warnings are shown without their hints.
            warnings.append(
                entry.keyNode.error(
                    "looks like a secret, and everybody can read it on a host and in the RPM; \(remedy)"))
        }
        return warnings
    }
}
