import CondaModel
import StrictYAML

extension Manifest {
    /// The top-level keys of an `environment.yml` (CEP 24), and `rpm`.
    static let table = KeyTable<Manifest>(
        "the manifest", initial: { Manifest() },
        keys: [
            Key("name", nameType, \.name, "The name of the service and of the package."),
            Key("channels", channelsType, \.channelList, "Channels in priority order; nodefaults adds no others."),
            Key("dependencies", Requirements.type, \.requirements, required: true, "The requirements, and a pip list."),
            Key("platforms", .uniqueList(platformType, of: "platforms"), \.platforms, "The platforms to solve for."),
            Key("variables", EnvironmentVariable.exported, \.variables, "Variables set on activation, in upper case."),
            Key("category", .text(.line), \.category, "The label a lock gives to the dependencies."),
            Key("prefix", .text(.line), \.ignoredPrefix, "Read by conda only; see rpm.prefix."),
            Key("rpm", rpmType, \.rpm, "How the environment becomes a package and a service."),
        ],
        tolerate: { error, manifest in
            var warning = error
            warning.problem = (error.problem ?? "") + " and ignores it"
            manifest.warnings.append(warning)
        })

    // Whether RPM takes the name is checked after the flags were read: --name may replace it.
    private static let nameType = ValueType<String?>("a name", schema: ValueType.text(.packageName).schema) {
        (node) throws(ManifestError) in try node.text(expected: TextRule.packageName.expected)
    }

    private static let channelsType = ValueType<[String]>.list(.text(.line), of: "channels")

    private static let platformType = ValueType<Subdir>(
        "a platform such as linux-64", schema: ["type": "string", "not": ["const": "noarch"]]
    ) { (node) throws(ManifestError) in
        let expected = "a platform such as linux-64"
        let text = try node.text(expected: expected)
        guard let subdir = Subdir(rawValue: text), subdir != .noarch else { throw node.unexpected(expected: expected) }
        return subdir
    }

    private static let rpmType = ValueType<RPMSection>("a mapping", schema: RPMSection.table.schema) {
        (node) throws(ManifestError) in
        node.kind == .nothing ? RPMSection() : try RPMSection.table.decode(node)
    }

    private var channelList: [String] {
        get { channels }
        set {
            channels = newValue.filter { $0 != "nodefaults" }
            excludesDefaultChannels = newValue.contains("nodefaults")
        }
    }

    private var requirements: Requirements {
        get { Requirements(conda: dependencies, pip: pip) }
        set { (dependencies, pip) = (newValue.conda, newValue.pip) }
    }

    /// Where a conda prefix of the development machine goes: nowhere.
    private var ignoredPrefix: String? {
        get { nil }
        set {}
    }
}
