import CondaModel

/// What a record gets from the document that it stands in: where its archive is and what must not be used.
struct RecordPlace: Sendable {
    /// Canonical channel name.
    let channel: String
    let subdir: String
    /// Where archives are, ends with `/`, without credentials: the subdirectory, or `base_url` (CEP 15).
    let base: String
    /// `removed`: file names that must not be used any more.
    let removed: Set<String>

    /// - Throws: ``ChannelError/corrupt(url:position:reason:)`` for a `base_url` that is none.
    init(
        channel: Channel, subdir: String, baseURL: String?, removed: Set<String>, document: String,
        credentials: CredentialStore
    ) throws(ChannelError) {
        self.channel = channel.name
        self.subdir = subdir
        self.removed = removed
        let own = channel.subdirectory(subdir)
        guard let baseURL, !baseURL.isEmpty else {
            base = own.description + "/"
            return
        }
        guard let url = own.with(path: own.path + "/").resolving(baseURL) else {
            throw .corrupt(url: document, position: nil, reason: "base_url is no URL")
        }
        credentials.register(url)
        base = url.description.hasSuffix("/") ? url.description : url.description + "/"
    }

    func url(of fileName: String) -> String { base + percentEncoded(fileName) }
}

/// Keeps `.conda` where the same package is there in both formats, drops what was removed, and keeps the order
/// otherwise.
func preferred(_ records: [PackageRecord], place: RecordPlace) -> [PackageRecord] {
    let isMixed =
        records.contains { $0.fileName.hasSuffix(".conda") } && records.contains { $0.fileName.hasSuffix(".tar.bz2") }
    guard isMixed || !place.removed.isEmpty else { return records }
    let condas = Set(records.lazy.filter { $0.fileName.hasSuffix(".conda") }.map { $0.fileName.dropLast(6) })
    return records.filter { record in
        if place.removed.contains(record.fileName) { return false }
        return !(record.fileName.hasSuffix(".tar.bz2") && condas.contains(record.fileName.dropLast(8)))
    }
}

/// Timestamps are seconds in old records and milliseconds in newer ones; the largest plausible number of seconds
/// tells them apart.
func milliseconds(_ timestamp: Int64) -> Int64 {
    timestamp > 0 && timestamp <= 253_402_300_799 ? timestamp &* 1000 : timestamp
}

/// Which features of repodata v3 (CEP 48) in a record's dependencies are not supported; nil when none is used.
///
/// Conditions, extras and flags change what a dependency means, so a record that uses them cannot stand without them.
func unsupportedFeature(in dependencies: [String]) -> String? {
    for dependency in dependencies {
        guard let bracket = dependency.utf8.firstIndex(of: UInt8(ascii: "[")) else { continue }
        let fields = dependency[bracket...]
        for (word, feature) in [
            ("when", "conditional dependencies (CEP 43)"), ("extras", "extras (CEP 44)"), ("flags", "flags (CEP 45)"),
        ] where fields.contains("\(word)=") {
            return "'\(dependency)' uses \(feature), which conda-rpm does not support"
        }
    }
    return nil
}
