import StrictYAML

/// Values of command-line flags that win over the manifest.
package struct Overrides: Hashable, Sendable {
    /// `--name`.
    package var name: String?
    /// `--version`.
    package var version: String?
    /// `--release`; `auto` is allowed.
    package var release: String?
    /// `--target`, a family's name.
    package var target: String?
    /// `--layout`.
    package var layout: String?
    /// `--prefix`.
    package var prefix: String?
    /// `--channel`, replacing the manifest's channels; empty: the manifest's stay.
    package var channels: [String] = []

    /// No flag given.
    package init() {}

    /// Puts the flags' values into a manifest, checked by the same rules as the manifest's own.
    func apply(to manifest: inout Manifest) throws(ManifestError) {
        if let name = try decode(name, .text(.packageName), flag: "--name") { manifest.name = name }
        if let version = try decode(version, .text(.rpmVersion), flag: "--version") { manifest.rpm.version = version }
        if let release = try decode(release, ReleaseNumber.type, flag: "--release") { manifest.rpm.release = release }
        if let family = try decode(target, .oneOf(TargetFamily.self), flag: "--target") {
            manifest.rpm.target = Target(family)
        }
        if let layout = try decode(layout, .oneOf(Layout.self), flag: "--layout") { manifest.rpm.layout = layout }
        if let prefix = try decode(prefix, .text(.prefix), flag: "--prefix") { manifest.rpm.prefix = prefix }
        if !channels.isEmpty {
            manifest.channels = channels.filter { $0 != "nodefaults" }
            manifest.excludesDefaultChannels = channels.contains("nodefaults")
        }
    }

    private func decode<Value>(
        _ text: String?, _ type: ValueType<Value>, flag: String
    ) throws(ManifestError) -> Value? {
        guard let text else { return nil }
        return try type.decode(YAMLNode(text: text, file: flag))
    }
}
