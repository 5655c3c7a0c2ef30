/// The conditions of a MatchSpec beyond name, version and build.
package struct MatchSpecDetails: Hashable, Sendable {
    /// What the channel must be: a name, a URL, or an expression over names.
    package var channel: StringMatcher?
    /// What the subdir must be.
    package var subdir: StringMatcher?
    /// What the build number must fulfil.
    package var buildNumber: BuildNumberSpec?
    /// The tracked features, sorted: a record must track these and no others, as in conda.
    package var trackFeatures: [String]?
    /// The features, sorted: a record must have these and no others, as in conda.
    package var features: [String]?
    /// What the archive's URL must be.
    package var url: StringMatcher?
    /// What the archive's MD5 digest must be.
    package var md5: StringMatcher?
    /// What the archive's SHA-256 digest must be.
    package var sha256: StringMatcher?
    /// What the licence must be.
    package var license: StringMatcher?
    /// What the licence's family must be.
    package var licenseFamily: StringMatcher?
    /// What the archive's file name must be.
    package var fileName: StringMatcher?

    /// No conditions.
    package init() {}

    /// Whether a record fulfils all conditions.
    package func matches(_ record: PackageRecord) -> Bool {
        matches(record.subdir, subdir) && matches(record.md5, md5) && matches(record.sha256, sha256)
            && matchesURL(of: record) && matches(record.fileName, fileName) && matches(record.license, license)
            && matches(record.licenseFamily, licenseFamily) && buildNumber?.matches(record.buildNumber) ?? true
            && matchesChannel(of: record) && matchesFeatures(of: record)
    }

    /// Whether a package without an archive fulfils the conditions: a build number is all it can have.
    func matches(buildNumber candidate: Int) -> Bool {
        var rest = self
        rest.buildNumber = nil
        return rest == MatchSpecDetails() && buildNumber?.matches(candidate) ?? true
    }

    private func matches(_ candidate: String?, _ matcher: StringMatcher?) -> Bool {
        guard let matcher else { return true }
        return candidate.map(matcher.matches) ?? false
    }

    /// URLs spell a `!` in a file name as it is or as `%21`.
    private func matchesURL(of record: PackageRecord) -> Bool {
        guard case .exact(let wanted) = url, wanted != record.url else { return matches(record.url, url) }
        return percentDecoded(wanted) == percentDecoded(record.url)
    }

    private func matchesChannel(of record: PackageRecord) -> Bool {
        switch channel {
        case nil: true
        case .exact(let name): ChannelName.matches(spec: name, channel: record.channel)
        case .some(let matcher): ChannelName.forms(of: record.channel).contains(where: matcher.matches)
        }
    }

    private func matchesFeatures(of record: PackageRecord) -> Bool {
        if let trackFeatures, trackFeatures != Set(record.trackFeatures).sorted() { return false }
        guard let features else { return true }
        return features == Set(PackageRecord.featureList(record.features ?? "")).sorted()
    }
}
