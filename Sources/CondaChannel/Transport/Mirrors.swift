/// Places that serve the same bytes as a channel (`mirrored_channels`).
///
/// Locks and records keep the channel's own URL; only requests go to a mirror. So a lock made behind a mirror is
/// good elsewhere.
struct Mirrors: Sendable {
    private struct Entry: Sendable {
        let place: String
        let mirrors: [ResourceURL]
    }

    private var entries: [Entry] = []

    init() {}

    init(configuration: ChannelConfiguration) throws(ChannelError) {
        for (name, written) in configuration.mirroredChannels.sorted(by: { $0.key < $1.key }) where !written.isEmpty {
            guard let channel = try configuration.expand(name, depth: 0).first else { continue }
            var mirrors: [ResourceURL] = []
            for text in written {
                for mirror in try configuration.expand(text, depth: 0) { mirrors.append(mirror.location) }
            }
            entries.append(Entry(place: channel.baseURL, mirrors: mirrors))
        }
    }

    /// Where to ask for a URL, in order; the URL itself when no mirror is configured for it.
    func places(for url: ResourceURL) -> [ResourceURL] {
        let text = url.description
        guard let entry = entries.first(where: { text.hasPrefix($0.place + "/") }) else { return [url] }
        let tail = text.dropFirst(entry.place.count)
        return entry.mirrors.map { $0.with(path: $0.path + tail) }
    }

    /// Every mirror, so that credentials in their URLs are known.
    var all: [ResourceURL] { entries.flatMap(\.mirrors) }
}
