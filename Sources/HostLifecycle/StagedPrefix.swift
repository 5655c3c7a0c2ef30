import CondaArchive
import CondaPrefix
import ServiceRelease

/// The prefix of a release, linked for its place on hosts and written elsewhere: on the machine that builds the RPM of
/// layout `prefix`, be it `conda-rpm build` or rpmbuild.
///
/// Nothing in it depends on that machine, so that both give the same files.
package struct StagedPrefix: Sendable {
    private let release: Release
    private let buildTime: Int64

    /// - Parameter buildTime: seconds since 1970; no file is newer.
    package init(_ release: Release, buildTime: Int64) {
        self.release = release
        self.buildTime = buildTime
    }

    /// Where the prefix will be.
    package var place: String { ServiceHome(root: release.prefix).release(release.identifier) }

    /// Links packages and wheels into a directory that is empty or absent.
    ///
    /// - Throws: `PrefixError`.
    package func link(
        _ packages: [PrefixPackage], _ wheels: [PrefixWheel], into destination: String,
        events: @escaping @Sendable (PrefixEvent) -> Void
    ) throws -> PrefixReport {
        var options = PrefixOptions(release)
        options.sourceEpoch = buildTime
        options.checksContents = true
        let installer = PrefixInstaller(prefix: place, destination: destination, options: options)
        return try installer.install(packages, wheels: wheels, events: events)
    }

    /// Finds what would keep every host from linking packages and wheels, and writes nothing.
    ///
    /// - Parameter known: see `PrefixInstaller.rehearse`.
    /// - Throws: `PrefixError`.
    package func rehearse(
        _ packages: [PrefixPackage], _ wheels: [PrefixWheel], known: [String: [String]]
    ) throws -> [String: [String]] {
        try PrefixInstaller(prefix: place, options: PrefixOptions(release))
            .rehearse(packages, wheels: wheels, known: known)
    }

    /// Links what lies in a bundle, whose digests are verified before.
    ///
    /// - Throws: `ReleaseError`, `HostError`, `PrefixError`.
    package static func link(
        bundle path: String, into destination: String, buildTime: Int64, events: @escaping @Sendable (HostEvent) -> Void
    ) throws {
        let bundle = Bundle(path: path, release: try Release(bundle: path))
        try bundle.verifyArchives()
        let staged = StagedPrefix(bundle.release, buildTime: buildTime)
        _ = try staged.link(bundle.archives, bundle.prefixWheels, into: destination) { event in
            if let line = event.note { events(.note(line)) }
        }
    }
}

/// A conda package, unpacked on the machine that builds its RPM (layout `split`).
package enum StagedPackage {
    /// Unpacks an archive once its digest is verified.
    ///
    /// - Throws: `HostError.archiveDamaged`, `ArchiveError`, `PrefixError`.
    package static func unpack(archive path: String, sha256: String, into destination: String) throws {
        let found = try Bundle.digest(path)
        guard found == sha256 else { throw HostError.archiveDamaged(path: path, expected: sha256, found: found) }
        let record = try CondaArchive(path: path).readInfo().index()
        try PackageUnpacker.unpack(PrefixPackage(record: record, archivePath: path), into: destination)
    }
}
