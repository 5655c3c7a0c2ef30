import CondaModel
import FoundationEssentials
import Glibc
import RPMFormat
import ServicePackaging

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
    ///
    /// - Parameter repository: a directory, or its `file://` URL.
    package init(
        repository: String, signKey: String?, environment: [String: String], events: @escaping EventHandler
    ) throws {
        guard let createrepo = Program.find("createrepo_c", environment: environment) else {
            throw PublishError.noProgram
        }
        self.createrepo = createrepo
        guard let directory = try RepositoryPlace.directory(repository) else {
            throw PublishError.noRepository(text: repository)
        }
        self.repository = directory
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
        let candidates = try files.map(PublishCandidate.init)
        for candidate in candidates { RequiredSignature.warning(candidate.reader).map { events(.warning($0)) } }
        let packages = try planned(candidates)
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

    /// Where each package goes, and whether it is there.
    private func planned(_ candidates: [PublishCandidate]) throws -> [PublishedPackage] {
        let earlier = try PublishCandidate.earlier(candidates)
        var packages: [PublishedPackage] = []
        var known: [PackageIdentity: [String]]?
        for (candidate, earlier) in zip(candidates, earlier) {
            let place = "\(repository)/\(candidate.name)"
            if let earlier {
                packages.append(candidate.published(at: packages[earlier].place, sha256: packages[earlier].sha256))
            } else if FileManager.default.fileExists(atPath: place) {
                guard let sha256 = try candidate.sameContents(place) else {
                    throw PublishError.published(name: candidate.name, repository: repository)
                }
                packages.append(candidate.published(at: place, sha256: sha256))
            } else {
                let all = known ?? identities()
                known = all
                packages.append(
                    try unchanged(candidate, among: all[candidate.identity] ?? [])
                        ?? candidate.published(at: place, outcome: .added))
            }
        }
        return packages
    }

    /// The package where the repository has it under the name of another file.
    private func unchanged(_ candidate: PublishCandidate, among places: [String]) throws -> PublishedPackage? {
        for place in places {
            if let sha256 = try candidate.sameContents(place) { return candidate.published(at: place, sha256: sha256) }
        }
        guard let place = places.first else { return nil }
        throw PublishError.taken(package: "\(candidate.identity)", place: place, repository: repository)
    }

    /// The RPMs of the repository, wherever below it they are: createrepo_c finds them all.
    private func identities() -> [PackageIdentity: [String]] {
        let files = FolderTree.paths(below: repository).filter { $0.hasSuffix(".rpm") }
        let places = files.sorted().map { "\(repository)/\($0)" }
        return Dictionary(grouping: places) { (try? RPMReader(path: $0))?.identity }
            .reduce(into: [:]) { known, group in
                if let identity = group.key { known[identity] = group.value }
            }
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
        removeStages()
        let stage = "\(repository)/\(Self.stagePrefix)\(UUID().uuidString)"
        defer { removeStages() }
        try FileManager.default.createDirectory(atPath: stage, withIntermediateDirectories: false)
        let metadata = RepositoryMetadata(path: "\(repository)/repodata")
        let new = RepositoryMetadata(path: "\(stage)/repodata")
        try metadata.copy(to: new.path)
        // gzip, because hosts of several families read one repository and yum of EL 7 reads nothing newer, while
        // createrepo_c 1.0 and later would write zstd.
        let options = ["--quiet", "--no-database", "--general-compress-type", "gz", "--checksum", "sha256"]
        let answer = try createrepo.run(
            options + ["--update", "--keep-all-metadata"] + metadata.tagOptions + ["--outputdir", stage, repository],
            environment: environment)
        guard answer.status == 0, FileManager.default.fileExists(atPath: "\(new.path)/repomd.xml") else {
            throw PublishError.metadata(repository: repository, said: answer.text)
        }
        try sign("\(new.path)/repomd.xml")
        try metadata.keepPreviousGeneration(in: new.path)
        try new.makeReadable()
        let ready = "\(stage).new"
        guard rename(new.path, ready) == 0 else { throw WorkflowError.unwritable(path: ready, code: errno) }
        try metadata.replace(with: ready)
    }

    private static let stagePrefix = ".repodata-"

    /// Removes what publishers have left: under the lock there is no other.
    ///
    /// What was exchanged with another user's metadata stays until that user publishes.
    private func removeStages() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: repository)) ?? []
        for name in names where name.hasPrefix(Self.stagePrefix) {
            try? FileManager.default.removeItem(atPath: "\(repository)/\(name)")
        }
    }

    /// Signs the index; the public key that somebody has put beside it stays where it is the one that signs.
    private func sign(_ index: String) throws {
        try signing?.signDetached(index)
        let key = "\(index).key"
        guard FileManager.default.fileExists(atPath: key), try !signs(key) else { return }
        unlink(key)
    }

    private func signs(_ key: String) throws -> Bool {
        guard let signing, let gpg = Program.find("gpg2", "gpg", environment: environment) else { return false }
        // Shows and imports nothing.
        let arguments = ["--batch", "--with-colons", "--import-options", "show-only", "--import", key]
        return try gpg.run(arguments, environment: environment).text.contains(":\(signing.fingerprint):")
    }
}

/// A package on its way into a repository.
struct PublishCandidate {
    let file: String
    /// The name of its file.
    let name: String
    let sha256: String
    let reader: RPMReader
    let identity: PackageIdentity

    /// Reads and checks a package: a damaged one would be found by every host.
    init(_ file: String) throws {
        self.file = file
        name = file.lastPathName
        reader = try RPMReader(path: file)
        try reader.checkDigests()
        sha256 = try FileContents.sha256(file)
        identity = reader.identity
    }

    /// For each package the place in the list of an earlier one that it is the same as.
    ///
    /// - Throws: `PublishError.rivals` where one would replace another.
    static func earlier(_ candidates: [PublishCandidate]) throws -> [Int?] {
        var names: [String: Int] = [:]
        var identities: [PackageIdentity: Int] = [:]
        return try candidates.enumerated().map { index, candidate in
            guard let earlier = names[candidate.name] ?? identities[candidate.identity] else {
                names[candidate.name] = index
                identities[candidate.identity] = index
                return nil
            }
            let other = candidates[earlier]
            guard try candidate.sameContents(other.file) != nil else {
                let what = other.name == candidate.name ? candidate.name : "\(candidate.identity)"
                throw PublishError.rivals(what: what, first: other.file, second: candidate.file)
            }
            return earlier
        }
    }

    /// The digest of a file that holds the same package; nil for another.
    func sameContents(_ path: String) throws -> String? {
        let found = try FileContents.sha256(path)
        return found == sha256 || isSamePackage(path) ? found : nil
    }

    /// What became of it; `sha256` is that of the published file.
    func published(
        at place: String, sha256: String? = nil, outcome: PublishedPackage.Outcome = .unchanged
    ) -> PublishedPackage {
        PublishedPackage(rpm: file, place: place, sha256: sha256 ?? self.sha256, outcome: outcome)
    }

    /// Whether both are the RPM of the same conda package: two machines' compressors may differ, the files do not.
    private func isSamePackage(_ published: String) -> Bool {
        guard reader.isSharedPackage, let old = try? RPMReader(path: published) else { return false }
        return old.isSharedPackage && reader.inputs != nil && reader.inputs == old.inputs
            && reader.signature.isSigned == old.signature.isSigned
    }
}
