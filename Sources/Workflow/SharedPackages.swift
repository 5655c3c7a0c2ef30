import CondaChannel
import CondaModel
import CondaPrefix
import FoundationEssentials
import RPMFormat
import ServiceManifest
import ServicePackaging
import ServiceRelease

/// The RPMs of conda packages that a service of layout `split` requires: made once, and then left alone by every build.
struct SharedPackages: Sendable {
    let target: Target
    /// The service's architecture for rpm.
    let architecture: String
    /// Where RPMs are written.
    let output: String
    let published: PublishedPackages
    /// Whether those in the output directory must be signed.
    var isSigned = false
    /// The program that unpacks archives for rpmbuild.
    let hostTool: String
    /// The licence texts of what is in that program.
    var notices: [UInt8] = []

    /// Whether a package's RPM is there, in the output directory or published.
    ///
    /// Its name tells archive, target and packaging; the bytes may be another machine's, whose compressor differs.
    func exists(_ record: PackageRecord) -> Bool {
        let package = SharedPackageRPM(record: record, licenses: [], target: target)
        let name = SharedPackage(record).rpmName
        let architecture = package.architecture(of: architecture)
        let file = path(record)
        let isReady = !isSigned || (try? RPMReader(path: file))?.signature.isSigned == true
        let here = PublishedPackages(files: isReady ? [file] : []).packages(name: name, architecture: architecture)
        let known = here + published.packages(name: name, architecture: architecture)
        return record.sha256 != nil
            && known.contains {
                $0.version == package.version && $0.release == package.release && $0.inputs == record.sha256
            }
    }

    /// Whether the RPM of one of these packages is not there.
    func lacks(_ records: [PackageRecord]) -> Bool { !records.allSatisfy(exists) }

    private func path(_ record: PackageRecord, isSource: Bool = false) -> String {
        let package = SharedPackageRPM(record: record, licenses: [], target: target)
        let architecture = isSource ? "src" : package.architecture(of: architecture)
        return "\(output)/\(SharedPackage(record).rpmName)-\(package.version)-\(package.release).\(architecture).rpm"
    }

    /// Whether there is nothing to write for a package.
    private func isDone(_ record: PackageRecord, isSource: Bool) -> Bool {
        isSource ? FileManager.default.fileExists(atPath: path(record, isSource: true)) : exists(record)
    }

    /// Writes the RPMs of packages, some at a time.
    ///
    /// - Parameters:
    ///   - isForced: writes those too that are there.
    ///   - isSource: writes source RPMs.
    ///   - write: writes one description under its file name.
    /// - Returns: what was written.
    func write(
        _ packages: [PrefixPackage], licenses: [BundledLicense], cache: CacheDirectory, isForced: Bool,
        isSource: Bool, _ write: @escaping @Sendable (RPMDescription) throws -> String
    ) async throws -> [String] {
        let missing = packages.filter { isForced || !isDone($0.record, isSource: isSource) }
        let texts = Dictionary(grouping: licenses, by: \.package)
        return try await withThrowingTaskGroup(of: String?.self) { group in
            var waiting = missing.makeIterator()
            func start(_ group: inout ThrowingTaskGroup<String?, any Error>) {
                guard let package = waiting.next() else { return }
                var rpm = SharedPackageRPM(
                    record: package.record, licenses: texts[package.record.name] ?? [], target: target)
                if isSource { rpm.notices = notices }
                group.addTask { [rpm] in
                    try await self.write(package, rpm, cache, isForced: isForced, isSource: isSource, write)
                }
            }
            // Each compresses on all processors.
            for _ in 0..<2 { start(&group) }
            var written: [String] = []
            for try await path in group {
                if let path { written.append(path) }
                start(&group)
            }
            return written.sorted()
        }
    }

    private func write(
        _ package: PrefixPackage, _ rpm: SharedPackageRPM, _ cache: CacheDirectory, isForced: Bool,
        isSource: Bool, _ write: (RPMDescription) throws -> String
    ) async throws -> String? {
        let shared = SharedPackage(package.record)
        return try await OutputDirectory(path: output).whileLocked(for: shared.rpmName) {
            // Another service's build may have made it meanwhile.
            guard isForced || !isDone(package.record, isSource: isSource) else { return nil }
            let tree = try StagedTree(cache)
            let digests = try PackageUnpacker.unpack(package, into: tree.directory)
            VerifiedArchives(cache).insertList(package.record.sha256)
            let path = try write(
                rpm.description(
                    try tree.files(at: shared.directory, digests: digests), architecture: architecture,
                    archive: package.archivePath,
                    hostTool: hostTool))
            return withExtendedLifetime(tree) { path }
        }
    }
}

extension RPMReader {
    /// Whether this is the RPM of one conda package.
    var isSharedPackage: Bool {
        name.hasPrefix("conda-") && files.contains { $0.path == SharedPackage.root }
    }

    /// The digest of what went into an RPM of ours.
    var inputs: String? { provides.first { $0.name == ServicePackage.inputsCapability }?.evr }

    /// What was the newest RPM when this one was built, where dnf takes this one for older.
    var after: EVR? { provides.first { $0.name == ServicePackage.afterCapability }?.evr.flatMap(EVR.init) }
}
