import CondaModel

/// One package to be linked: what the channel says about it, where its archive lies, and who asked for it.
package struct PrefixPackage: Sendable {
    /// The newest record of the package; what it leaves open is taken from the archive's `info/index.json`.
    package var record: PackageRecord

    /// The path of the archive; its digest must have been verified.
    package var archivePath: String

    /// The MatchSpecs of the requirement set that named the package; none for a dependency.
    package var requestedSpecs: [String]

    /// Whether the archive's files are known to be what its list says: then they need not be digested to be compared.
    package var hasTrueList = false

    /// Joins a record to its archive.
    package init(record: PackageRecord, archivePath: String, requestedSpecs: [String] = []) {
        self.record = record
        self.archivePath = archivePath
        self.requestedSpecs = requestedSpecs
    }
}

extension PackageRecord {
    /// `NAME-VERSION-BUILD`, as `conda-meta` names its documents.
    package var distribution: String { "\(name)-\(version)-\(build)" }
}
