import CondaModel

/// The metadata of a package: the documents of `info/`, decoded when they are asked for.
package struct ArchiveInfo: Sendable {
    /// The path of the archive, for messages.
    package let archive: String

    /// The documents as bytes, by their path (`info/index.json`).
    package let files: [String: [UInt8]]

    /// The paths of all members of `info/` that were seen, in the archive's order.
    package let memberNames: [String]

    let depth: Int

    /// The documents that an installer reads (CEP 34).
    package static let documentNames: Set<String> = [
        "info/index.json", "info/paths.json", "info/link.json", "info/about.json", "info/files", "info/has_prefix",
        "info/no_link", "info/no_softlink",
    ]

    init(archive: String, files: [String: [UInt8]], memberNames: [String], depth: Int) {
        self.archive = archive
        self.files = files
        self.memberNames = memberNames
        self.depth = depth
    }

    /// Takes the documents of an unpacked package by their paths.
    ///
    /// - Parameter path: where they were read, for messages.
    /// - Throws: ``ArchiveError`` when there is no `info/index.json`.
    package init(_ documents: [String: [UInt8]], of path: String) throws(ArchiveError) {
        guard documents["info/index.json"] != nil else {
            throw ArchiveError(archive: path, reason: .missing("info/index.json"))
        }
        self.init(
            archive: path, files: documents, memberNames: documents.keys.sorted(),
            depth: ArchiveLimits.standard.documentDepth)
    }

    /// `info/index.json`: name, version, dependencies and so on.
    ///
    /// - Throws: ``ArchiveError`` with the document's name.
    package func index() throws(ArchiveError) -> PackageRecord {
        try decode("info/index.json") { bytes throws(ArchiveFault) in try PackageRecord(indexJSON: bytes) }
    }

    /// The files of the package: `info/paths.json`, or else `files`, `has_prefix`, `no_link` and `no_softlink`.
    ///
    /// - Throws: ``ArchiveError`` with the document's name; also when there are neither.
    package func paths() throws(ArchiveError) -> PathsJSON {
        if files["info/paths.json"] != nil {
            return try decode("info/paths.json") { bytes throws(ArchiveFault) in
                try PathsJSON(json: bytes, depth: depth)
            }
        }
        guard files["info/files"] != nil else {
            throw ArchiveError(archive: archive, reason: .missing("info/paths.json"))
        }
        return try legacyPaths()
    }

    /// `info/link.json`: what noarch packages need at installation; nil when there is none.
    package func link() throws(ArchiveError) -> LinkJSON? {
        guard files["info/link.json"] != nil else { return nil }
        return try decode("info/link.json") { bytes throws(ArchiveFault) in try LinkJSON(json: bytes, depth: depth) }
    }

    /// `info/about.json`: what the package is; nil when there is none.
    package func about() throws(ArchiveError) -> AboutJSON? {
        guard files["info/about.json"] != nil else { return nil }
        return try decode("info/about.json") { bytes throws(ArchiveFault) in try AboutJSON(json: bytes, depth: depth) }
    }

    private func legacyPaths() throws(ArchiveError) -> PathsJSON {
        var legacy = LegacyPaths()
        try decode("info/files") { bytes throws(ArchiveFault) in try legacy.readFiles(bytes) }
        for (name, read) in LegacyPaths.attributes where files[name] != nil {
            try decode(name) { bytes throws(ArchiveFault) in try read(&legacy, bytes) }
        }
        return legacy.paths
    }

    private func decode<Value>(
        _ name: String, _ read: ([UInt8]) throws(ArchiveFault) -> Value
    ) throws(ArchiveError) -> Value {
        do {
            return try read(files[name] ?? [])
        } catch {
            throw ArchiveError(archive: archive, member: name, reason: error)
        }
    }
}
