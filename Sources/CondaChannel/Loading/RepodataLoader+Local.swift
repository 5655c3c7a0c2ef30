import CondaModel

/// Channels in local folders: nothing is copied; only the index, and the text of a `.zst` or `.bz2`, go to the cache.
extension RepodataLoader {
    /// Plain first, because it needs no decompression, then `.zst`, then shards, and `.bz2` where there is nothing else.
    func localSource(_ channel: Channel, _ subdir: String) async throws(ChannelError) -> (any RecordSource)? {
        let location = channel.subdirectory(subdir)
        let folder = RepodataFolder(cache: cache, subdirectory: location)
        let work = ChannelEvent.Work(kind: .repodata, name: "\(channel.name)/\(subdir)", url: location.description)
        for variant in [RepodataVariant.plain, .zst, .shards, .bz2] {
            let url = location.appending(variant.fileName)
            guard let stamp = try stampOfFile(url.filePath), let file = try File.reading(url.filePath) else { continue }
            events(.started(work, total: stamp.size, resumed: 0))
            let source = try await localSource(channel, subdir, variant, url: url, file: file, folder: folder)
            events(.finished(work, .fetched(bytes: stamp.size)))
            return source
        }
        return nil
    }

    private func localSource(
        _ channel: Channel, _ subdir: String, _ variant: RepodataVariant, url: ResourceURL, file: File,
        folder: RepodataFolder
    ) async throws(ChannelError) -> any RecordSource {
        switch variant {
        case .plain:
            let index = try index(of: file, cachedAt: folder.file("local.index"), url: url.description)
            return try indexed(channel, subdir, url: url, file: file, index: index, folder: nil)
        case .zst, .bz2:
            let document = try await decompressedLocal(file, variant, url: url, folder: folder)
            return try indexed(channel, subdir, url: url, file: document.file, index: document.index, folder: folder)
        case .shards:
            let bytes = try file.bytes(at: 0, count: Int(try file.stamp().size))
            return try ShardedSubdir(channel: channel, subdir: subdir, url: url, index: bytes, loader: self)
        }
    }

    func indexed(
        _ channel: Channel, _ subdir: String, url: ResourceURL, file: File, index: RecordIndex, folder: RepodataFolder?
    ) throws(ChannelError) -> IndexedSubdir {
        try IndexedSubdir(
            channel: channel, subdir: subdir, url: url.description, file: file, index: index, cached: folder,
            credentials: requester.credentials, parsers: parsers, events: events)
    }

    /// The text of a compressed local document, from the cache while the file is unchanged.
    private func decompressedLocal(
        _ source: File, _ variant: RepodataVariant, url: ResourceURL, folder: RepodataFolder
    ) async throws(ChannelError) -> (file: File, index: RecordIndex) {
        let stamp = try source.stamp()
        if let known = try folder.open(), known.state.source == stamp {
            return (
                known.body,
                try index(of: known.body, cachedAt: folder.file("\(known.state.body).index"), url: url.description)
            )
        }
        let lock = try await lockedFile(folder.lockPath)
        defer { withExtendedLifetime(lock) {} }
        let receiver = try RepodataReceiver(variant: variant, folder: folder, url: url.description)
        var offset: UInt64 = 0
        while true {
            let piece = try source.bytes(at: offset, count: 1 << 20)
            if piece.isEmpty { break }
            var failure: ChannelError?
            piece.withUnsafeBytes { bytes in
                do throws(ChannelError) { try receiver.take(bytes) } catch { failure = error }
            }
            if let failure { throw failure }
            offset += UInt64(piece.count)
        }
        let document = try receiver.finish()
        var state = document.state(url: url.parent, variant: variant)
        state.source = stamp
        try folder.commit(state)
        if let index = document.index { save(index, stamp: document.stamp, to: folder.file("\(document.name).index")) }
        guard let index = document.index else {
            throw .corrupt(url: url.description, position: nil, reason: "it is empty")
        }
        return (document.file, index)
    }
}
