/// One path of a prefix that is not as it was recorded.
package struct PrefixDifference: Sendable, Hashable, Codable {
    /// What is different.
    package enum Kind: String, Sendable, Codable {
        /// The file's contents, the link's text, or what kind of thing it is.
        case changed
        /// Nothing has the path.
        case missing
        /// No package has the path.
        case added
        /// Somebody else could change it.
        case exposed
    }

    /// The path below the prefix.
    package let path: String

    /// What is different.
    package let kind: Kind

    /// The package whose file should be there, `NAME-VERSION-BUILD`; nil for an added one.
    package let package: String?

    /// What was recorded: a digest, a link's text, or a kind of thing.
    package let expected: String?

    /// What was found instead.
    package let found: String?

    /// Describes a difference.
    package init(path: String, kind: Kind, package: String?, expected: String? = nil, found: String? = nil) {
        self.path = path
        self.kind = kind
        self.package = package
        self.expected = expected
        self.found = found
    }
}
