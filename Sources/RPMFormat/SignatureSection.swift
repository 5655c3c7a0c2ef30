/// What stands before the main header: the lead, and the signature header padded to 8 bytes.
struct SignatureSection {
    /// Digests and sizes of what follows.
    struct Facts: Sendable {
        /// Bytes of header and payload.
        var size: Int64
        /// Bytes of the payload before compression.
        var payloadSize: Int64
        /// SHA-256 of the header, lower-case hexadecimal.
        var sha256: String
        /// SHA-1 of the header, lower-case hexadecimal.
        var sha1: String
        /// MD5 of header and payload.
        ///
        /// rpm before 4.14 knows no other digest of the payload, and what handles packages of any age reads it unasked
        /// (Koji's `sigmd5`): rpmbuild writes it for every host, so this does too. A host in FIPS mode cannot compute it and
        /// takes it for absent (`rpmvsFiniRange`); SHA-256 digests of header and payload are what it goes by.
        var md5: [UInt8]
    }

    /// Room that a signature is later put into without moving the rest of the package.
    private static let reservedSpace = 4096 + 32

    /// Facts of the right length that say nothing.
    static let placeholder = Facts(
        size: 0, payloadSize: 0, sha256: String(repeating: "0", count: 64), sha1: String(repeating: "0", count: 40),
        md5: [UInt8](repeating: 0, count: 16))

    /// Lead and signature header; of one length whatever the numbers are.
    static func bytes(of plan: PackagePlan, _ facts: Facts) throws(RPMError) -> [UInt8] {
        let small = max(facts.size, facts.payloadSize) < 0xffff_ffff
        // 64-bit sizes take more room, which the reserved space gives back.
        let spare = small ? 0 : try header(facts, isSmall: false, space: reservedSpace).count - narrowCount(facts)
        let section = lead(of: plan) + (try header(facts, isSmall: small, space: reservedSpace - spare))
        return section + [UInt8](repeating: 0, count: (8 - section.count % 8) % 8)
    }

    private static func narrowCount(_ facts: Facts) throws(RPMError) -> Int {
        var narrow = facts
        (narrow.size, narrow.payloadSize) = (0, 0)
        return try header(narrow, isSmall: true, space: reservedSpace).count
    }

    private static func header(_ facts: Facts, isSmall: Bool, space: Int) throws(RPMError) -> [UInt8] {
        let builder = try HeaderBuilder()
        if isSmall {
            try builder.put(.signatureSize, [UInt32(facts.size)])
            try builder.put(.signaturePayloadSize, [UInt32(facts.payloadSize)])
        } else {
            try builder.put(.signatureLongSize, [UInt64(facts.size)])
            try builder.put(.signatureLongPayloadSize, [UInt64(facts.payloadSize)])
        }
        try builder.put(.signatureSHA256, facts.sha256)
        try builder.put(.signatureSHA1, facts.sha1)
        try builder.put(.signatureMD5, facts.md5)
        try builder.put(.signatureReservedSpace, [UInt8](repeating: 0, count: space))
        return try builder.sealed(as: .signatures)
    }

    /// The first 96 bytes: magic, version 3.0, binary or source, architecture, name, Linux, signature type 5 (a header).
    ///
    /// Only the magic and the signature type are still read.
    private static func lead(of plan: PackagePlan) -> [UInt8] {
        let description = plan.description
        var lead =
            PackageFile.leadMagic + [3, 0, 0, plan.isSource ? 1 : 0, 0, leadArchitecture(of: description.architecture)]
        let name = Array("\(description.name)-\(description.version)-\(description.release)".utf8.prefix(65))
        lead += name + [UInt8](repeating: 0, count: 66 - name.count)
        lead += [0, 1, 0, 5]
        return lead + [UInt8](repeating: 0, count: Int(PackageFile.leadSize) - lead.count)
    }

    private static func leadArchitecture(of architecture: String) -> UInt8 {
        switch architecture {
        case "ppc64", "ppc64le": 16
        case "s390x": 15
        case "aarch64": 19
        case "riscv64": 22
        default: 1
        }
    }
}
