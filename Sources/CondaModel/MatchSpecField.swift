import HostSystem

/// Turns the value of a key in brackets into a condition of a MatchSpec.
enum MatchSpecField {
    /// Sets the condition that `key` names; the problem's offset is one in the value.
    static func apply(_ key: String, _ value: String, to spec: inout MatchSpec) throws(TextProblem) {
        switch key {
        case "version":
            let version = try version(value)
            spec.version = version.matchesAll ? nil : version
        case "build": spec.build = try MatchSpecBuild.matcher(value)
        case "channel": try MatchSpecChannel.set(value, in: &spec)
        // The name before the brackets is the one that counts (CEP 29): an override would hide what is installed.
        case "name": _ = try StringMatcher(value)
        default: try applyDetail(key, value, to: &spec.details)
        }
    }

    private static func applyDetail(
        _ key: String, _ value: String, to details: inout MatchSpecDetails
    ) throws(TextProblem) {
        switch key {
        case "subdir": details.subdir = try subdir(value)
        case "build_number": details.buildNumber = value == "*" ? nil : try BuildNumberSpec(value)
        case "track_features": details.trackFeatures = Set(PackageRecord.featureList(value)).sorted()
        case "features": details.features = Set(PackageRecord.featureList(value)).sorted()
        case "url": details.url = try StringMatcher(ChannelName.withoutCredentials(value))
        case "md5": details.md5 = try digest(value, length: 32)
        case "sha256": details.sha256 = try digest(value, length: 64)
        case "license": details.license = try caseless(value)
        case "license_family": details.licenseFamily = try caseless(value)
        default: details.fileName = try StringMatcher(value)
        }
    }

    private static func version(_ value: String) throws(TextProblem) -> VersionSpec {
        try value.withBytes { (bytes) throws(TextProblem) in
            VersionSpec(root: try VersionSpecParser(bytes).parse(0..<bytes.count))
        }
    }

    /// A demand in lower case, as CEP 29 prints it; a regular expression as it is, for `\D` is not `\d`.
    private static func caseless(_ value: String) throws(TextProblem) -> StringMatcher {
        let matcher = try StringMatcher(value)
        if case .pattern = matcher { return matcher }
        return try StringMatcher(value.lowercased())
    }

    private static func subdir(_ value: String) throws(TextProblem) -> StringMatcher {
        let matcher = try StringMatcher(value)
        guard let exact = matcher.exact, Subdir(rawValue: exact.lowercased()) == nil else { return matcher }
        throw TextProblem(at: 0, expected: "a subdir such as linux-64 or noarch", found: "'\(exact)'")
    }

    private static func digest(_ value: String, length: Int) throws(TextProblem) -> StringMatcher {
        let matcher = try StringMatcher(value.lowercased())
        guard let exact = matcher.exact else { return matcher }
        guard isHexadecimal(exact, bytes: length / 2) else {
            throw TextProblem(at: 0, expected: "a digest of \(length) hexadecimal digits", found: "'\(value)'")
        }
        return matcher
    }
}
