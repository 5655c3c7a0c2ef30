/// The main header of a package.
struct PackageHeader {
    /// What is known of the payload only after it was written; all of a fixed length, so that the header's size is
    /// known before.
    struct PayloadFacts: Sendable {
        /// SHA-256 of every file, by its place in the plan; empty for what has no contents.
        var fileDigests: [String]
        /// SHA-256 of the payload as it stands in the package.
        var digest: String
        /// SHA-256 of the payload before compression.
        var uncompressedDigest: String

        /// Facts of the right length that say nothing.
        init(placeholderFor plan: PackagePlan) {
            let zeros = String(repeating: "0", count: 64)
            fileDigests = plan.files.map { $0.hasDigest ? zeros : "" }
            digest = zeros
            uncompressedDigest = zeros
        }
    }

    /// What `BUILDHOST` says: never where the package was really built.
    static let buildHost = "localhost"
    /// What `RPMVERSION` says: the rpm whose rules the header follows, whatever librpm is installed here.
    static let rpmVersion = "4.16.0"
    /// OpenPGP's number of SHA-256.
    private static let sha256Algorithm: UInt32 = 8

    private let plan: PackagePlan
    private let facts: PayloadFacts

    /// The header's bytes, magic included.
    static func bytes(of plan: PackagePlan, _ facts: PayloadFacts) throws(RPMError) -> [UInt8] {
        let header = PackageHeader(plan: plan, facts: facts)
        let builder = try HeaderBuilder()
        try header.applyMetadata(to: builder)
        try header.applyOrigin(to: builder)
        try header.applyRelations(to: builder)
        try header.applyScriptlets(to: builder)
        try header.applyChangelog(to: builder)
        try header.applyFiles(to: builder)
        try header.applyPayload(to: builder)
        return try builder.sealed(as: .immutable)
    }

    private func applyMetadata(to builder: borrowing HeaderBuilder) throws(RPMError) {
        let package = plan.description
        try builder.put(.name, package.name)
        if let epoch = package.epoch { try builder.put(.epoch, [epoch]) }
        try builder.put(.version, package.version)
        try builder.put(.release, package.release)
        try builder.put(.arch, package.architecture)
        try builder.put(.os, "linux")
        try builder.putTranslatable(.summary, package.summary)
        let description = package.description.withoutTrailingSpace
        try builder.putTranslatable(.description, description.isEmpty ? package.summary : description)
        try builder.putTranslatable(.group, package.group ?? "Unspecified")
        try builder.put(.license, package.license)
        if let vendor = package.vendor { try builder.put(.vendor, vendor) }
        if let packager = package.packager { try builder.put(.packager, packager) }
        if let url = package.url { try builder.put(.url, url) }
        try builder.put(.encoding, "utf-8")
        try builder.put(.prefixes, package.prefixes)
    }

    /// Where and when the package was made, as far as every build of it says the same.
    private func applyOrigin(to builder: borrowing HeaderBuilder) throws(RPMError) {
        let package = plan.description
        try builder.put(.buildTime, [package.buildTime])
        try builder.put(.buildHost, Self.buildHost)
        try builder.put(.rpmVersion, Self.rpmVersion)
        switch plan.kind {
        case .binary:
            try builder.put(.platform, "\(package.architecture)-redhat-linux-gnu")
            // Without it, tools take the package for a source package.
            try builder.put(.sourceRPM, package.sourceFileName)
        case .source(let names):
            try builder.put(.sourcePackage, [UInt32(1)])
            // The last comes first, as in rpmbuild's.
            try builder.put(.source, names.reversed())
            if package.architecture == "noarch" { try builder.put(.buildArchs, [package.architecture]) }
            if let exclusive = package.exclusiveArchitectures { try builder.put(.exclusiveArch, exclusive) }
        }
    }

    private func applyRelations(to builder: borrowing HeaderBuilder) throws(RPMError) {
        let relations = PackageRelations(plan)
        try apply(relations.provides, .provides, to: builder)
        try apply(relations.requires, .requires, to: builder)
        try apply(relations.conflicts, .conflicts, to: builder)
        try apply(relations.obsoletes, .obsoletes, to: builder)
        try apply(relations.recommends, .recommends, to: builder)
    }

