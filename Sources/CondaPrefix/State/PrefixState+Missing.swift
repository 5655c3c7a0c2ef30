import CondaArchive
import CondaModel

extension PrefixState {
    /// The recorded paths that nothing has, and the documents that are missing or damaged; no file is read.
    ///
    /// - Parameter records: the packages that should be installed.
    /// - Returns: in the order of paths; documents first.
    /// - Throws: ``PrefixError`` when a directory cannot be read.
    package func missing(expecting records: [PackageRecord]) throws(PrefixError) -> [PrefixDifference] {
        let present = Set(packages.map(\.documentPath))
        let documents = records.filter { !present.contains(InstalledPackage.documentPath(of: $0)) }.map {
            PrefixDifference(
                path: InstalledPackage.documentPath(of: $0), kind: .missing, package: $0.distribution)
        }
        var missing: [PrefixDifference] = []
        for expectation in try expectations() where !expectation.path.isPresumed {
            let status = try PrefixError.writing { () throws(DirectoryError) in
                try directory.status(expectation.location)
            }
            guard status == nil else { continue }
            missing.append(
                PrefixDifference(
                    path: expectation.location.string, kind: .missing, package: expectation.package))
        }
        return documents + missing
    }

    /// The packages, `NAME-VERSION-BUILD`, that bring one of these paths.
    package func packages(bringing paths: Set<String>) -> Set<String> {
        Set(packages.filter { $0.paths.contains { paths.contains($0.path) } }.map(\.record.distribution))
    }

    /// Every path below the prefix that a package or a wheel has.
    package func recordedPaths() throws(PrefixError) -> [String] { try expectations().map(\.location.string) }
}
