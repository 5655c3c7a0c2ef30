import CondaChannel
import Foundation
import RPMFormat

/// Sends packages to a repository server (Artifactory, Nexus and the like), which makes the metadata itself.
package struct Uploading: Sendable {
    private let place: ResourceURL
    private let connection: Connection
    private let events: EventHandler

    /// Whether a repository is a server's; everything else is a directory.
    package static func isURL(_ repository: String) -> Bool { repository.contains("://") }

    /// - Throws: `PublishError.noRepository` where the text is no URL of http or https.
    package init(repository: String, connection: Connection, events: @escaping EventHandler) throws(PublishError) {
        guard let place = ResourceURL(repository), !place.isFile else { throw .noRepository(text: repository) }
        self.place = place
        self.connection = connection
        self.events = events
    }

    /// Sends packages one after another; credentials come from the URL or from netrc.
    package func run(_ files: [String]) async throws -> [PublishedPackage] {
        for file in files { try RPMReader(path: file).checkDigests() }
        let kept = try await publishedAlready(files)
        let files = files.filter { kept[$0] == nil }
        let total = try files.reduce(Int64(0)) { $0 + (try RPMReader(path: $1).size) }
        let bridge = ProgressBridge(task: "upload", total: total, events: events)
        let published = try await connection.withSession(channels: [], events: bridge.handle) { session, _ in
            var published: [PublishedPackage] = []
            for file in files {
                let sha256 = try FileContents.sha256(file)
                try await session.upload(file, sha256: sha256, to: place)
                let name = (file as NSString).lastPathComponent
                published.append(
                    PublishedPackage(rpm: file, place: "\(place)/\(name)", sha256: sha256, outcome: .added))
            }
            return published
        }
        bridge.finish("\(files.count) packages to \(place)")
        return published + kept.values.sorted { $0.rpm < $1.rpm }
    }

    /// The RPMs of conda packages (layout `split`) that the repository has, perhaps of another machine and of other bytes;
    /// a server without metadata has none.
    private func publishedAlready(_ files: [String]) async throws -> [String: PublishedPackage] {
        let shared = try files.map { ($0, try RPMReader(path: $0)) }.filter(\.1.isSharedPackage)
        guard !shared.isEmpty,
            let known = try? await PublishedPackages(repository: "\(place)", connection: connection)
        else { return [:] }
        return try shared.reduce(into: [:]) { kept, package in
            let (file, reader) = package
            let isThere = known.packages(name: reader.name, architecture: reader.architecture).contains {
                $0.version == reader.version && $0.release == reader.release && $0.inputs == reader.inputs
            }
            guard isThere else { return }
            kept[file] = PublishedPackage(
                rpm: file, place: "\(place)/\((file as NSString).lastPathComponent)",
                sha256: try FileContents.sha256(file), outcome: .unchanged)
        }
    }
}