    private func apply(
        _ relations: [RPMDependency], _ tags: RPMRelationTags, to builder: borrowing HeaderBuilder
    ) throws(RPMError) {
        try builder.put(tags.name, relations.map(\.name))
        try builder.put(tags.flags, relations.map(\.headerFlags))
        try builder.put(tags.version, relations.map { $0.evr ?? "" })
    }

    private func applyScriptlets(to builder: borrowing HeaderBuilder) throws(RPMError) {
        for slot in plan.description.scriptlets.slots {
            let body = slot.scriptlet.body.withoutTrailingSpace
            if !body.isEmpty { try builder.put(slot.bodyTag, body) }
            let words = slot.scriptlet.interpreter
            if words.count == 1 {
                try builder.put(slot.interpreterTag, words[0])
            } else {
                try builder.put(slot.interpreterTag, words)
            }
        }
    }

    private func applyChangelog(to builder: borrowing HeaderBuilder) throws(RPMError) {
        let entries = plan.description.changelog
        try builder.put(.changelogTime, entries.map(\.time))
        try builder.put(.changelogName, entries.map(\.author))
        try builder.put(.changelogText, entries.map(\.text.withoutTrailingSpace))
    }

    /// Lists the files.
    ///
    /// Classes, colours and per-file dependencies, which rpmbuild derives with libmagic, are left out: they resolve
    /// conflicts between 32- and 64-bit files of one path, and no tool misses them.
    private func applyFiles(to builder: borrowing HeaderBuilder) throws(RPMError) {
        try applyInstalledSize(to: builder)
        let files = plan.files
        if files.isEmpty { return }
        try applyNames(to: builder)
        if plan.hasLargeFiles {
            try builder.put(.longFileSizes, files.map { UInt64($0.size) })
        } else {
            try builder.put(.fileSizes, files.map { UInt32($0.size) })
        }
        try builder.put(.fileModes, files.map(\.headerMode))
        try builder.put(.fileTimes, files.map(plan.time))
        try builder.put(.fileDigests, facts.fileDigests)
        try builder.put(.fileDigestAlgorithm, [Self.sha256Algorithm])
        try builder.put(.fileLinks, files.map(\.linkTarget))
        try builder.put(.fileFlags, files.map(\.headerFlags.rawValue))
        try builder.put(.fileVerifyFlags, files.map(\.headerVerifyFlags.rawValue))
        try builder.put(.fileUsers, files.map(\.user))
        try builder.put(.fileGroups, files.map(\.group))
        try builder.put(.fileRdevs, [UInt16](repeating: 0, count: files.count))
        try builder.put(.fileDevices, [UInt32](repeating: 1, count: files.count))
        // Two files with one inode would be hard links of each other.
        try builder.put(.fileInodes, files.indices.map { UInt32($0 + 1) })
        try builder.put(.fileLanguages, [String](repeating: "", count: files.count))
    }

    private func applyInstalledSize(to builder: borrowing HeaderBuilder) throws(RPMError) {
        if let size = UInt32(exactly: plan.installedSize), size < .max {
            try builder.put(.size, [size])
        } else {
            try builder.put(.longSize, [UInt64(plan.installedSize)])
        }
    }

    /// Base names, and the directories that they are in.
    private func applyNames(to builder: borrowing HeaderBuilder) throws(RPMError) {
        var directories: [String] = []
        var places: [[UInt8]: UInt32] = [:]
        var names: [String] = []
        var indexes: [UInt32] = []
        for file in plan.files {
            let split = file.path.baseNameStart
            let directory = Array(file.path.utf8[..<split])
            let index = places[directory] ?? UInt32(directories.count)
            if index == directories.count {
                places[directory] = index
                directories.append(plan.isSource ? "" : String(file.path[..<split]))
            }
            names.append(String(file.path[split...]))
            indexes.append(index)
        }
        try builder.put(.baseNames, names)
        try builder.put(.directoryNames, directories)
        try builder.put(.directoryIndexes, indexes)
    }

    private func applyPayload(to builder: borrowing HeaderBuilder) throws(RPMError) {
        let payload = plan.description.payload
        try builder.put(.payloadFormat, "cpio")
        if let compressor = payload.compressor { try builder.put(.payloadCompressor, compressor) }
        try builder.put(.payloadFlags, payload.flags)
        try builder.put(.payloadDigest, [facts.digest])
        try builder.put(.payloadDigestAlternate, [facts.uncompressedDigest])
        try builder.put(.payloadDigestAlgorithm, [Self.sha256Algorithm])
    }
}
