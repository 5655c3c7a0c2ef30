/// The index of sharded repodata: which shard holds which name (CEP 16).
struct ShardIndex: Sendable {
    let info: RepodataInfo
    /// Where shards are, as written: absolute, or relative to the index.
    let shardsBaseURL: String
    /// Lower-case hexadecimal SHA-256 of the compressed shard, by name.
    let digests: [String: String]

    /// - Throws: ``ChannelError/corrupt(url:position:reason:)``, or unsupported for a version that is not known.
    init(_ bytes: [UInt8], url: String) throws(ChannelError) {
        let root = try messagePack(bytes, url: url)
        func corrupt(_ reason: String) -> ChannelError { .corrupt(url: url, position: nil, reason: reason) }
        if let version = root["version"], version.number != 1 {
            throw .unsupported(
                url: url, feature: "sharded repodata version \(version.number.map(String.init) ?? "of another kind")")
        }
        guard let written = root["info"], written.members != nil else { throw corrupt("expected a map 'info'") }
        guard let shards = root["shards"]?.members else { throw corrupt("expected a map 'shards'") }
        info = RepodataInfo(written)
        try info.check(url: url)
        shardsBaseURL = written["shards_base_url"]?.string ?? "./shards/"
        var digests: [String: String] = [:]
        digests.reserveCapacity(shards.count)
        for shard in shards where shard.value != .null {
            guard let digest = digestText(shard.value, bytes: 32) else {
                throw corrupt("the digest of '\(shard.key)' is no SHA-256")
            }
            digests[shard.key.lowercased()] = digest
        }
        self.digests = digests
    }
}

extension RepodataInfo {
    /// Reads the `info` map of a shard index.
    init(_ map: MessagePackValue) {
        subdir = map["subdir"]?.string
        baseURL = map["base_url"]?.string
        version = map["repodata_version"]?.number.map { Int(clamping: $0) }
        let written = map["repodata_revisions"]?.members ?? []
        revisions = written.filter { $0.value["n_packages"]?.number != 0 }.map(\.key).sorted()
    }
}

/// Reads MessagePack, naming the document in the error.
func messagePack(_ bytes: [UInt8], url: String) throws(ChannelError) -> MessagePackValue {
    do throws(MessagePackReader.Failure) {
        return try MessagePackReader.read(bytes)
    } catch {
        throw .corrupt(url: url, position: UInt64(error.position), reason: error.reason)
    }
}
