import FoundationEssentials

/// What `info` and the version keys of a document say, for JSON and shards alike.
struct RepodataInfo {
    var subdir: String?
    var baseURL: String?
    var version: Int?
    /// Names of revisions that the document has records for (CEP 48), such as `v3`.
    var revisions: [String] = []

    /// Newest `repodata_version` that is understood: 2 has `base_url` (CEP 15).
    static let newestVersion = 2

    /// Refuses what a reader of this version would misunderstand.
    func check(url: String) throws(ChannelError) {
        if let version, version > RepodataInfo.newestVersion || version < 0 {
            throw .unsupported(
                url: url, feature: "repodata_version \(version); known are 1 and \(RepodataInfo.newestVersion)")
        }
    }

    /// Revisions after v3, whose records are not seen.
    var unknownRevisions: [String] { revisions.filter { $0 != "v3" } }
}

extension RepodataInfo {
    private struct Written: Decodable {
        let subdir: String?
        let baseURL: String?
        let version: Int?
        let revisions: [String: Revision]?

        enum CodingKeys: String, CodingKey {
            case subdir
            case baseURL = "base_url"
            case version = "repodata_version"
            case revisions = "repodata_revisions"
        }
    }

    private struct Revision: Decodable {
        let packages: Int?

        enum CodingKeys: String, CodingKey { case packages = "n_packages" }
    }

    /// Reads the `info` object of a JSON document.
    init(json: [UInt8], url: String) throws(ChannelError) {
        let written: Written
        do {
            written = try JSONDecoder().decode(Written.self, from: Data(json))
        } catch {
            throw .corrupt(url: url, position: nil, reason: "'info' has values of the wrong type")
        }
        subdir = written.subdir
        baseURL = written.baseURL
        version = written.version
        revisions = (written.revisions ?? [:]).filter { $0.value.packages != 0 }.keys.sorted()
    }
}
