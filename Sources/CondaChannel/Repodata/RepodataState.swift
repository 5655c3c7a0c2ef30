import CondaModel
import FoundationEssentials
import HostSystem

/// The forms of repodata, best first for a network: shards cost least, `.zst` a fifth of plain; old mirrors have `.bz2` alone.
enum RepodataVariant: String, Codable, Sendable, CaseIterable {
    case shards
    case zst
    case plain
    case bz2

    var fileName: String {
        switch self {
        case .shards: "repodata_shards.msgpack.zst"
        case .zst: "repodata.json.zst"
        case .plain: "repodata.json"
        case .bz2: "repodata.json.bz2"
        }
    }
}

/// What the cache knows about one subdirectory: `state.json`.
///
/// Its rename is what makes a download count.
struct RepodataState: Codable, Sendable {
    /// Changes when the meaning of a field does; a state of another format is as good as none.
    var format = 1
    /// The subdirectory's URL without credentials, so that a collision of keys cannot mix channels.
    let url: String
    let variant: RepodataVariant
    /// Name of the document beside `state.json`: decompressed JSON, or the shard index as it came.
    let body: String
    let bodyStamp: FileStamp
    /// Of a local `.zst` or `.bz2`: the state of the file that was decompressed.
    var source: FileStamp?
    var etag: String?
    var lastModified: String?
    /// Seconds for which no question is needed, from `Cache-Control`.
    var maxAge: Int?
    /// Seconds since 1970 when the server last confirmed the document.
    var checked: Int64
    /// When a variant was found missing, seconds since 1970.
    var absent: [String: Int64]

    /// Whether the server said that the document stays valid at this time.
    func isFresh(at now: Int64) -> Bool { maxAge.map { now >= checked && now - checked < Int64($0) } ?? false }

    /// Whether a variant was missing less than a day ago.
    func isAbsent(_ variant: RepodataVariant, at now: Int64) -> Bool {
        absent[variant.rawValue].map { now >= $0 && now - $0 < 86_400 } ?? false
    }

    mutating func take(_ headers: [String: String], at now: Int64) {
        if let value = headers["etag"] { etag = value }
        if let value = headers["last-modified"] { lastModified = value }
        maxAge = headers["cache-control"].flatMap(maximumAge(in:))
        checked = now
    }

    var conditions: [String: String] {
        var headers: [String: String] = [:]
        if let etag { headers["if-none-match"] = etag }
        if let lastModified { headers["if-modified-since"] = lastModified }
        return headers
    }
}

/// `max-age` of a `Cache-Control` value, nil when there is none or caching is forbidden; a week at most.
func maximumAge(in text: String) -> Int? {
    let directives = text.lowercased().split(separator: ",").map { $0.filter { $0 != " " } }
    if directives.contains(where: { $0 == "no-cache" || $0 == "no-store" }) { return nil }
    guard let age = directives.first(where: { $0.hasPrefix("max-age=") }).flatMap({ Int($0.dropFirst(8)) }), age > 0
    else { return nil }
    return min(age, 7 * 86_400)
}

/// The folder of one subdirectory in the cache.
struct RepodataFolder: Sendable {
    let path: String
    private let url: String

    init(cache: CacheDirectory, subdirectory: ResourceURL) {
        url = subdirectory.description
        path = cache.repodata(hexadecimal(Digest.sha256(Data(url.utf8))).prefix(40).description)
    }

    var lockPath: String { "\(path)/lock" }
    var statePath: String { "\(path)/state.json" }
    func file(_ name: String) -> String { "\(path)/\(name)" }

    /// The state and its open document; nil when there is none, or the document is not the one that was committed.
    func open() throws(ChannelError) -> (state: RepodataState, body: File)? {
        // A refresh by another process may remove the document between the two reads: then its new state is there.
        for _ in 0..<3 {
            guard let file = try File.reading(statePath), let stamp = try? file.stamp(),
                let bytes = try? file.bytes(at: 0, count: Int(stamp.size)),
                let state = try? JSONDecoder().decode(RepodataState.self, from: Data(bytes)), state.format == 1,
                state.url == url
            else { return nil }
            if let body = try File.reading(self.file(state.body)) {
                return try body.stamp() == state.bodyStamp ? (state, body) : nil
            }
        }
        return nil
    }

    /// Commits a state, and removes documents that it does not name.
    ///
    /// Hold the lock.
    func commit(_ state: RepodataState) throws(ChannelError) {
        let bytes: Data
        do { bytes = try JSONEncoder().encode(state) } catch {
            throw .fileSystem(path: statePath, operation: "encoding", code: 22)
        }
        try writeAtomically(Array(bytes), to: statePath)
        for name in namesInDirectory(path) where name.hasPrefix("body.") && !name.hasPrefix(state.body) {
            removeFile(file(name))
        }
    }

    /// Makes the next run fetch anew, after a committed document turned out to be corrupt.
    func discard() { removeFile(statePath) }
}
