import CondaModel

/// Loads repodata of channels: from local files, from the cache, or over the network.
package struct RepodataLoader: Sendable {
    let requester: Requester
    let cache: CacheDirectory
    let offline: Bool
    let events: ChannelEventHandler
    let parsers = RecordParserPool()

    init(requester: Requester, cache: CacheDirectory, offline: Bool, events: @escaping ChannelEventHandler) {
        self.requester = requester
        self.cache = cache
        self.offline = offline
        self.events = events
    }

    /// Makes the repodata of all channels and subdirectories ready; records are read later, when a name is asked for.
    ///
    /// All are loaded at the same time. A subdirectory that a channel does not have is empty; a channel that has
    /// none of them is an error. Offline, everything that the cache lacks is named in one error.
    package func load(channels: [Channel], subdirs: [Subdir]) async throws(ChannelError) -> Repodata {
        let all = await withTaskGroup(of: Loaded.self, returning: [Loaded].self) { group in
            for (priority, channel) in channels.enumerated() {
                for (order, subdir) in subdirs.enumerated() {
                    group.addTask { await loaded(channel, subdir, priority: priority, order: order) }
                }
            }
            var ended: [Loaded] = []
            for await one in group { ended.append(one) }
            return ended.sorted { ($0.priority, $0.order) < ($1.priority, $1.order) }
        }
        var sources: [Repodata.Source] = []
        var missing: [String] = []
        for one in all {
            do throws(ChannelError) {
                if let source = try one.source.get() {
                    sources.append(Repodata.Source(priority: one.priority, records: source))
                }
            } catch .offline(let urls) {
                missing += urls
            }
        }
        if !missing.isEmpty { throw .offline(missing: missing) }
        for (priority, channel) in channels.enumerated() where !sources.contains(where: { $0.priority == priority }) {
            throw .noSuchChannel(
                channel: channel.name, searched: subdirs.map { "\(channel.baseURL)/\($0.rawValue)/repodata.json" })
        }
        return Repodata(channels: channels, sources: sources, events: events)
    }

    /// How one subdirectory of one channel ended.
    private struct Loaded: Sendable {
        let priority: Int
        let order: Int
        let source: Result<(any RecordSource)?, ChannelError>
    }

    // A function of its own, as in `Downloader`: the error may not be caught inside the task's closure.
    private func loaded(_ channel: Channel, _ subdir: Subdir, priority: Int, order: Int) async -> Loaded {
        do throws(ChannelError) {
            let source = try await source(channel, subdir.rawValue)
            return Loaded(priority: priority, order: order, source: .success(source))
        } catch {
            return Loaded(priority: priority, order: order, source: .failure(error))
        }
    }

    private func source(_ channel: Channel, _ subdir: String) async throws(ChannelError) -> (any RecordSource)? {
        if channel.location.isFile { return try await localSource(channel, subdir) }
        return try await remoteSource(channel, subdir)
    }

    /// The index of a document: from the cache when it fits, else by a scan, which is then cached.
    func index(of file: File, cachedAt path: String, url: String) throws(ChannelError) -> RecordIndex {
        let stamp = try file.stamp()
        if let cached = try? File.reading(path), let size = try? cached.stamp().size,
            let bytes = try? cached.bytes(at: 0, count: Int(size)),
            let index = RecordIndex(bytes, document: stamp)
        {
            return index
        }
        let index = try scan(file, url: url)
        save(index, stamp: stamp, to: path)
        return index
    }

    /// A cache that cannot be written makes the next run slower and nothing else.
    func save(_ index: RecordIndex, stamp: FileStamp, to path: String) {
        guard let bytes = try? index.encoded(document: stamp) else { return }
        try? writeAtomically(bytes, to: path, synced: false)
    }

    private func scan(_ file: File, url: String) throws(ChannelError) -> RecordIndex {
        let scanner = try RepodataScanner(url: url)
        // Half of a usual second-level cache: the scan then reads from there what the kernel has just written.
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
        defer { buffer.deallocate() }
        var offset: UInt64 = 0
        while true {
            let count = try file.read(into: buffer, at: offset)
            if count == 0 { return try scanner.finish() }
            try scanner.feed(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            offset += UInt64(count)
        }
    }
}
