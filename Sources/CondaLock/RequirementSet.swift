import CondaModel
import HostSystem

/// What a lock answers for one platform: requirements, channels and what the target brings along.
package struct RequirementSet: Hashable, Sendable {
    /// The platform solved for.
    package var platform: Subdir
    /// Channel names or URLs in priority order, without credentials.
    package var channels: [String]
    /// The conda requirements.
    package var specs: [MatchSpec]
    /// The requirements for PyPI (PEP 508).
    package var pip: [String]
    /// Wheels that come as files beside the lock.
    package var localWheels: [LocalWheel] = []
    /// The SHA-256 digests of `pylock.toml` files whose wheels are in the lock.
    package var pylocks: [String] = []
    /// What the target brings along (`__glibc` and the like).
    package var virtualPackages: [VirtualPackage]

    /// A wheel that no lock holds, because it comes as a file; what it requires is locked.
    package struct LocalWheel: Hashable, Sendable {
        package var name: String
        package var version: String
        /// What its metadata requires (`Requires-Dist`).
        package var requires: [String]

        /// Describes a wheel.
        package init(name: String, version: String, requires: [String]) {
            self.name = name
            self.version = version
            self.requires = requires
        }
    }

    /// Describes a requirement set; credentials in channel URLs are dropped.
    package init(
        platform: Subdir, channels: [String], specs: [MatchSpec], pip: [String] = [],
        virtualPackages: [VirtualPackage] = []
    ) {
        self.platform = platform
        self.channels = channels.map(ChannelName.withoutCredentials)
        self.specs = specs
        self.pip = pip
        self.virtualPackages = virtualPackages
    }

    /// The requirements in canonical form, sorted, one of each; those for PyPI begin with `pip: `.
    package var requirementLines: [String] {
        Set(specs.map(\.readable)).sorted() + Set(pip.map { "pip: \(canonicalPip($0))" }).sorted()
            + Set(localWheels.map(line)).sorted() + Set(pylocks.map { "pylock: sha256:\($0)" }).sorted()
    }

    private func line(_ wheel: LocalWheel) -> String {
        let requires = Set(wheel.requires.map(canonicalPip)).sorted()
        let wheel = "wheel: \(DistributionName.canonical(wheel.name)) \(wheel.version)"
        return ([wheel] + requires).joined(separator: ", ")
    }

    /// The virtual packages as `NAME VERSION BUILD`, sorted.
    package var virtualPackageLines: [String] {
        virtualPackages.map { "\($0.name) \($0.version) \($0.build)" }.sorted()
    }

    /// The digest of the whole set, in lower-case hexadecimal.
    ///
    /// Channels count in their order; the order of requirements, and how they are written, do not count.
    package var contentHash: String {
        var lines = ["conda-rpm requirement set 1", "platform \(platform.rawValue)"]
        lines += channels.map { "channel \($0)" }
        lines += requirementLines.map { "requirement \($0)" }
        lines += virtualPackageLines.map { "virtual \($0)" }
        return hexadecimal(Digest.sha256(Array(lines.joined(separator: "\n").utf8)))
    }

    /// A PyPI requirement with single blanks between its words; its marks and versions stay as written.
    private func canonicalPip(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension MatchSpec {
    /// The spec as people write it, `flask >=3`, where name, version and build say it all; else in canonical form.
    ///
    /// Two specs that mean different things never read the same.
    var readable: String {
        guard details == MatchSpecDetails() else { return description }
        let words = [version?.description ?? (build == nil ? nil : "*"), build?.description].compactMap { $0 }
        return ([nameMatcher.description] + words).joined(separator: " ")
    }

    /// The spec without the conditions that a lock cannot be asked about, because lock formats do not keep the fields.
    func judged(for record: PackageRecord) -> MatchSpec {
        var spec = self
        spec.details.license = nil
        spec.details.licenseFamily = nil
        spec.details.trackFeatures = nil
        spec.details.features = nil
        if record.md5 == nil { spec.details.md5 = nil }
        if record.sha256 == nil { spec.details.sha256 = nil }
        return spec
    }
}
