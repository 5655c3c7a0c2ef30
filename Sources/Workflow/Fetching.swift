import CondaArchive
import CondaChannel
import CondaLock
import CondaModel
import FoundationEssentials
import Glibc
import RPMFormat
import ServiceRelease
import TerminalProgress

/// Brings the archives of a lock into the cache.
package struct Fetching: Sendable {
    let project: Project
    let connection: Connection
    let events: EventHandler

    package init(project: Project, connection: Connection, events: @escaping EventHandler) {
        self.project = project
        self.connection = connection
        self.events = events
    }

    /// Downloads what the cache lacks.
    ///
    /// - Parameter trustingCache: whether archives that are there already count without being digested again, because the
    ///   caller compares what it reads with their digests.
    /// - Returns: Each package with the place of its verified archive, in the lock's link order, each with the digest
    ///   that it has.
    package func run(_ locked: LockedPackages, trustingCache: Bool = false) async throws -> Fetched {
        let records = locked.records
        let bridge = ProgressBridge(task: "archives", total: nil, events: events)
        let items = records.map {
            DownloadItem(url: locked.place(of: $0.url), sha256: $0.sha256, md5: $0.md5, size: $0.size)
        }
        let wheels = locked.wheels.map {
            DownloadItem(url: locked.place(of: $0.url), sha256: $0.sha256, md5: $0.md5, size: $0.details.size)
        }
        let paths = try await connection.withSession(
            channels: project.manifest.channels, events: { bridge.handle($0) }
        ) { session, _ in try await session.downloader.fetch(items + wheels, trustingCache: trustingCache) }
        let new = bridge.total
        bridge.finish("\(paths.count) packages" + (new == 0 ? ", all in the cache" : ", \(ByteText.string(new)) new"))
        let packages = try zip(records, paths).map { record, path in
            var record = record
            if record.sha256 == nil { record.sha256 = try FileContents.sha256(path) }
            return FetchedPackage(record: record, path: path)
        }
        let fetchedWheels = try zip(locked.wheels, paths.dropFirst(records.count)).map { wheel, path in
            ResolvedWheel(
                fileName: wheel.fileName, path: path, sha256: try wheel.sha256 ?? FileContents.sha256(path),
                url: wheel.url, name: wheel.name)
        }
        return Fetched(packages: packages, wheels: fetchedWheels)
    }
}

/// What a lock names, as files.
package struct Fetched: Sendable {
    package var packages: [FetchedPackage]
    package var wheels: [ResolvedWheel]
}

/// A wheel that is there, with the digest it has.
package struct ResolvedWheel: Sendable, Hashable {
    package var fileName: String
    package var path: String
    package var sha256: String
    /// Where it came from, without credentials; nil for one of `rpm.wheels`.
    package var url: String?
    package var name: String
}

/// A package whose archive is in the cache and has the digest the lock names.
package struct FetchedPackage: Sendable, Hashable {
    package var record: PackageRecord
    package var path: String
    /// What the RPM carries in its place.
    var transmuted: Transmuted?
    /// What the file was like when it was found; ``VerifiedArchives`` compares it.
    var stamp: String?
    /// Whether the file was compared with its digest, and not touched since.
    var isVerified = false

    /// A `.conda` file made of the archive.
    struct Transmuted: Hashable, Sendable {
        let archive: TransmutedArchive
        let path: String
    }

    /// Compares the archive with its digest.
    ///
    /// - Throws: `RPMError.digestMismatch`.
    func verify() throws {
        let found = try FileContents.sha256(path)
        guard let expected = record.sha256, expected != found else { return }
        throw RPMError.digestMismatch(path: path, expected: expected, found: found)
    }

    /// Without an MD5 that is not the archive's.
    ///
    /// Nobody else compares it where there is a SHA-256; micromamba does, on the host, with each line of an explicit list.
    ///
    /// - Throws: `ArchiveError`.
    func withComparedMD5() throws -> FetchedPackage {
        guard let md5 = record.md5, transmuted == nil else { return self }
        var compared = self
        let found = try ArchiveDigest.of(path: path, includingMD5: true).md5
        if found != md5.lowercased() { compared.record.md5 = nil }
        return compared
    }

    /// The file that goes into the bundle.
    var bundledPath: String { transmuted?.path ?? path }

    /// Bytes of the archive.
    var size: Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }
}

