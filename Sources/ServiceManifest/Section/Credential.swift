import StrictYAML

/// A secret that a service gets from systemd (`LoadCredential=`, systemd.exec(5)).
///
/// Only its name and the path of its file are in the RPM. systemd reads the file as root when the service starts and
/// shows it to that service alone, as `$CREDENTIALS_DIRECTORY/NAME`.
package struct Credential: Hashable, Sendable, Codable {
    /// The name of the file that the service finds.
    package var name: String
    /// The absolute path of the file on the host.
    package var path: String

    /// Describes a credential.
    package init(name: String, path: String) {
        self.name = name
        self.path = path
    }

    /// A mapping of names to paths, sorted by name: the order of keys has no meaning.
    static let mapping = ValueType<[Credential]>(
        "a mapping of credentials' names to absolute paths",
        schema: [
            "type": "object", "propertyNames": ["pattern": .text("^\(TextRule.credential.pattern)$")],
            "additionalProperties": ValueType.text(.absolutePath).schema,
        ]
    ) { (node) throws(ManifestError) in
        var credentials: [Credential] = []
        for entry in try node.entries(expected: "a mapping of credentials' names to absolute paths") {
            guard TextRule.credential.accepts(entry.name) else {
                throw entry.keyNode.error(expected: TextRule.credential.expected, found: entry.keyNode.summary)
            }
            credentials.append(
                Credential(name: entry.name, path: try ValueType.text(.absolutePath).decode(entry.value)))
        }
        return credentials.sorted { $0.name < $1.name }
    }
}
