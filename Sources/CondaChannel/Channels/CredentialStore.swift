import Synchronization

/// Which credentials belong to which place: those of the channels in use, found again by URL, so that locks need
/// not hold any.
final class CredentialStore: Sendable {
    private struct Entry: Sendable {
        let place: String
        let credentials: Credentials
    }

    private let entries = Mutex<[Entry]>([])
    /// Remembers what a URL was written with, for everything below it.
    func register(_ url: ResourceURL) {
        let credentials = url.credentials.reveal()
        guard !credentials.isEmpty else { return }
        entries.withLock { entries in
            entries.removeAll { $0.place == url.description }
            entries.append(Entry(place: url.description, credentials: credentials))
            entries.sort { $0.place.utf8.count > $1.place.utf8.count }
        }
    }

    /// The URL with its own credentials, else those of the longest registered place above it.
    func authenticated(_ url: ResourceURL) -> ResourceURL {
        guard !url.isFile, url.credentials.reveal().isEmpty else { return url }
        let text = url.description
        let found = entries.withLock { entries in
            entries.first { text == $0.place || text.hasPrefix($0.place.hasSuffix("/") ? $0.place : $0.place + "/") }?
                .credentials
        }
        return found.map { url.with(credentials: $0) } ?? url
    }
}
