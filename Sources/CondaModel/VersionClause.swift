/// One condition on a version: a literal with an operator, a glob or a regular expression (CEP 29).
package enum VersionClause: Hashable, Sendable {
    /// `*`.
    case any
    /// `==1.2`, or `1.2`: the same place in the order of versions.
    case equal(Version)
    /// `!=1.2`.
    ///
    /// CEP 29 calls this a negated fuzzy equality. conda and rattler both exclude the literal alone and keep `1.2.3`;
    /// packages are written for that meaning, so it holds here too. `!=1.2.*` excludes `1.2.3`.
    case notEqual(Version)
    /// `<1.2`.
    case less(VersionBound)
    /// `<=1.2`.
    case lessOrEqual(VersionBound)
    /// `>1.2`.
    case greater(VersionBound)
    /// `>=1.2`.
    case greaterOrEqual(VersionBound)
    /// `=1.2`, or `1.2.*`: every version that starts with the literal.
    case prefix(VersionPrefix)
    /// `!=1.2.*`.
    case notPrefix(VersionPrefix)
    /// `~=1.2.3`: at least the literal, and starting with it without its last segment.
    case compatible(VersionBound, VersionPrefix)
    /// `1.*.3` or `^1\.[23]$`, applied to the text of the version.
    case text(StringMatcher)
    /// `!=1.*.3`.
    case notText(StringMatcher)

    /// Whether a version fulfils the condition.
    package func matches(_ version: Version) -> Bool {
        switch self {
        case .any: true
        case .equal(let other): version.key == other.key
        case .notEqual(let other): version.key != other.key
        case .less(let bound): version.key < bound.key
        case .lessOrEqual(let bound): version.key <= bound.key
        case .greater(let bound): version.key > bound.key
        case .greaterOrEqual(let bound): version.key >= bound.key
        case .prefix(let prefix): prefix.range.contains(version.key)
        case .notPrefix(let prefix): !prefix.range.contains(version.key)
        case .compatible(let least, let prefix): version.key >= least.key && prefix.range.contains(version.key)
        case .text(let matcher): matcher.matches(version.text)
        case .notText(let matcher): !matcher.matches(version.text)
        }
    }
}

extension VersionClause: CustomStringConvertible {
    /// The condition in the one spelling that is used for its kind.
    package var description: String {
        switch self {
        case .any: "*"
        case .equal(let version): "==\(version)"
        case .notEqual(let version): "!=\(version)"
        case .less(let bound): "<\(bound.text)"
        case .lessOrEqual(let bound): "<=\(bound.text)"
        case .greater(let bound): ">\(bound.text)"
        case .greaterOrEqual(let bound): ">=\(bound.text)"
        case .prefix(let prefix): "\(prefix.text).*"
        case .notPrefix(let prefix): "!=\(prefix.text).*"
        case .compatible(let least, _): "~=\(least.text)"
        case .text(let matcher): "\(matcher)"
        case .notText(let matcher): "!=\(matcher)"
        }
    }
}

/// The literal of an ordered comparison.
package struct VersionBound: Hashable, Sendable {
    /// The literal as it was written, with its star if it has one.
    package let text: String
    /// The place that versions are compared with.
    package let key: VersionKey

    /// Whether both mark the same place.
    package static func == (left: VersionBound, right: VersionBound) -> Bool {
        left.key == right.key
    }

    /// Feeds the place to a hasher.
    package func hash(into hasher: inout Hasher) {
        key.hash(into: &hasher)
    }
}

/// The start that versions have in common.
///
/// All versions with one start stand side by side in the order of versions, so the test is two comparisons.
package struct VersionPrefix: Hashable, Sendable {
    /// The literal, without a star.
    package let text: String
    /// The places of the versions that start with the literal.
    package let range: Range<VersionKey>

    /// Whether the same versions start with both.
    package static func == (left: VersionPrefix, right: VersionPrefix) -> Bool {
        left.range == right.range
    }

    /// Feeds the range to a hasher.
    package func hash(into hasher: inout Hasher) {
        range.hash(into: &hasher)
    }
}
