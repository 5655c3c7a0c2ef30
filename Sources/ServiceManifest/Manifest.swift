import CondaModel
import StrictYAML

/// What the user writes: an `environment.yml` (CEP 24) whose extra top-level key `rpm:` describes the package.
///
/// The environment part is read as CEP 24 asks: keys it does not know are ignored with a warning. The `rpm:` part is
/// read strictly. Formatting, comments and the order of keys leave no trace in the value.
package struct Manifest: Hashable, Sendable, Encodable {
    /// The service's and the package's name; `nil` when neither the manifest nor a flag gives one.
    package var name: String?
    /// Channel names, URLs or paths in priority order, without `nodefaults`.
    package var channels: [String] = []
    /// Whether `nodefaults` was among the channels: no configured default channel may be added.
    package var excludesDefaultChannels = false
    /// Conda requirements (MatchSpec) in the order written.
    package var dependencies: [String] = []
    /// Requirements for PyPI (PEP 508) in the order written.
    package var pip: [String] = []
    /// The platforms to solve for; empty: the platform of the build machine.
    package var platforms: [Subdir] = []
    /// Variables set on activation, sorted by name.
    package var variables: [EnvironmentVariable] = []
    /// The label that a lock gives to the dependencies.
    package var category: String?
    /// How the environment becomes a package and a service.
    package var rpm = RPMSection()

    /// The manifest's path as the user gave it; empty for requirements from the command line.
    package var path = ""
    /// What the reader ignored or guessed, to be shown to the user.
    package var warnings: [ManifestError] = []

    // The path and the warnings are no part of what a manifest means.
    private enum CodingKeys: String, CodingKey {
        case name, channels, excludesDefaultChannels, dependencies, pip, platforms, variables, category, rpm
    }

    /// An empty manifest: no requirement, every default.
    package init() {}
}

extension Manifest {
    /// Reads a manifest and lets flags win over it.
    ///
    /// - Parameters:
    ///   - path: the file, absolute or relative to the working directory.
    ///   - overrides: values of command-line flags.
    /// - Throws: that the file cannot be read, or what is wrong with it and where.
    package static func load(path: String, overrides: Overrides = Overrides()) throws(ManifestError) -> Manifest {
        let advice = "give the path of an environment.yml, or make one with `conda-rpm init`"
        return try decode(DocumentFile.read(path, advice: advice), path: path, overrides: overrides)
    }

    /// Decodes a manifest from its bytes; see ``load(path:overrides:)``.
    package static func decode(
        _ bytes: [UInt8], path: String, overrides: Overrides = Overrides()
    ) throws(ManifestError) -> Manifest {
        guard let root = try YAMLNode.parse(bytes, file: path), root.kind != .nothing else {
            throw ManifestError(
                file: path, expected: "a mapping with \"dependencies\"", found: "an empty file",
                advice: "list at least one requirement under `dependencies:`")
        }
        try SelectorScan.refuseSelectors(in: String(decoding: bytes, as: UTF8.self), file: path)
        var manifest = try table.decode(root)
        manifest.path = path
        manifest.warnings += try secretWarnings(root)
        try overrides.apply(to: &manifest)
        if overrides.name == nil, let name = root["name"] { _ = try ValueType.text(.packageName).decode(name) }
        return manifest
    }

    /// A manifest for requirements given on the command line.
    ///
    /// - Parameter requirements: MatchSpecs, such as `python 3.12.*`.
    /// - Throws: the requirement that is no MatchSpec, or a flag's value that is not valid.
    package static func adHoc(
        requirements: [String], channels: [String], overrides: Overrides
    ) throws(ManifestError) -> Manifest {
        var manifest = Manifest()
        manifest.channels = channels.filter { $0 != "nodefaults" }
        manifest.excludesDefaultChannels = channels.contains("nodefaults")
        for requirement in requirements { try Requirements.check(requirement, file: "command line") }
        manifest.dependencies = requirements
        try overrides.apply(to: &manifest)
        return manifest
    }
}
