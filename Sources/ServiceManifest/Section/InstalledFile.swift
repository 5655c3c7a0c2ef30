/// A file or directory beside the environment that the RPM installs.
package struct InstalledFile: Hashable, Sendable, Codable {
    /// What happens to a configuration file that was changed on the host.
    package enum Configuration: String, Hashable, Sendable, Codable, CaseIterable {
        /// `%config(noreplace)`: the host's file stays, the new one is put beside it as `.rpmnew`.
        case noreplace
        /// `%config`: the new file is installed, the host's one is kept as `.rpmsave`.
        case replace
    }

    /// The file or directory on the build machine, relative to the manifest's folder.
    package var source: String
    /// The absolute path on the host.
    package var destination: String
    /// Permission bits, 0 to 0o7777; `nil`: 0644, or 0755 where the source is executable or a directory.
    package var mode: Int?
    /// The owner; `nil`: root.
    package var owner: String?
    /// The group; `nil`: root.
    package var group: String?
    /// Set for a configuration file.
    package var config: Configuration?
    /// Whether the file is documentation (`%doc`).
    package var isDocumentation = false
    /// Whether the file is a licence text (`%license`).
    package var isLicense = false

    /// Describes a file with everything else at its default.
    package init(source: String, destination: String) {
        self.source = source
        self.destination = destination
    }

    static let table = KeyTable<InstalledFile>(
        "a file", initial: { InstalledFile(source: "", destination: "") },
        keys: [
            Key("source", .text(.buildPath), \.source, required: true, "The file or directory beside the manifest."),
            Key("destination", .text(.absolutePath), \.destination, required: true, "Its absolute path on the host."),
            Key("mode", modeType, \.mode, "Permission bits in octal, such as 0640."),
            Key("owner", .text(.user), \.owner, "The owner; default root."),
            Key("group", .text(.user), \.group, "The group; default root."),
            Key("config", configurationType, \.config, "noreplace keeps a file changed on the host; true replaces it."),
            Key("doc", .boolean, \.isDocumentation, "Marks documentation."),
            Key("license", .boolean, \.isLicense, "Marks a licence text."),
        ])

    private static let modeType = ValueType<Int?>(
        TextRule.mode.expected,
        schema: ["type": ["string", "integer"], "pattern": .text("^\(TextRule.mode.pattern)$")]
    ) { (node) throws(ManifestError) in
        let text = try ValueType.text(.mode).decode(node)
        return Int(text.hasPrefix("0o") ? String(text.dropFirst(2)) : text, radix: 8)
    }

    private static let configurationType = ValueType<Configuration?>(
        "noreplace, true or false", schema: ["enum": ["noreplace", true, false]]
    ) { (node) throws(ManifestError) in
        if node.kind == .text, try node.text() == "noreplace" { return .noreplace }
        guard let isConfiguration = try? node.boolean() else {
            throw node.unexpected(expected: "noreplace, true or false")
        }
        return isConfiguration ? .replace : nil
    }
}
