// Records as `repodata.json`, `index.json` and `conda-meta/*.json` hold them.

extension PackageRecord: Codable {
    /// The names of the fields in conda's JSON documents.
    package enum CodingKeys: String, CodingKey, CaseIterable {
        case arch, build, channel, constrains, depends, features, license, md5, name, noarch, platform, sha256, size
        case subdir, timestamp, url, version
        case buildNumber = "build_number"
        case fileName = "fn"
        case licenseFamily = "license_family"
        case pythonSitePackagesPath = "python_site_packages_path"
        case trackFeatures = "track_features"
    }

    /// Reads a record as leniently as conda does: every field but name, version and build may be missing or null.
    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func text(_ key: CodingKeys) throws -> String? { try values.decodeIfPresent(String.self, forKey: key) }
        func list(_ key: CodingKeys) throws -> [String] { try values.decodeIfPresent([String].self, forKey: key) ?? [] }
        let name = try values.decode(String.self, forKey: .name)
        self.init(
            name: name.lowercased(), version: try values.decode(Version.self, forKey: .version),
            build: try values.decode(String.self, forKey: .build),
            buildNumber: try values.decodeIfPresent(Int.self, forKey: .buildNumber) ?? 0,
            subdir: try text(.subdir) ?? "", depends: try list(.depends), constrains: try list(.constrains),
            trackFeatures: try Self.features(in: values, forKey: .trackFeatures),
            features: try Self.features(in: values, forKey: .features).joined(separator: " ").nonEmpty,
            noarch: Self.noarch(in: values), arch: try text(.arch), platform: try text(.platform),
            md5: try text(.md5)?.lowercased().nonEmpty, sha256: try text(.sha256)?.lowercased().nonEmpty,
            size: try values.decodeIfPresent(Int64.self, forKey: .size),
            timestamp: try Self.milliseconds(in: values), license: try text(.license),
            licenseFamily: try text(.licenseFamily), pythonSitePackagesPath: try text(.pythonSitePackagesPath),
            fileName: try text(.fileName) ?? "", url: try text(.url) ?? "", channel: try text(.channel) ?? "")
    }

    /// Writes the record under the names that `conda-meta` uses; what is not known is left out.
    package func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encodeIfPresent(arch, forKey: .arch)
        try values.encode(build, forKey: .build)
        try values.encode(buildNumber, forKey: .buildNumber)
        try values.encodeIfPresent(channel.nonEmpty, forKey: .channel)
        try values.encode(constrains, forKey: .constrains)
        try values.encode(depends, forKey: .depends)
        try values.encodeIfPresent(features, forKey: .features)
        try values.encodeIfPresent(fileName.nonEmpty, forKey: .fileName)
        try values.encodeIfPresent(license, forKey: .license)
        try values.encodeIfPresent(licenseFamily, forKey: .licenseFamily)
        try values.encodeIfPresent(md5, forKey: .md5)
        try values.encode(name, forKey: .name)
        try values.encodeIfPresent(noarch, forKey: .noarch)
        try values.encodeIfPresent(platform, forKey: .platform)
        try values.encodeIfPresent(pythonSitePackagesPath, forKey: .pythonSitePackagesPath)
        try values.encodeIfPresent(sha256, forKey: .sha256)
        try values.encodeIfPresent(size, forKey: .size)
        try values.encodeIfPresent(subdir.nonEmpty, forKey: .subdir)
        try values.encodeIfPresent(timestamp, forKey: .timestamp)
        if !trackFeatures.isEmpty { try values.encode(trackFeatures.joined(separator: " "), forKey: .trackFeatures) }
        try values.encodeIfPresent(url.nonEmpty, forKey: .url)
        try values.encode(version, forKey: .version)
    }
}

extension PackageRecord {
    private typealias Values = KeyedDecodingContainer<CodingKeys>

    /// Reads features, which are a list in some channels and a text with blanks or commas in others.
    private static func features(in values: Values, forKey key: CodingKeys) throws -> [String] {
        if let list = try? values.decode([String].self, forKey: key) { return list.filter { !$0.isEmpty } }
        return try values.decodeIfPresent(String.self, forKey: key).map(featureList) ?? []
    }

    /// Splits features that are written as a text.
    package static func featureList(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "," }.map(String.init)
    }

    /// Reads `noarch`; the oldest packages say `true` and mean `generic`.
    private static func noarch(in values: Values) -> NoArch? {
        if let isGeneric = try? values.decode(Bool.self, forKey: .noarch) { return isGeneric ? .generic : nil }
        return try? values.decode(NoArch.self, forKey: .noarch)
    }

    /// Reads the timestamp; old build tools wrote seconds, which conda tells apart by their size.
    private static func milliseconds(in values: Values) throws -> Int64? {
        guard let timestamp = try values.decodeIfPresent(Double.self, forKey: .timestamp) else { return nil }
        // The last second of the year 9999 is below this number, the year 1978 in milliseconds above it.
        let milliseconds = timestamp > 253_402_300_799 ? timestamp : timestamp * 1000
        return milliseconds.magnitude < 1e17 ? Int64(milliseconds) : nil
    }
}

extension String {
    /// The text itself; nil when it is empty.
    var nonEmpty: String? { isEmpty ? nil : self }
}
