import CondaModel

/// What `conda-meta/NAME-VERSION-BUILD.json` tells about an installed package.
package struct InstalledPackage: Codable, Sendable {
    /// The record of the package.
    package var record: PackageRecord

    /// The MatchSpecs that asked for the package; none for a dependency.
    package var requestedSpecs: [String]

    /// The paths of the package in the order of its own list, then compiled modules, then entry points.
    package var paths: [InstalledPath]

    /// The document's path below the prefix.
    package var documentPath: String { Self.documentPath(of: record) }

    /// The path below the prefix of a package's document.
    static func documentPath(of record: PackageRecord) -> String { "conda-meta/\(record.distribution).json" }

    private enum CodingKeys: String, CodingKey {
        case channel, files, link
        case pathsData = "paths_data"
        case requestedSpec = "requested_spec"
        case requestedSpecs = "requested_specs"
    }

    private struct PathsData: Codable {
        var pathsVersion = 1
        var paths: [InstalledPath]

        enum CodingKeys: String, CodingKey {
            case pathsVersion = "paths_version"
            case paths
        }
    }

    /// There is no package cache, so the link has no source; 3 is conda's number for copies.
    private struct Link: Codable {
        var source = ""
        var type = 3
    }

    /// Joins what is known about an installed package.
    package init(record: PackageRecord, requestedSpecs: [String], paths: [InstalledPath]) {
        self.record = record
        self.requestedSpecs = requestedSpecs
        self.paths = paths
    }

    package init(from decoder: any Decoder) throws {
        record = try PackageRecord(from: decoder)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let specs = try values.decodeIfPresent([String].self, forKey: .requestedSpecs) ?? []
        let spec = try values.decodeIfPresent(String.self, forKey: .requestedSpec)
        requestedSpecs = specs.isEmpty ? [spec ?? ""].filter { !$0.isEmpty && $0 != "None" } : specs
        let data = try values.decodeIfPresent(PathsData.self, forKey: .pathsData)
        let files = try values.decodeIfPresent([String].self, forKey: .files) ?? []
        paths =
            data.map { ListedFiles(files).mapped($0.paths) } ?? files.map { InstalledPath(text: $0, kind: .hardlink) }
    }

    package func encode(to encoder: any Encoder) throws {
        try record.encode(to: encoder)
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(record.channelAddress, forKey: .channel)
        try values.encode(paths.filter { $0.kind != .directory }.map(\.path), forKey: .files)
        try values.encode(Link(), forKey: .link)
        try values.encode(PathsData(paths: paths), forKey: .pathsData)
        if requestedSpecs.count == 1 { try values.encode(requestedSpecs[0], forKey: .requestedSpec) }
        try values.encode(requestedSpecs, forKey: .requestedSpecs)
    }
}

extension PackageRecord {
    /// The address that conda writes for a channel: with its subdirectory, without the file's name.
    var channelAddress: String {
        guard let slash = url.lastIndex(of: "/"), url.contains("://") else { return channel }
        return String(url[..<slash])
    }

    /// The channel as it stands in the history, without a slash at its end.
    var channelName: String {
        channel.hasSuffix("/") ? String(channel.dropLast()) : channel
    }
}
