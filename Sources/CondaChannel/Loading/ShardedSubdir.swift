import CondaModel
import HostSystem

/// Sharded repodata (CEP 16): one small document per name, kept in the cache under its digest for ever.
final class ShardedSubdir: RecordSource {
    let label: String
    let problems = RecordProblems()
    private let index: ShardIndex
    private let shards: ResourceURL
    private let place: RecordPlace
    private let loader: RepodataLoader
    private static let requests = AsyncLimiter(24)
    /// Largest shard, compressed or not; the largest of conda-forge has a few megabytes.
    private static let limit: UInt64 = 256 << 20

    /// Reads a compressed index that came from `url`.
    init(channel: Channel, subdir: String, url: ResourceURL, index bytes: [UInt8], loader: RepodataLoader)
        throws(ChannelError)
    {
        label = "\(channel.name)/\(subdir)"
        self.loader = loader
        let text = try decompressed(bytes, limit: ShardedSubdir.limit, url: url.description)
        index = try ShardIndex(text, url: url.description)
        guard
            let base = url.resolving(
                index.shardsBaseURL.hasSuffix("/") ? index.shardsBaseURL : index.shardsBaseURL + "/")
        else {
            throw .corrupt(url: url.description, position: nil, reason: "shards_base_url is no URL")
        }
        guard !base.isFile || url.isFile else {
            throw .corrupt(
                url: url.description, position: nil, reason: "shards_base_url leaves the network for local files")
        }
        loader.requester.credentials.register(base)
        shards = base
        place = try RecordPlace(
            channel: channel, subdir: subdir, baseURL: index.info.baseURL, removed: [], document: url.description,
            credentials: loader.requester.credentials)
        for revision in index.info.unknownRevisions {
            loader.events(
                .warning(
                    "\(label): packages of repodata revision '\(revision)' need a newer conda-rpm and are left out"))
        }
    }

    var names: [String] { index.digests.keys.sorted() }

    func contains(_ name: String) -> Bool { index.digests[name] != nil }

    func records(of name: String) async throws(ChannelError) -> [PackageRecord] {
        guard let digest = index.digests[name] else { return [] }
        let url = shards.with(path: shards.path + "\(digest).msgpack.zst")
        let bytes = try await shard(digest, url, name: name)
        let text = try decompressed(bytes, limit: ShardedSubdir.limit, url: url.description)
        let root = try messagePack(text, url: url.description)
        return ShardRecords(place: place, name: name, problems: problems).records(root)
    }

    /// The compressed shard with the right digest, from the folder of the channel, the cache or the network.
    private func shard(_ digest: String, _ url: ResourceURL, name: String) async throws(ChannelError) -> [UInt8] {
        let path = url.isFile ? url.filePath : loader.cache.shard(digest)
        if let file = try File.reading(path) {
            let bytes = try file.bytes(at: 0, count: Int(min(UInt64(file.stamp().size), ShardedSubdir.limit)))
            let found = hexadecimal(Digest.sha256(bytes))
            if found == digest { return bytes }
            // A damaged copy in the cache is fetched again; a damaged channel is an error.
            if url.isFile {
                throw .digestMismatch(url: url.description, algorithm: "SHA-256", expected: digest, found: found)
            }
        }
        if url.isFile { throw .notFound(url: url.description) }
        if loader.offline { throw .offline(missing: [url.description]) }
        return try await ShardedSubdir.requests.run { () async throws(ChannelError) in
            try await fetch(digest, url, name: name, path: path)
        }
    }

    private func fetch(_ digest: String, _ url: ResourceURL, name: String, path: String) async throws(ChannelError)
        -> [UInt8]
    {
        let work = ChannelEvent.Work(kind: .shard, name: "\(label)/\(name)", url: url.description)
        loader.events(.started(work, total: nil, resumed: 0))
        let requester = loader.requester
        let bytes = try await requester.attempting(url, for: work) { (place) async throws(AttemptFailure) in
            let response = try await requester.get(place)
            guard response.status == 200 else { throw .permanent(.notFound(url: place.description)) }
            var bytes: [UInt8] = []
            do {
                for try await piece in response.body {
                    bytes += piece
                    if bytes.count > ShardedSubdir.limit {
                        throw ChannelError.corrupt(
                            url: place.description, position: nil, reason: "it is larger than 256 MiB")
                    }
                }
            } catch {
                throw requester.failure(error, place)
            }
            let found = hexadecimal(Digest.sha256(bytes))
            guard found == digest else {
                throw .permanent(
                    .digestMismatch(url: place.description, algorithm: "SHA-256", expected: digest, found: found))
            }
            return bytes
        }
        try writeAtomically(bytes, to: path, synced: false)
        loader.events(.finished(work, .fetched(bytes: Int64(bytes.count))))
        return bytes
    }
}
