import CSimdJSON
import CondaModel
import HostSystem

/// The sections of repodata that hold records.
enum RecordSection: UInt32 {
    case packages = 0
    case packagesConda = 1
    case v3TarBzip2 = 2
    case v3Conda = 3

    /// What must be added to a key to make a file name: v3's keys have no suffix (CEP 48).
    var keySuffix: String {
        switch self {
        case .packages, .packagesConda: ""
        case .v3TarBzip2: ".tar.bz2"
        case .v3Conda: ".conda"
        }
    }
}

/// Makes records of parsed fields.
///
/// Neighbouring records mostly repeat their dependencies and licence, so those texts are shared.
struct RecordDecoder {
    let section: RecordSection
    let place: RecordPlace
    let name: String
    let problems: RecordProblems

    private var depends = SharedTexts()
    private var constrains = SharedTexts()
    private var license = SharedText()
    private var licenseFamily = SharedText()
    private var version = SharedVersion()

    init(section: RecordSection, place: RecordPlace, name: String, problems: RecordProblems) {
        (self.section, self.place, self.name, self.problems) = (section, place, name, problems)
    }

    /// The record, or nil when it cannot be used, which is then noted with its file name.
    mutating func record(_ fields: csj_record) -> PackageRecord? {
        let fileName = fields.key.text + section.keySuffix
        if let reason = objection(to: fields) {
            problems.add(fileName, reason)
            return nil
        }
        guard let version = version.value(fields.version) else {
            problems.add(fileName, "'\(fields.version.text)' is no version")
            return nil
        }
        let dependencies = depends.value(fields.depends)
        if let reason = unsupportedFeature(in: dependencies) {
            problems.add(fileName, reason)
            return nil
        }
        return PackageRecord(
            name: name, version: version, build: fields.build.text, buildNumber: Int(fields.build_number),
            subdir: place.subdir, depends: dependencies, constrains: constrains.value(fields.constrains),
            trackFeatures: trackFeatures(fields), features: fields.features.optional, noarch: noArch(fields),
            arch: fields.arch.optional, platform: fields.platform.optional, md5: fields.md5.optional,
            sha256: fields.sha256.optional, size: fields.has & UInt32(CSJ_HAS_SIZE) != 0 ? fields.size : nil,
            timestamp: fields.has & UInt32(CSJ_HAS_TIMESTAMP) != 0 ? milliseconds(fields.timestamp) : nil,
            license: license.value(fields.license), licenseFamily: licenseFamily.value(fields.license_family),
            pythonSitePackagesPath: fields.python_site_packages_path.optional, fileName: fileName,
            url: place.url(of: fileName), channel: place.channel)
    }

    /// Why a record cannot be used; nil when it can.
    private func objection(to fields: csj_record) -> String? {
        if fields.wrong.bytes != nil { return "'\(fields.wrong.text)' has a value of the wrong type" }
        if fields.version.bytes == nil { return "it has no version" }
        if fields.build.bytes == nil { return "it has no build" }
        if fields.name.bytes == nil { return "it has no name" }
        if !fields.name.equals(name), fields.name.text.lowercased() != name {
            return "it calls itself '\(fields.name.text)'"
        }
        if fields.has & UInt32(CSJ_FLAGS) != 0 { return "it uses flags (CEP 45), which conda-rpm does not support" }
        if fields.sha256.bytes != nil, !isHexadecimal(fields.sha256.buffer, bytes: 32) {
            return "'\(fields.sha256.text)' is no SHA-256"
        }
        if fields.md5.bytes != nil, !isHexadecimal(fields.md5.buffer, bytes: 16) {
            return "'\(fields.md5.text)' is no MD5"
        }
        return nil
    }

    private func trackFeatures(_ fields: csj_record) -> [String] {
        if fields.track_features.items != nil || fields.track_features.count > 0 {
            return fields.track_features.array.map(\.text).filter { !$0.isEmpty }
        }
        guard let text = fields.track_features_text.optional else { return [] }
        return text.split { $0 == " " || $0 == "," }.map(String.init)
    }

    private func noArch(_ fields: csj_record) -> NoArch? {
        if fields.has & UInt32(CSJ_NOARCH_TRUE) != 0 { return .generic }
        return fields.noarch.optional.flatMap(NoArch.init(rawValue:))
    }
}

extension csj_strings {
    var array: UnsafeBufferPointer<csj_string> { UnsafeBufferPointer(start: items, count: count) }
}
