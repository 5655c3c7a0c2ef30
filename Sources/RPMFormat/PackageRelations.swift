/// All relations of a package: what was asked for and what follows from its contents, as rpmbuild would have it.
struct PackageRelations {
    let requires: [RPMDependency]
    let provides: [RPMDependency]
    let conflicts: [RPMDependency]
    let obsoletes: [RPMDependency]
    let recommends: [RPMDependency]

    init(_ plan: PackagePlan) {
        let description = plan.description
        let ownConfiguration = plan.hasConfiguration ? [Self.configuration(of: description)] : []
        let provides = description.provides + Self.ownNames(of: plan) + ownConfiguration
        let requires = description.requires + Self.interpreters(of: description.scriptlets) + ownConfiguration
        let others = description.conflicts + description.obsoletes + description.recommends
        let features = Self.features(of: plan, relations: provides + requires + others)
        self.provides = Self.ordered(provides)
        self.requires = Self.ordered(requires + features)
        conflicts = Self.ordered(description.conflicts)
        obsoletes = Self.ordered(description.obsoletes)
        recommends = Self.ordered(description.recommends)
    }

    /// `NAME = EVR`, and `NAME(x86-64) = EVR` where the architecture has such a name.
    private static func ownNames(of plan: PackagePlan) -> [RPMDependency] {
        let description = plan.description
        let plain = RPMDependency(description.name, .equal, description.evr)
        guard !plan.isSource, let isa = isaName(of: description.architecture) else { return [plain] }
        return [plain, RPMDependency("\(description.name)(\(isa))", .equal, description.evr)]
    }

    /// `config(NAME) = EVR`, which keeps a configuration file and the package that reads it together.
    private static func configuration(of description: RPMDescription) -> RPMDependency {
        RPMDependency("config(\(description.name))", .equal, description.evr, context: .config)
    }

    /// The interpreters that must be there when the scripts run.
    private static func interpreters(of scriptlets: RPMScriptlets) -> [RPMDependency] {
        scriptlets.slots.compactMap { slot in
            guard let interpreter = slot.scriptlet.interpreter.first, interpreter != "<lua>" else { return nil }
            return RPMDependency(interpreter, context: [.interpreter, slot.context])
        }
    }

    /// The features of rpm without which the package cannot be read.
    private static func features(of plan: PackagePlan, relations: [RPMDependency]) -> [RPMDependency] {
        let interpreters = plan.description.scriptlets.slots.map(\.scriptlet.interpreter)
        let isPresent: [(String, String, Bool)] = [
            ("CompressedFileNames", "3.0.4-1", !plan.files.isEmpty),
            ("FileDigests", "4.6.0-1", !plan.files.isEmpty),
            ("PayloadFilesHavePrefix", "4.0-1", !plan.files.isEmpty && !plan.isSource),
            ("PayloadIsXz", "5.2-1", plan.description.payload.compressor == "xz"),
            ("PayloadIsZstd", "5.4.18-1", plan.description.payload.compressor == "zstd"),
            ("LargeFiles", "4.12.0-1", plan.hasLargeFiles),
            ("TildeInVersions", "4.10.0-1", !plan.isSource && relations.contains { $0.evr?.contains("~") == true }),
            ("CaretInVersions", "4.15.0-1", !plan.isSource && relations.contains { $0.evr?.contains("^") == true }),
            ("RichDependencies", "4.12.0-1", relations.contains { $0.name.hasPrefix("(") }),
            ("BuiltinLuaScripts", "4.2.2-1", interpreters.contains { $0.first == "<lua>" }),
            ("ScriptletInterpreterArgs", "4.0.3-1", interpreters.contains { $0.count > 1 }),
        ]
        return isPresent.filter(\.2).map { name, version, _ in
            RPMDependency("rpmlib(\(name))", .lessOrEqual, version, context: .rpmlib)
        }
    }

    /// Sorted as rpmbuild sorts them, each once.
    private static func ordered(_ relations: [RPMDependency]) -> [RPMDependency] {
        Set(relations).sorted { left, right in
            if left.name != right.name { return left.name.utf8.lexicographicallyPrecedes(right.name.utf8) }
            let (leftVersion, rightVersion) = (left.evr ?? "", right.evr ?? "")
            if leftVersion != rightVersion { return leftVersion.utf8.lexicographicallyPrecedes(rightVersion.utf8) }
            return left.headerFlags < right.headerFlags
        }
    }

    /// The name that rpm's `%{_isa}` gives an architecture.
    private static func isaName(of architecture: String) -> String? {
        switch architecture {
        case "x86_64": "x86-64"
        case "i386", "i486", "i586", "i686": "x86-32"
        case "aarch64": "aarch-64"
        case "ppc64", "ppc64le": "ppc-64"
        case "s390x": "s390-64"
        case "riscv64": "riscv-64"
        default: nil
        }
    }
}

extension RPMDependency {
    /// Comparison and context as a header holds them.
    var headerFlags: UInt32 { (comparison?.senseBits ?? 0) | context.rawValue }
}

extension RPMPayload {
    /// The compressor's name in a header; nil where there is none.
    var compressor: String? {
        switch self {
        case .uncompressed: nil
        case .gzip: "gzip"
        case .xz: "xz"
        case .zstd: "zstd"
        }
    }

    /// The compressor's level as headers write it.
    var flags: String {
        switch self {
        case .uncompressed: ""
        case .gzip(let level), .xz(let level), .zstd(let level): "\(level)"
        }
    }
}
