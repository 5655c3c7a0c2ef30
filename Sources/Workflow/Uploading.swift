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
        return published
    }
}
