import Glibc

/// Writes a document to the cache while it arrives: decompressed and scanned on the way, so that no byte is read twice.
///
/// Until `state.json` names the file it counts for nothing; an abandoned receiver removes it.
final class RepodataReceiver {
    private let variant: RepodataVariant
    private let url: String
    private let file: File
    private let scanner: RepodataScanner?
    private let stream: (any DocumentStream)?
    private var kept = false

    /// Largest decompressed document; ten times conda-forge's.
    static let limit: UInt64 = 4 << 30

    init(variant: RepodataVariant, folder: RepodataFolder, url: String) throws(ChannelError) {
        self.variant = variant
        self.url = url
        file = try File.temporary(for: folder.file("body"))
        scanner = variant == .shards ? nil : try RepodataScanner(url: url)
        stream = try Self.stream(for: variant)
    }

    deinit { if !kept { removeFile(file.path) } }

    /// What decompresses a variant; nil for what is stored as it comes.
    private static func stream(for variant: RepodataVariant) throws(ChannelError) -> (any DocumentStream)? {
        let made: (any DocumentStream)?
        switch variant {
        case .shards, .plain: return nil
        case .zst: made = ZstdStream(limit: limit)
        case .bz2: made = BZip2Stream(limit: limit)
        }
        guard let made else {
            throw .fileSystem(path: "memory for \(variant.rawValue)", operation: "allocating", code: ENOMEM)
        }
        return made
    }

    /// Takes the next bytes as they came over the wire.
    func take(_ bytes: UnsafeRawBufferPointer) throws(ChannelError) {
        guard let stream else { return try store(bytes) }
        if let failure = try stream.feed(bytes, { (text) throws(ChannelError) in try self.store(text) }) {
            throw corrupt(failure)
        }
    }

    private func store(_ text: UnsafeRawBufferPointer) throws(ChannelError) {
        try scanner?.feed(text)
        try file.write(text)
    }

    private func corrupt(_ failure: DecompressionFailure) -> ChannelError {
        .corrupt(url: url, position: nil, reason: failure.reason)
    }

    /// What is in the cache folder now, synced, but not committed.
    struct Document {
        let file: File
        let name: String
        let stamp: FileStamp
        let index: RecordIndex?

        func state(url: ResourceURL, variant: RepodataVariant) -> RepodataState {
            RepodataState(url: url.description, variant: variant, body: name, bodyStamp: stamp, checked: 0, absent: [:])
        }
    }

    func finish() throws(ChannelError) -> Document {
        if let failure = stream?.finish() { throw corrupt(failure) }
        let index = try scanner?.finish()
        try file.sync()
        kept = true
        let name = String(file.path[file.path.index(after: file.path.lastIndex(of: "/") ?? file.path.startIndex)...])
        return Document(file: file, name: name, stamp: try file.stamp(), index: index)
    }
}
