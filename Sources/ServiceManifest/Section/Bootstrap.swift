/// What links the archives on the host.
package struct Bootstrap: Hashable, Sendable, Codable {
    /// The kinds of bootstrap.
    package enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
        case builtin, miniconda, micromamba
    }

    /// The kind.
    package var kind: Kind
    /// The path (relative to the manifest's folder) or URL of the installer; `nil` for `builtin`.
    package var source: String?
    /// The SHA-256 digest the installer must have, in lower-case hexadecimal; always present for a URL.
    package var sha256: String?
    /// The installer's licence as an SPDX expression, which it does not tell itself.
    package var license: String?

    /// Describes a bootstrap.
    package init(_ kind: Kind, source: String? = nil, sha256: String? = nil) {
        self.kind = kind
        self.source = source
        self.sha256 = sha256
    }

    /// The host tool that every RPM carries.
    package static let builtin = Bootstrap(.builtin)

    /// Whether the installer comes from the network.
    package var isRemote: Bool { source.map(isURL) ?? false }

    private struct Installer {
        var miniconda: String?
        var micromamba: String?
        var sha256: String?
        var license: String?
    }

    private static let table = KeyTable<Installer>(
        "a bootstrap", initial: { Installer() },
        keys: [
            Key("miniconda", .text(.buildPath), \.miniconda, "Path or URL of a constructor-made installer (.sh)."),
            Key("micromamba", .text(.buildPath), \.micromamba, "Path or URL of a micromamba executable."),
            Key("sha256", sha256Type, \.sha256, "The installer's SHA-256 digest; required for a URL."),
            Key("license", .text(.line), \.license, "The installer's licence, as an SPDX expression."),
        ],
        constraint: JSONValue.exactlyOne(of: "miniconda", "micromamba"),
        check: { (installer, node) throws(ManifestError) in
            guard (installer.miniconda == nil) != (installer.micromamba == nil) else {
                throw node.unexpected(
                    expected: "either miniconda or micromamba", advice: "write `{miniconda: PATH, sha256: HEX}`")
            }
            let source = installer.miniconda ?? installer.micromamba
            guard installer.sha256 != nil || !(source.map(isURL) ?? false) else {
                throw node.error(
                    "an installer from a URL needs its sha256",
                    advice: "add `sha256:` with the digest its site publishes")
            }
        })

    static let type = ValueType<Bootstrap>(
        "builtin, or a mapping {miniconda: PATH or URL, sha256: HEX}",
        schema: ["anyOf": [["const": "builtin"], table.schema]]
    ) { (node) throws(ManifestError) in
        guard node.kind == .mapping else {
            let expected = "builtin, {miniconda: PATH} or {micromamba: PATH}"
            guard try node.text(expected: expected) == "builtin" else { throw node.unexpected(expected: expected) }
            return .builtin
        }
        let installer = try table.decode(node)
        let kind: Kind = installer.miniconda == nil ? .micromamba : .miniconda
        var bootstrap = Bootstrap(kind, source: installer.miniconda ?? installer.micromamba, sha256: installer.sha256)
        bootstrap.license = installer.license
        return bootstrap
    }
}

/// A SHA-256 digest, decoded to lower case.
let sha256Type = ValueType<String>.text(.sha256).map { $0.lowercased() }

/// Whether a source on the build machine is fetched from the network.
func isURL(_ source: String) -> Bool {
    ["http://", "https://"].contains { source.lowercased().hasPrefix($0) }
}
