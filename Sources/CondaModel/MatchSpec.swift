/// A query for packages, such as `conda-forge::numpy >=1.26,<2 py312*` (CEP 29).
///
///     let spec = try MatchSpec("numpy[version='>=1.26,<2', build_number='>0']")
///     spec.matches(record)
///
/// The description is the canonical form of CEP 29's appendix A; reading it gives an equal spec. Credentials in the
/// URL of a channel or archive are dropped on reading, so that no spec can carry them into a lock or a message.
package struct MatchSpec: Sendable {
    /// What the name must be.
    package var nameMatcher: StringMatcher
    /// What the version must fulfil.
    package var version: VersionSpec?
    /// What the build string must be.
    package var build: StringMatcher?
    /// The rarer conditions; kept apart so that an ordinary spec stays small.
    private var box: Box?

    private final class Box: Sendable {
        let details: MatchSpecDetails

        init(_ details: MatchSpecDetails) {
            self.details = details
        }
    }

    /// Reads a spec.
    ///
    /// - Throws: ``MatchSpecError`` with the column of the first offence.
    package init(_ text: String) throws(MatchSpecError) {
        do throws(TextProblem) {
            self = try text.withBytes { (bytes) throws(TextProblem) in
                try MatchSpecParser(bytes).parse()
            }
        } catch {
            throw MatchSpecError(text: text, problem: error)
        }
    }

    /// Makes a spec of a name, which is put in lower case.
    package init(name: String, version: VersionSpec? = nil, build: StringMatcher? = nil) {
        self.init(nameMatcher: .exact(name.lowercased()), version: version, build: build)
    }

    /// Makes a spec of a demand on the name.
    package init(nameMatcher: StringMatcher, version: VersionSpec? = nil, build: StringMatcher? = nil) {
        (self.nameMatcher, self.version, self.build) = (nameMatcher, version, build)
    }

    /// The rarer conditions.
    package var details: MatchSpecDetails {
        get { box?.details ?? MatchSpecDetails() }
        set { box = newValue == MatchSpecDetails() ? nil : Box(newValue) }
    }
}

extension MatchSpec {
    /// The name in lower case; nil when it is a glob or a regular expression.
    package var name: String? { nameMatcher.exact }

    /// Whether the spec asks for a property of the host rather than a package.
    package var isVirtual: Bool { nameMatcher.description.hasPrefix("__") }

    /// What the build number must fulfil.
    package var buildNumber: BuildNumberSpec? { box?.details.buildNumber }

    /// The channel's name or URL, without subdir and credentials; nil when none or a glob is demanded.
    package var channel: String? { box?.details.channel?.exact }

    /// The subdir; nil when none or a glob is demanded.
    package var subdir: String? { box?.details.subdir?.exact }

    /// The archive's MD5 digest in lower-case hexadecimal.
    package var md5: String? { box?.details.md5?.exact }

    /// The archive's SHA-256 digest in lower-case hexadecimal.
    package var sha256: String? { box?.details.sha256?.exact }

    /// The archive's URL, without credentials.
    package var url: String? { box?.details.url?.exact }

    /// The archive's file name.
    package var fileName: String? { box?.details.fileName?.exact }

    /// What the licence must be.
    package var license: StringMatcher? { box?.details.license }

    /// What the licence's family must be.
    package var licenseFamily: StringMatcher? { box?.details.licenseFamily }

    /// The features that a record must track, all of them and no others; sorted.
    package var trackFeatures: [String]? { box?.details.trackFeatures }
}

extension MatchSpec {
    /// Whether a record fulfils the spec.
    package func matches(_ record: PackageRecord) -> Bool {
        guard matches(name: record.name, version: record.version, build: record.build) else { return false }
        return box?.details.matches(record) ?? true
    }

    /// Whether a package without an archive fulfils the spec; conditions on archives cannot be fulfilled.
    package func matches(name: String, version: Version, build: String, buildNumber: Int) -> Bool {
        guard matches(name: name, version: version, build: build) else { return false }
        return box?.details.matches(buildNumber: buildNumber) ?? true
    }

    private func matches(name: String, version: Version, build: String) -> Bool {
        nameMatcher.matches(name) && self.version?.matches(version) ?? true && self.build?.matches(build) ?? true
    }
}

extension MatchSpec: Hashable {
    /// Whether both make the same demands.
    package static func == (left: MatchSpec, right: MatchSpec) -> Bool {
        left.nameMatcher == right.nameMatcher && left.version == right.version && left.build == right.build
            && left.box?.details == right.box?.details
    }

    /// Feeds the demands to a hasher.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(nameMatcher)
        hasher.combine(version)
        hasher.combine(build)
        hasher.combine(box?.details)
    }
}
