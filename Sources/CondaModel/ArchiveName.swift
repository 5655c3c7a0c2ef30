/// The file name of a package archive, `NAME-VERSION-BUILD.conda` or `NAME-VERSION-BUILD.tar.bz2` (CEP 26).
package struct ArchiveName: Hashable, Sendable, CustomStringConvertible {
    /// The two formats of archives (CEP 35).
    package enum Format: String, Hashable, Sendable, CaseIterable {
        /// A ZIP of Zstandard-compressed tars.
        case conda = ".conda"
        /// One bzip2-compressed tar.
        case tarBzip2 = ".tar.bz2"
    }

    /// The name of the package.
    package var name: String
    /// The version, as the file name spells it.
    package var version: String
    /// The build string.
    package var build: String
    /// The format that the extension names.
    package var format: Format

    /// Puts a file name together.
    package init(name: String, version: String, build: String, format: Format) {
        (self.name, self.version, self.build, self.format) = (name, version, build, format)
    }

    /// Takes a file name apart; nil when it is not one of an archive.
    ///
    /// Names contain dashes, versions and builds do not, so the last two dashes separate them.
    package init?(_ fileName: String) {
        guard let format = Format.allCases.first(where: { fileName.hasSuffix($0.rawValue) }) else { return nil }
        let stem = fileName.dropLast(format.rawValue.utf8.count)
        guard let last = stem.lastIndex(of: "-"),
            let first = stem[..<last].lastIndex(of: "-")
        else { return nil }
        let name = stem[..<first]
        let version = stem[stem.index(after: first)..<last]
        let build = stem[stem.index(after: last)...]
        guard !name.isEmpty, !version.isEmpty, !build.isEmpty, !stem.contains("/") else { return nil }
        self.init(name: String(name), version: String(version), build: String(build), format: format)
    }

    /// The file name.
    package var description: String { "\(name)-\(version)-\(build)\(format.rawValue)" }
}
