/// The families of hosts that an RPM can be made for.
package enum TargetFamily: String, Hashable, Sendable, Codable, CaseIterable {
    case el7, el8, el9, el10, amzn2, amzn2023, fedora

    /// What the family's hosts bring along.
    var traits: (glibc: String, kernel: String, dist: String, compression: PayloadCompression) {
        switch self {
        case .el7: ("2.17", "3.10", "el7", .gzip)
        case .el8: ("2.28", "4.18", "el8", .zstd)
        case .el9: ("2.34", "5.14", "el9", .zstd)
        case .el10: ("2.39", "6.12", "el10", .zstd)
        case .amzn2: ("2.26", "4.14", "amzn2", .gzip)
        case .amzn2023: ("2.34", "6.1", "amzn2023", .zstd)
        case .fedora: ("2.41", "6.14", "fedora", .zstd)
        }
    }
}

/// The compressors of an RPM payload.
package enum PayloadCompression: String, Hashable, Sendable, Codable, CaseIterable {
    case none, gzip, xz, zstd
}

/// The host an RPM is made for: a family, or settings of one's own, or a family with some settings changed.
package struct Target: Hashable, Sendable, Codable {
    /// The family whose settings hold where none is given here; `nil` when all are explicit.
    package var family: TargetFamily?
    /// The glibc version the host has at least; decides `__glibc` and the RPM's glibc requirement.
    package var explicitGlibc: String?
    /// The kernel version the host has at least; decides `__linux`.
    package var explicitKernel: String?
    /// The text of `%{dist}` without its dot.
    package var explicitDist: String?
    /// The best compressor that the host's rpm can read.
    package var explicitCompression: PayloadCompression?
    /// The CUDA version of the host's driver (`__cuda`); `nil`: no CUDA.
    package var cuda: String?
    /// The processor level, such as `x86_64_v3`; decides `__archspec`.
    package var archspec: String?

    /// A family as it is.
    package init(_ family: TargetFamily) { self.family = family }

    /// No family and no settings; the decoder fills it.
    init() {}

    /// The target of a manifest that names none.
    package static let standard = Target(.el9)

    /// The glibc version of the target.
    package var glibc: String { explicitGlibc ?? family?.traits.glibc ?? "2.17" }
    /// The kernel version of the target.
    package var kernel: String { explicitKernel ?? family?.traits.kernel ?? "3.10" }
    /// The text of `%{dist}` without its dot; empty for a target without one.
    package var dist: String { explicitDist ?? family?.traits.dist ?? "" }
    /// The best compressor that the target's rpm can read.
    package var compression: PayloadCompression { explicitCompression ?? family?.traits.compression ?? .gzip }

    /// The target in one word for messages: the family, or `custom`.
    package var name: String { family?.rawValue ?? "custom" }

    static let table = KeyTable<Target>(
        "a target", initial: { Target() },
        keys: [
            Key("base", .oneOf(TargetFamily.self), \.family, "The family whose settings hold where none is given."),
            Key(
                "glibc", .text(.numericVersion, numbers: true), \.explicitGlibc, "The glibc version of the oldest host."
            ),
            Key("kernel", .text(.numericVersion, numbers: true), \.explicitKernel, "The kernel of the oldest host."),
            Key("dist", .text(.rpmVersion), \.explicitDist, "The text of %{dist} without its dot."),
            Key(
                "compression", .oneOf(PayloadCompression.self), \.explicitCompression,
                "The best payload compressor the host's rpm can read."),
            Key("cuda", .text(.numericVersion, numbers: true), \.cuda, "The CUDA version of the host's driver."),
            Key("archspec", .text(.command), \.archspec, "The processor level of the oldest host, such as x86_64_v3."),
        ],
        constraint: ["anyOf": [["required": ["base"]], ["required": ["glibc"]]]],
        check: { (target, node) throws(ManifestError) in
            guard target.family != nil || target.explicitGlibc != nil else {
                throw node.error(
                    "a target needs \"base\" or \"glibc\"",
                    advice: "write for example `target: {base: el8, cuda: 12.4}`")
            }
        })

    static let type = ValueType<Target>(
        "one of \(TargetFamily.allCases.map(\.rawValue).joined(separator: ", ")), or a mapping",
        schema: ["anyOf": [ValueType.oneOf(TargetFamily.self).schema, table.schema]]
    ) { (node) throws(ManifestError) in
        if node.kind == .mapping { return try table.decode(node) }
        return Target(try ValueType.oneOf(TargetFamily.self).decode(node))
    }
}
