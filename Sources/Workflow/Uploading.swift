import CondaChannel
import CondaModel
import FoundationEssentials
import RPMFormat

/// Sends packages to a repository server (Artifactory, Nexus and the like), which makes the metadata itself.
package struct Uploading: Sendable {
    /// As it was given: with its credentials, so not to be shown.
    private let repository: String
    private let place: ResourceURL
    private let connection: Connection
    private let events: EventHandler

    /// Whether a repository is a server's; everything else is a directory, `file://` too.
    package static func isURL(_ repository: String) -> Bool {
        repository.contains("://") && !repository.lowercased().hasPrefix("file://")
    }

    /// - Throws: `PublishError.noRepository` where the text is no URL of http or https.
    package init(repository: String, connection: Connection, events: @escaping EventHandler) throws(PublishError) {
        guard let place = ResourceURL(repository), !place.isFile else { throw .noRepository(text: repository) }
        self.repository = repository
        self.place = place
        self.connection = connection
        self.events = events
    }

    /// Sends packages one after another, after it has asked for all of them; credentials come from the URL or from
    /// netrc.
    package func run(_ files: [String]) async throws -> [PublishedPackage] {
        let candidates = try files.map(PublishCandidate.init)
        for candidate in candidates { RequiredSignature.warning(candidate.reader).map { events(.warning($0)) } }
        let packages = try await planned(candidates)
        let new = zip(candidates, packages).filter { $1.outcome == .added }.map(\.0)
        let bridge = ProgressBridge(task: "upload", total: new.reduce(0) { $0 + $1.reader.size }, events: events)
        try await connection.withSession(channels: [], events: bridge.handle) { session, _ in
            for candidate in new {
                try await session.upload(candidate.file, sha256: candidate.sha256, to: place)
            }
        }
        bridge.finish("\(new.count) packages to \(place)")
        return packages
    }

    /// Where each package goes, and whether it is there.
    ///
    /// - Throws: `PublishError` where one would take the place of another.
    private func planned(_ candidates: [PublishCandidate]) async throws -> [PublishedPackage] {
        let earlier = try PublishCandidate.earlier(candidates)
        let known = try await known()
        var packages: [PublishedPackage] = []
        for (candidate, earlier) in zip(candidates, earlier) {
            if let earlier {
                packages.append(candidate.published(at: packages[earlier].place, sha256: packages[earlier].sha256))
            } else if let found = try known.flatMap({ try listed(candidate, in: $0) }) {
                packages.append(found)
            } else {
                let isThere = try await isThere(candidate)
                packages.append(
                    candidate.published(at: "\(place)/\(candidate.name)", outcome: isThere ? .unchanged : .added))
            }
        }
        return packages
    }
}

extension Uploading {
    /// What the server's metadata names; nil where it has none, which tells nothing.
    ///
    /// - Throws: `WorkflowError.damagedRepository`: such a server is not an empty one.
    private func known() async throws -> PublishedPackages? {
        do {
            return try await PublishedPackages(repository: repository, connection: connection)
        } catch WorkflowError.damagedRepository(let url, let reason) {
            throw WorkflowError.damagedRepository(url: url, reason: reason)
        } catch {
            return nil
        }
    }

    /// What the server's metadata says of a package: that it has it under the name of another file, or the RPM of the
    /// same conda package (layout `split`), perhaps of another machine and of other bytes; nil where it has to be asked.
    private func listed(_ candidate: PublishCandidate, in known: PublishedPackages) throws -> PublishedPackage? {
        let reader = candidate.reader
        for package in known.packages(name: reader.name, architecture: reader.architecture)
        where package.identity == candidate.identity {
            if reader.isSharedPackage, package.inputs == reader.inputs { return candidate.published(at: package.place) }
            guard let name = package.place.split(separator: "/").last, name != candidate.name,
                let sha256 = package.sha256
            else { continue }
            guard sha256 == candidate.sha256 else {
                throw PublishError.taken(
                    package: "\(candidate.identity)", place: package.place, repository: "\(place)")
            }
            return candidate.published(at: package.place)
        }
        return nil
    }

    /// Asks for the file of a package's name; what is there is compared.
    private func isThere(_ candidate: PublishCandidate) async throws -> Bool {
        // A folder of its own: the cache would answer for the server.
        var asking = connection
        asking.pool = nil
        asking.cache = CacheDirectory(path: "\(connection.cache.path)/published-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(atPath: asking.cache.path) }
        do {
            let path = try await asking.withSession(channels: [], events: { _ in }) { session, _ in
                try await session.downloader.fetch([item(candidate)])[0]
            }
            if try candidate.sameContents(path) != nil { return true }
        } catch ChannelError.notFound {
            return false
        } catch ChannelError.refused(_, let status) where status == 405 || status == 501 {
            events(.warning("\(place) does not tell whether it has \(candidate.name): status \(status)"))
            return false
        } catch ChannelError.sizeMismatch, ChannelError.digestMismatch {
            // As below.
        }
        throw PublishError.published(name: candidate.name, repository: "\(place)")
    }

    /// What is to be at the package's place: these bytes, or perhaps others of the same conda package.
    private func item(_ candidate: PublishCandidate) -> DownloadItem {
        let url = url(of: candidate.name)
        return candidate.reader.isSharedPackage
            ? DownloadItem(url: url) : DownloadItem(url: url, sha256: candidate.sha256, size: candidate.reader.size)
    }

    /// With the credentials of the repository, and encoded as it is for the upload.
    private func url(of name: String) -> String {
        var folder = repository.prefix { $0 != "?" && $0 != "#" }
        while folder.hasSuffix("/") { folder.removeLast() }
        return "\(folder)/\(percentEncoded(name))"
    }
}