/// What archives say of themselves, read once and kept in the cache by the archive's digest.
struct SummaryCache: Sendable {
    let directory: String

    init(_ cache: CacheDirectory) {
        directory = "\(cache.path)/summaries"
    }

    /// The summaries of all packages, in order; the missing ones are read on all cores.
    ///
    /// - Parameter verifying: whether the archives have not been compared with their digests yet; a summary is kept under
    ///   the digest, so it must be that archive's.
    /// - Throws: `RPMError.digestMismatch`, `ArchiveError`.
    func summaries(_ packages: [FetchedPackage], verifying: Bool) async throws -> [ArchiveSummary] {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        return try await withThrowingTaskGroup(of: (Int, ArchiveSummary).self) { group in
            for (index, package) in packages.enumerated() {
                group.addTask { (index, try summary(package, verifying)) }
            }
            var found: [Int: ArchiveSummary] = [:]
            for try await (index, summary) in group { found[index] = summary }
            return packages.indices.compactMap { found[$0] }
        }
    }

    /// The licence texts that the summaries name, by their paths, in the order of the packages; kept as the summaries are,
    /// for in a `.tar.bz2` archive they cost as much to read as the RPM costs to write.
    ///
    /// - Parameter verifying: as for ``summaries(_:verifying:)``.
    /// - Throws: `RPMError.digestMismatch`, `ArchiveError`.
    func licenseTexts(
        _ packages: [FetchedPackage], _ summaries: [ArchiveSummary], verifying: Bool
    ) async throws -> [[String: Data]] {
        try await withThrowingTaskGroup(of: (Int, [String: Data]).self) { group in
            for (index, (package, summary)) in zip(packages, summaries).enumerated()
            where !summary.licenseFiles.isEmpty {
                group.addTask { (index, try licenseTexts(package, summary, verifying)) }
            }
            var found: [Int: [String: Data]] = [:]
            for try await (index, texts) in group { found[index] = texts }
            return packages.indices.map { found[$0] ?? [:] }
        }
    }

    private func licenseTexts(
        _ package: FetchedPackage, _ summary: ArchiveSummary, _ verifying: Bool
    ) throws -> [String: Data] {
        let path = package.record.sha256.map { "\(directory)/v2-\($0).licences.json" }
        if let data = path.flatMap({ FileManager.default.contents(atPath: $0) }),
            let kept = try? JSONDecoder().decode([String: Data].self, from: data)
        {
            return kept
        }
        if verifying { try package.verify() }
        let wanted = Set(summary.licenseFiles)
        let info = try CondaArchive(path: package.path).readInfo(keeping: wanted.contains)
        let texts = info.files.filter { wanted.contains($0.key) }.mapValues { Data($0) }
        if let path {
            try FileContents.replace(path, with: String(decoding: try JSONEncoder().encode(texts), as: UTF8.self))
        }
        return texts
    }

    private func summary(_ package: FetchedPackage, _ verifying: Bool) throws -> ArchiveSummary {
        guard let digest = package.record.sha256 else { return try ArchiveSummary.read(path: package.path) }
        let path = "\(directory)/v4-\(digest).json"
        if let data = FileManager.default.contents(atPath: path),
            let kept = try? JSONDecoder().decode(ArchiveSummary.self, from: data)
        {
            return kept
        }
        if verifying { try package.verify() }
        let summary = try ArchiveSummary.read(path: package.path)
        try FileContents.replace(path, with: String(decoding: try JSONEncoder().encode(summary), as: UTF8.self))
        return summary
    }
}
