import CondaModel
import Foundation
import RPMFormat

/// What became of one package.
package struct PublishedPackage: Codable, Sendable, Hashable {
    package enum Outcome: String, Codable, Sendable {
        case added
        /// The repository had it already: byte for byte, or the same conda package of layout `split`.
        case unchanged
    }

    package var rpm: String
    package var place: String
    package var sha256: String
    package var outcome: Outcome
}

/// Puts packages into a directory that serves as a yum repository.
///
/// New metadata is made beside the old and exchanged with it in one step, under a lock: hosts see the repository before
/// or after, and two publishers at once both get their packages in.
package struct Publishing: Sendable {
    private let repository: String
    private let createrepo: Program
    private let signing: Signing?
    private let environment: [String: String]
    private let events: EventHandler

    /// Finds the programs and the key, before the repository is touched.
    package init(
        repository: String, signKey: String?, environment: [String: String], events: @escaping EventHandler
    ) throws {
        guard let createrepo = Program.find("createrepo_c", environment: environment) else {
            throw PublishError.noProgram
        }
        self.createrepo = createrepo
        self.repository = repository
        self.environment = environment
        self.events = events
        signing = try signKey.map { try Signing(key: $0, environment: environment) }
    }

    /// Publishes packages: all of them, or none.
    package func run(_ files: [String]) throws -> [PublishedPackage] {
        let lock = try RepositoryLock(repository) { events(.note("waiting for another publisher of \(repository)")) }
        defer { withExtendedLifetime(lock) {} }
        let isSigned = FileManager.default.fileExists(atPath: "\(repository)/repodata/repomd.xml.asc")
        if isSigned, signing == nil { throw PublishError.metadataIsSigned(repository: repository) }
        let packages = try files.map(planned)
        var copied: [String] = []
        do {
            for package in packages where package.outcome == .added {
                try copy(package)
                copied.append(package.place)
            }
            try updateMetadata()
        } catch {
            for place in copied { unlink(place) }
            throw error
        }
        return packages
    }

    /// Where a package goes, and whether it is there.
    private func planned(_ file: String) throws -> PublishedPackage {
        // A damaged package would be found by every host.
        try RPMReader(path: file).checkDigests()
        let place = "\(repository)/\((file as NSString).lastPathComponent)"
        let sha256 = try FileContents.sha256(file)
        let isThere = FileManager.default.fileExists(atPath: place)
        if isThere, try FileContents.sha256(place) != sha256, try !isSamePackage(file, place) {
            throw PublishError.published(name: (file as NSString).lastPathComponent, repository: repository)
        }
        return PublishedPackage(
            rpm: file, place: place, sha256: isThere ? try FileContents.sha256(place) : sha256,
            outcome: isThere ? .unchanged : .added)
    }

    /// Whether both are the RPM of the same conda package: two machines' compressors may differ, the files do not.
    private func isSamePackage(_ file: String, _ published: String) throws -> Bool {
        let (new, old) = (try RPMReader(path: file), try RPMReader(path: published))
        return new.isSharedPackage && old.isSharedPackage && new.inputs != nil && new.inputs == old.inputs
            && new.signature.isSigned == old.signature.isSigned
    }

    private func copy(_ package: PublishedPackage) throws {
        let draft = "\(package.place).\(getpid()).part"
        try? FileManager.default.removeItem(atPath: draft)
        do {
            try FileManager.default.copyItem(atPath: package.rpm, toPath: draft)
            try FileContents.finish(draft, as: package.place)
        } catch {
            unlink(draft)
            throw error
        }
    }

    private func updateMetadata() throws {
        let stage = "\(repository)/.repodata-\(getpid())"
        try? FileManager.default.removeItem(atPath: stage)
        defer { try? FileManager.default.removeItem(atPath: stage) }
        try FileManager.default.createDirectory(atPath: stage, withIntermediateDirectories: false)
        // gzip, because hosts of several families read one repository and yum of EL 7 reads nothing newer, while
        // createrepo_c 1.0 and later would write zstd.
        let answer = try createrepo.run(
            [
                "--quiet", "--no-database", "--general-compress-type", "gz", "--checksum", "sha256", "--update",
                "--update-md-path", repository, "--outputdir", stage, repository,
            ], environment: environment)
        guard answer.status == 0, FileManager.default.fileExists(atPath: "\(stage)/repodata/repomd.xml") else {
            throw PublishError.metadata(repository: repository, said: answer.text)
        }
        try signing?.signDetached("\(stage)/repodata/repomd.xml")
        let metadata = RepositoryMetadata(path: "\(repository)/repodata")
        try metadata.keepPreviousGeneration(in: "\(stage)/repodata")
        try metadata.replace(with: "\(stage)/repodata")
    }
}
