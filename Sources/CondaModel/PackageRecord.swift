/// What a channel tells about one archive: a record of `repodata.json` (CEP 36) with the place that it came from.
///
/// Copies share their storage, so that passing a record on, sorting records and collecting them costs a reference.
/// Changing a property of a record copies its fields.
package struct PackageRecord: Sendable {
    private var storage: Storage

    private final class Storage: Sendable {
        let fields: Fields

        init(_ fields: Fields) {
            self.fields = fields
        }
    }

    struct Fields: Sendable, Hashable {
        var name: String
        var version: Version
        var build: String
        var buildNumber: Int
        var subdir: String
        var depends: [String]
        var constrains: [String]
        var trackFeatures: [String]
        var features: String?
        var noarch: NoArch?
        var arch: String?
        var platform: String?
        var md5: String?
        var sha256: String?
        var size: Int64?
        var timestamp: Int64?
        var license: String?
        var licenseFamily: String?
        var pythonSitePackagesPath: String?
        var fileName: String
        var url: String
        var channel: String
    }

    var fields: Fields { storage.fields }

    init(fields: Fields) {
        storage = Storage(fields)
    }

    private mutating func update<Value>(_ path: WritableKeyPath<Fields, Value>, to value: Value) {
        var fields = storage.fields
        fields[keyPath: path] = value
        storage = Storage(fields)
    }

    /// Makes a record of its fields; see the properties for their meaning.
    package init(
        name: String, version: Version, build: String, buildNumber: Int = 0, subdir: String = "noarch",
        depends: [String] = [], constrains: [String] = [], trackFeatures: [String] = [], features: String? = nil,
        noarch: NoArch? = nil, arch: String? = nil, platform: String? = nil, md5: String? = nil,
        sha256: String? = nil, size: Int64? = nil, timestamp: Int64? = nil, license: String? = nil,
        licenseFamily: String? = nil, pythonSitePackagesPath: String? = nil, fileName: String = "",
        url: String = "", channel: String = ""
    ) {
        let fields = Fields(
            name: name, version: version, build: build, buildNumber: buildNumber, subdir: subdir, depends: depends,
            constrains: constrains, trackFeatures: trackFeatures, features: features, noarch: noarch, arch: arch,
            platform: platform, md5: md5, sha256: sha256, size: size, timestamp: timestamp, license: license,
            licenseFamily: licenseFamily, pythonSitePackagesPath: pythonSitePackagesPath, fileName: fileName,
            url: url, channel: channel)
        self.init(fields: fields)
    }
}

extension PackageRecord {
    /// The name of the package, in lower case.
    package var name: String {
        get { storage.fields.name }
        set { update(\.name, to: newValue) }
    }
    /// The version.
    package var version: Version {
        get { storage.fields.version }
        set { update(\.version, to: newValue) }
    }
    /// The build string, which tells variants of one version apart.
    package var build: String {
        get { storage.fields.build }
        set { update(\.build, to: newValue) }
    }
    /// The build number: among builds of one version the highest is the newest.
    package var buildNumber: Int {
        get { storage.fields.buildNumber }
        set { update(\.buildNumber, to: newValue) }
    }
    /// The subdirectory of the channel that the archive lies in, such as `linux-64`.
    package var subdir: String {
        get { storage.fields.subdir }
        set { update(\.subdir, to: newValue) }
    }
    /// The MatchSpecs that must be installed with the package.
    package var depends: [String] {
        get { storage.fields.depends }
        set { update(\.depends, to: newValue) }
    }
    /// The MatchSpecs that packages must match if they are installed at all.
    package var constrains: [String] {
        get { storage.fields.constrains }
        set { update(\.constrains, to: newValue) }
    }
    /// The features that the package tracks; a solver avoids packages that have some.
    package var trackFeatures: [String] {
        get { storage.fields.trackFeatures }
        set { update(\.trackFeatures, to: newValue) }
    }
    /// The features of the package, a deprecated way to select variants.
    package var features: String? {
        get { storage.fields.features }
        set { update(\.features, to: newValue) }
    }
    /// How a package for every platform is linked; nil for one of a platform.
    package var noarch: NoArch? {
        get { storage.fields.noarch }
        set { update(\.noarch, to: newValue) }
    }
    /// The architecture as old build tools wrote it, such as `x86_64`; `subdir` is what counts.
    package var arch: String? {
        get { storage.fields.arch }
        set { update(\.arch, to: newValue) }
    }
    /// The operating system as old build tools wrote it, such as `linux`; `subdir` is what counts.
    package var platform: String? {
        get { storage.fields.platform }
        set { update(\.platform, to: newValue) }
    }
    /// The MD5 digest of the archive, in lower-case hexadecimal.
    package var md5: String? {
        get { storage.fields.md5 }
        set { update(\.md5, to: newValue) }
    }
    /// The SHA-256 digest of the archive, in lower-case hexadecimal.
    package var sha256: String? {
        get { storage.fields.sha256 }
        set { update(\.sha256, to: newValue) }
    }
    /// The size of the archive in bytes.
    package var size: Int64? {
        get { storage.fields.size }
        set { update(\.size, to: newValue) }
    }
    /// When the package was built, in milliseconds since 1970.
    package var timestamp: Int64? {
        get { storage.fields.timestamp }
        set { update(\.timestamp, to: newValue) }
    }
    /// The licence, an SPDX expression in newer packages.
    package var license: String? {
        get { storage.fields.license }
        set { update(\.license, to: newValue) }
    }
    /// The licence's family, such as `BSD`.
    package var licenseFamily: String? {
        get { storage.fields.licenseFamily }
        set { update(\.licenseFamily, to: newValue) }
    }
    /// Where a python package keeps its site-packages, relative to the prefix (CEP 17).
    package var pythonSitePackagesPath: String? {
        get { storage.fields.pythonSitePackagesPath }
        set { update(\.pythonSitePackagesPath, to: newValue) }
    }
    /// The file name of the archive.
    package var fileName: String {
        get { storage.fields.fileName }
        set { update(\.fileName, to: newValue) }
    }
    /// The address of the archive, without credentials.
    package var url: String {
        get { storage.fields.url }
        set { update(\.url, to: newValue) }
    }
    /// The channel's canonical name or URL, without credentials.
    package var channel: String {
        get { storage.fields.channel }
        set { update(\.channel, to: newValue) }
    }
}

extension PackageRecord: Hashable {
    /// Whether all fields are equal.
    package static func == (left: PackageRecord, right: PackageRecord) -> Bool {
        left.storage === right.storage || left.storage.fields == right.storage.fields
    }

    /// Feeds what tells records apart to a hasher.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(version)
        hasher.combine(build)
        hasher.combine(subdir)
        hasher.combine(url)
    }
}
