import CondaLock
import CondaModel
import RPMFormat
import ServiceManifest
import ServicePackaging
import ServiceRelease

/// What one side of a comparison holds; nil where a side cannot tell: a lock knows no files.
package struct Contents: Sendable, Hashable {
    /// A conda package or a wheel.
    package struct Item: Codable, Sendable, Hashable {
        package enum Kind: String, Codable, Sendable { case conda, wheel }

        package var kind = Kind.conda
        package var name: String
        package var version: String
        /// Of a conda package.
        package var build: String?
        package var license: String?
        /// Bytes of the archive.
        package var size: Int64?
        package var sha256: String?
    }

    /// How the side is called in a heading.
    package var title: String
    /// The service; a lock tells none.
    package var name: String?
    package var items: [Item]
    package var requirements: [String]?
    package var commands: [String]?
    /// The SHA-256 digest of each unit.
    package var services: [String: String]?
    /// The files beside bundle and units, each with digest, mode and owner.
    package var files: [String: String]?
    /// The packager's own scripts.
    package var scripts: [String: String]?
    /// Bytes of the RPM.
    package var size: Int64?
    /// Bytes of the linked prefix.
    package var installedSize: Int64?
}

extension Contents {
    /// What an RPM of ours carries.
    ///
    /// - Throws: `RPMError`, `WorkflowError.noReleaseDocument`, `ReleaseError`.
    init(rpm path: String) throws {
        let reader = try RPMReader(path: path)
        switch try OwnPackage(reader) {
        case .package(let record):
            self.init(title: "\(reader.name) \(reader.version)-\(reader.release)", items: [Item(record)])
            (name, size, installedSize) = (reader.name, reader.size, reader.installedSize)
        case .service(let release): self.init(release, reader)
        }
    }

    private init(_ release: Release, _ reader: RPMReader) {
        self.init(release)
        let digests = Dictionary(reader.files.map { ($0.path, $0) }) { first, _ in first }
        let folders = ["/usr/lib/systemd/", "/usr/lib/tmpfiles.d/", "/usr/lib/sysusers.d/"]
        let units = digests.filter { file in folders.contains { file.key.hasPrefix($0) } }
        services = units.compactMapValues { $0.kind == .file ? $0.digest ?? "" : nil }
        let made = Set(units.keys).union((release.commands + ["\(release.name)-release"]).map { "/usr/bin/\($0)" })
            .union([ServicePackage.billPath(release.name), "/usr/share/licenses/\(release.name)/PACKAGES"])
        let places = Self.places(of: release, programs: Inspection.Program.all(reader).map(\.name))
        let own = reader.files.filter { file in
            file.kind != .directory && !made.contains(file.path)
                && !places.contains { file.path.hasPrefix($0 + "/") }
        }
        files = Dictionary(own.map { ($0.path, Self.line($0.identity, $0.mode, $0.user, $0.group)) }) { first, _ in
            first
        }
        scripts = Self.scripts(reader.scriptlets)
        size = reader.size
    }

    private static func line(_ identity: String, _ mode: UInt16, _ user: String, _ group: String) -> String {
        "\(identity) \(mode) \(user) \(group)"
    }

    /// The folders in which nothing is the packager's: those of the release, and of the licence texts of its packages
    /// and programs.
    private static func places(of release: Release, programs: [String]) -> [String] {
        let home = ["bundle", "releases", "current"].map { "\(release.prefix)/\($0)" }
        let packages = release.packages.map(\.record.name)
        let wheels = release.wheels.map(\.name).map(DistributionName.canonical)
        let owners = packages + wheels + wheels.map { "\($0).dist-info" } + programs
        return home + owners.map { "/usr/share/licenses/\(release.name)/\($0)" }
    }

    /// What a release document says.
    init(_ release: Release) {
        title = "\(release.name) \(release.identifier)"
        name = release.name
        items = release.packages.map { Item($0.record) }
        items += release.wheels.map {
            Item(
                kind: .wheel, name: $0.name, version: $0.version, license: $0.license, size: $0.size, sha256: $0.sha256)
        }
        requirements = release.requested + Self.pip(release.manifest)
        commands = release.commands
        installedSize = release.installedSize
    }

    /// The requirements for PyPI in a manifest in canonical form.
    private static func pip(_ manifest: String) -> [String] {
        guard case .object(let members)? = try? JSONValue(json: manifest), case .list(let items)? = members["pip"]
        else {
            return []
        }
        return items.compactMap { if case .text(let text) = $0 { "pip: \(text)" } else { nil } }
    }

    private static func scripts(_ scriptlets: RPMScriptlets) -> [String: String] {
        ["pre": scriptlets.pre, "post": scriptlets.post, "preun": scriptlets.preun, "postun": scriptlets.postun]
            .compactMapValues { $0.flatMap { ResolvedScripts.own(in: $0.body) } }
    }

    /// The packages of a lock.
    init(_ lock: Lock, platform: Subdir, categories: Set<String>, title: String) {
        self.title = title
        items = lock.packages.filter { $0.platform == platform && categories.contains($0.category) }.map { package in
            Item(
                kind: package.manager == .conda ? .conda : .wheel, name: package.name, version: package.version,
                build: package.build, license: package.details.license, size: package.details.size,
                sha256: package.sha256)
        }
    }

    /// A manifest and its lock.
    init(_ project: Project, environment: [String: String], title: String) throws {
        let lock = try Lock.read(path: project.lockPath, project.lockReading(environment: environment))
        self.init(lock, platform: project.subdir, categories: project.categories, title: title)
        let section = project.manifest.rpm
        name = project.manifest.name
        requirements =
            project.manifest.dependencies.map { ChannelName.withoutFolders(ChannelName.withoutCredentials($0)) }
            + project.manifest.pip.map { "pip: \($0)" }
        commands = section.commands
        services = try UnitFile.digests(project.manifest)
        let resolved = try ResolvedFile.all(project.manifest).filter { !$0.isDirectory }
        files = Dictionary(
            resolved.map { ($0.destination, Self.line($0.identity, $0.mode, $0.owner, $0.group)) }
        ) { first, _ in first }
        let texts = try ResolvedScripts(project.manifest)
        scripts = [
            "pre": texts.pre, "post": texts.post, "preun": texts.preun, "postun": texts.postun,
        ].compactMapValues { $0 }
    }
}

extension Contents.Item {
    init(_ record: PackageRecord) {
        self.init(
            name: record.name, version: "\(record.version)", build: record.build, license: record.license,
            size: record.size, sha256: record.sha256)
    }
}

extension RPMEntry {
    /// What tells its contents from others: a digest, or where a link leads; as of a `ResolvedFile`.
    fileprivate var identity: String {
        if case .symlink(let target) = kind { "-> \(target)" } else { digest ?? "" }
    }
}
