import CondaModel
import HostSystem

/// A shard's records: the same fields as in JSON, digests as bytes.
struct ShardRecords {
    let place: RecordPlace
    let name: String
    let problems: RecordProblems

    /// Every usable record of the document.
    func records(_ root: MessagePackValue) -> [PackageRecord] {
        var records: [PackageRecord] = []
        let sections: [(MessagePackValue?, String)] = [
            (root["packages"], ""), (root["packages.conda"], ""), (root["v3"]?["tar.bz2"], ".tar.bz2"),
            (root["v3"]?["conda"], ".conda"),
        ]
        for (section, suffix) in sections {
            for member in section?.members ?? [] {
                if let record = record(member.value, fileName: member.key + suffix) { records.append(record) }
            }
        }
        for kind in root["v3"]?.members ?? [] where kind.key != "conda" && kind.key != "tar.bz2" {
            let names = (kind.value.members ?? []).map { "\($0.key).\(kind.key)" }
            problems.add(count: names.count, examples: names, "packages of the kind '\(kind.key)' are not supported")
        }
        let removed = Set((root["removed"]?.items ?? []).compactMap(\.string))
        return preferred(records.filter { !removed.contains($0.fileName) }, place: place)
    }

    private func record(_ fields: MessagePackValue, fileName: String) -> PackageRecord? {
        do throws(Objection) {
            return try decoded(fields, fileName: fileName)
        } catch {
            problems.add(fileName, error.reason)
            return nil
        }
    }

    private struct Objection: Error { let reason: String }

    private func decoded(_ fields: MessagePackValue, fileName: String) throws(Objection) -> PackageRecord {
        guard ArchiveName(fileName) != nil else { throw Objection(reason: "it is no file name of a package") }
        let own = try text(fields, "name")
        guard own.lowercased() == name else { throw Objection(reason: "it calls itself '\(own)'") }
        let written = try text(fields, "version")
        guard let version = try? Version(written) else { throw Objection(reason: "'\(written)' is no version") }
        let depends = try texts(fields, "depends")
        if let reason = unsupportedFeature(in: depends) { throw Objection(reason: reason) }
        if let flags = fields["flags"]?.items, !flags.isEmpty {
            throw Objection(reason: "it uses flags (CEP 45), which conda-rpm does not support")
        }
        return PackageRecord(
            name: name, version: version, build: try text(fields, "build"),
            buildNumber: Int(clamping: fields["build_number"]?.number ?? 0), subdir: place.subdir, depends: depends,
            constrains: try texts(fields, "constrains"), trackFeatures: try trackFeatures(fields),
            features: fields["features"]?.string, noarch: noArch(fields["noarch"]), arch: fields["arch"]?.string,
            platform: fields["platform"]?.string, md5: try digest(fields, "md5", 16),
            sha256: try digest(fields, "sha256", 32),
            size: fields["size"]?.number, timestamp: fields["timestamp"]?.number.map(milliseconds),
            license: fields["license"]?.string, licenseFamily: fields["license_family"]?.string,
            pythonSitePackagesPath: fields["python_site_packages_path"]?.string, fileName: fileName,
            url: place.url(of: fileName), channel: place.channel)
    }

    private func text(_ fields: MessagePackValue, _ key: String) throws(Objection) -> String {
        guard let value = fields[key] else { throw Objection(reason: "it has no \(key)") }
        guard let text = value.string else { throw Objection(reason: "'\(key)' has a value of the wrong type") }
        return text
    }

    private func texts(_ fields: MessagePackValue, _ key: String) throws(Objection) -> [String] {
        guard let value = fields[key] else { return [] }
        guard let items = value.items else { throw Objection(reason: "'\(key)' has a value of the wrong type") }
        var texts: [String] = []
        for item in items {
            guard let text = item.string else { throw Objection(reason: "'\(key)' has a value of the wrong type") }
            texts.append(text)
        }
        return texts
    }

    private func trackFeatures(_ fields: MessagePackValue) throws(Objection) -> [String] {
        if let text = fields["track_features"]?.string { return text.split { $0 == " " || $0 == "," }.map(String.init) }
        return try texts(fields, "track_features").filter { !$0.isEmpty }
    }

    private func digest(_ fields: MessagePackValue, _ key: String, _ bytes: Int) throws(Objection) -> String? {
        guard let value = fields[key] else { return nil }
        guard let digest = digestText(value, bytes: bytes) else { throw Objection(reason: "'\(key)' is no digest") }
        return digest
    }

    private func noArch(_ value: MessagePackValue?) -> NoArch? {
        if case .boolean(true) = value { return .generic }
        return value?.string.flatMap(NoArch.init(rawValue:))
    }
}

/// A digest as lower-case hexadecimal; shards hold bytes, some writers text.
func digestText(_ value: MessagePackValue, bytes count: Int) -> String? {
    switch value {
    case .bytes(let bytes) where bytes.count == count: hexadecimal(bytes)
    case .text(let text) where isHexadecimal(text.lowercased(), bytes: count): text.lowercased()
    default: nil
    }
}
