import CondaModel
import StrictYAML

extension Lock {
    /// The conda packages of one platform as records, dependencies first.
    ///
    /// A `conda-lock.yml` keeps no build number, size or licence: the build number is derived from the build string,
    /// the others stay unknown.
    ///
    /// - Parameter categories: the groups wanted.
    /// - Throws: that the lock has no packages for the platform, that one of them is no archive, or that a version
    ///   cannot be read.
    package func records(
        for platform: Subdir, categories: Set<String> = ["main"]
    ) throws(LockError) -> [PackageRecord] {
        try requireUsable(platform)
        return PackageRecord.topologicallySorted(
            try records(of: packages(for: platform, manager: .conda, categories: categories)))
    }

    /// Packages as records, in the same order.
    func records(of packages: [LockedPackage]) throws(LockError) -> [PackageRecord] {
        var records: [PackageRecord] = []
        records.reserveCapacity(packages.count)
        for package in packages { records.append(try record(of: package)) }
        return records
    }

    /// The wheels of one platform in the order of the lock.
    ///
    /// - Throws: that the lock has no packages for the platform, or that one of them is no wheel.
    package func wheels(
        for platform: Subdir, categories: Set<String> = ["main"]
    ) throws(LockError) -> [LockedPackage] {
        try requireUsable(platform)
        let wheels = packages(for: platform, manager: .pip, categories: categories)
        for wheel in wheels where !wheel.fileName.lowercased().hasSuffix(".whl") {
            throw LockError(
                file: path, key: wheel.name, expected: "a wheel", found: quoted(wheel.fileName),
                advice: "build a wheel of \(wheel.name) \(wheel.version) and name it under `rpm.wheels`, or require a "
                    + "version that has one: source distributions are not built")
        }
        return wheels
    }

    private func requireUsable(_ platform: Subdir) throws(LockError) {
        if let error = unusable[platform] { throw error }
        guard platforms.contains(platform) else {
            let known = platforms.map(\.rawValue).joined(separator: ", ")
            throw LockError(
                file: path, problem: "the lock has no packages for \(platform.rawValue)",
                found: known.isEmpty ? "no platform" : known,
                advice: "add \(platform.rawValue) to `platforms:` of the manifest and lock again")
        }
    }

    private func record(of package: LockedPackage) throws(LockError) -> PackageRecord {
        let fileName = package.fileName
        let archive = ArchiveName(fileName)
        let place = ArchiveLocation.channel(of: package.url)
        guard let build = package.build ?? archive?.build else {
            throw LockError(
                file: path, key: package.name, expected: "a .conda or .tar.bz2 archive",
                found: quoted(fileName), advice: "lock again")
        }
        let version: Version
        do {
            version = try Version(package.version)
        } catch {
            throw LockError(file: path, key: package.name, problem: "\(error)", advice: "lock again")
        }
        let subdir = place?.subdir ?? package.platform
        return PackageRecord(
            name: package.name, version: version, build: build,
            buildNumber: package.details.buildNumber ?? trailingNumber(of: build), subdir: subdir.rawValue,
            depends: package.dependencies.map(\.matchSpec), constrains: package.details.constrains,
            noarch: noArch(subdir: subdir, build: build), md5: package.md5, sha256: package.sha256,
            size: package.details.size, timestamp: package.details.timestamp, license: package.details.license,
            fileName: fileName, url: package.url, channel: place?.channel ?? "")
    }

    /// The build number as build strings end with it.
    private func trailingNumber(of build: String) -> Int {
        let digits = build.reversed().prefix { $0.isASCII && $0.isNumber }
        return Int(String(digits.reversed())) ?? 0
    }

    /// The kind of a `noarch` package, by the custom of starting the build strings of Python packages with `py`.
    private func noArch(subdir: Subdir, build: String) -> NoArch? {
        guard subdir == .noarch else { return nil }
        return build.hasPrefix("py") ? .python : .generic
    }
}

extension LockedPackage {
    /// The locked form of a solved conda package.
    package init(_ record: PackageRecord, platform: Subdir, category: String = "main") {
        self.init(
            name: record.name, version: record.version.description, manager: .conda, platform: platform,
            url: ChannelName.withoutCredentials(record.url))
        build = record.build
        dependencies = Dependency.list(of: record.depends)
        md5 = record.md5
        sha256 = record.sha256
        self.category = category
        isOptional = category != "main"
        details.buildNumber = record.buildNumber
        details.size = record.size
        details.timestamp = record.timestamp
        details.license = record.license
        details.constrains = record.constrains
    }
}
