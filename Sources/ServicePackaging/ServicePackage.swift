import CondaModel
import Glibc
import HostSystem
import RPMFormat
import ServiceManifest
import ServiceRelease

/// Everything a service's RPM is made of.
package struct ServicePackage: Sendable {
    package var manifest: Manifest
    package var release: Release
    /// The release directory with all that is in it, in layout `prefix`; nothing in other layouts.
    package var tree: [RPMFile] = []
    /// Bytes of the packages' files that cannot be shared between services, in layout `split`.
    package var copiedSize: Int64 = 0
    /// Bytes that linking takes on a host beside what the packages' files hold.
    package var overhead: Int64 = 0
    /// Bytes that the bootstrap needs beside the release until it is linked; none for `builtin`.
    package var workspace: Int64 = 0
    /// Where each archive of the release stands on this machine, in the release's order.
    package var archives: [String]
    /// Those of them whose digests need not be computed again.
    package var verifiedArchives: Set<String> = []
    /// Where each wheel of the release stands, in the release's order.
    package var wheels: [String]
    /// The static host tool that goes into the bundle.
    package var hostTool: String
    /// The bootstrap's file, where the release has one.
    package var bootstrap: String?
    package var files: [ResolvedFile]
    package var scripts: ResolvedScripts
    /// Licence expression of everything inside.
    package var license: String
    package var licenses: [BundledLicense]
    /// The host tool, and the bootstrap's program where there is one.
    package var programs: [CarriedProgram] = []
    /// Seconds since 1970; every file carries it.
    package var buildTime: UInt32
    /// The epoch, version and release of the RPM that this one goes back behind.
    package var after: String?
    /// What changed, newest first.
    package var changelog: [RPMChangelogEntry] = []

    package init(
        manifest: Manifest, release: Release, archives: [String], wheels: [String], hostTool: String,
        bootstrap: String?,
        files: [ResolvedFile], scripts: ResolvedScripts, license: String, licenses: [BundledLicense],
        buildTime: UInt32
    ) {
        self.manifest = manifest
        self.release = release
        self.archives = archives
        self.wheels = wheels
        self.hostTool = hostTool
        self.bootstrap = bootstrap
        self.files = files
        self.scripts = scripts
        self.license = license
        self.licenses = licenses
        self.buildTime = buildTime
    }

    /// What deserves a second look, though it can be built.
    package var warnings: [String] {
        let commands = (release.commands + ["\(release.name)-release"]).map { "/usr/bin/\($0)" }
        return LinkPlaces(files).warnings(own: [release.prefix] + commands)
    }

    /// The RPM as a value, ready for `RPMWriter`.
    package func description() throws(PackagingError) -> RPMDescription {
        var rpm = metadata()
        applyRelations(&rpm)
        try applyBundle(&rpm)
        applyScriptlets(&rpm)
        applyCommands(&rpm)
        applyUnits(&rpm)
        try applyDocuments(&rpm)
        try applyFiles(&rpm)
        return rpm
    }

    private func metadata() -> RPMDescription {
        let section = manifest.rpm
        var rpm = RPMDescription(
            name: release.name, epoch: section.epoch.map(UInt32.init), version: release.version,
            release: release.release, architecture: release.target.architecture, summary: release.summary,
            description: (section.description ?? defaultDescription) + release.driverNote, license: license,
            vendor: section.vendor, packager: section.packager, url: section.url, group: section.group,
            buildTime: buildTime, payload: section.target.payload(release.layout),
            compatibility: section.target.compatibility)
        // The files of a linked prefix know their place.
        rpm.prefixes = release.layout == .prefix ? [] : [release.prefix]
        rpm.changelog = changelog
        return rpm
    }

    private var defaultDescription: String {
        """
        \(release.summary)

        A conda environment of \(release.packages.count) packages, installed without network into
        \(release.prefix) and put into service after its checks have passed.
        """
    }

    /// Nothing is derived from the contents: the conda packages are sealed off from the host's own.
    private func applyRelations(_ rpm: inout RPMDescription) {
        let section = manifest.rpm
        rpm.requires = [RPMDependency("/bin/sh"), RPMDependency("glibc", .greaterOrEqual, release.target.glibc)]
        if release.layout == .split {
            rpm.requires += release.packages.map {
                SharedPackageRPM(record: $0.record, licenses: [], target: section.target).relation
            }
        }
        rpm.requires += section.requires.map(Self.dependency)
        rpm.provides = [RPMDependency(Self.inputsCapability, .equal, release.inputs)]
        if let after { rpm.provides.append(RPMDependency(Self.afterCapability, .equal, after)) }
        rpm.provides += BundledProvides.of(release) + section.provides.map(Self.dependency)
        rpm.provides += ServiceUser.provides(users)
        rpm.conflicts = section.conflicts.map(Self.dependency)
        rpm.obsoletes = section.obsoletes.map(Self.dependency)
    }

    /// The capability that a release has which goes back behind a newer one: the epoch, version and release of that.
    ///
    /// It tells the next build that this release is the later one, although dnf takes it for older.
    package static let afterCapability = "conda-rpm(after)"

    /// The capability whose version is the digest of everything that went into an RPM.
    package static let inputsCapability = "conda-rpm(inputs)"

    private static func dependency(_ relation: PackageRelation) -> RPMDependency {
        RPMDependency(
            relation.name, relation.comparison.flatMap(RPMDependency.Comparison.init(rawValue:)), relation.version)
    }

    private func applyScriptlets(_ rpm: inout RPMDescription) {
        let bundled = Self.bytes(of: rpm.files)
        let text = ScriptletText(
            release: release, users: users, scripts: scripts,
            neededKiB: (linkedSize + bundled + workspace) / 1024,
            copiedKiB: (linkedSizeElsewhere + bundled + workspace) / 1024,
            bootstrapKiB: workspace / 1024)
        rpm.scriptlets = text.scriptlets
        rpm.requires += ScriptletPrograms.requires(
            rpm.scriptlets, hasUnits: !units.isEmpty, bootstrap: release.bootstrap,
            hasFamily: manifest.rpm.target.family != nil)
    }

    private var users: [ServiceUser] { ServiceUser.of(manifest.rpm.services, package: release.name) }

    private var units: [UnitFile.Unit] {
        UnitFile.all(manifest.rpm, package: release.name, prefix: release.prefix, summary: release.summary)
    }

    /// What linking writes on a host.
    private var linkedSize: Int64 {
        switch release.layout {
        case .archives: release.installedSize + overhead
        case .prefix: 0
        case .split: copiedSize
        }
    }

    /// The same where no file can be shared with unpacked packages.
    private var linkedSizeElsewhere: Int64 { release.layout == .prefix ? 0 : release.installedSize + overhead }

    /// What the bundle takes beside the linked release.
    private static func bytes(of files: [RPMFile]) -> Int64 {
        files.reduce(0) { total, file in
            switch file.contents {
            case .file(_, let size, _): total + size
            case .data(let bytes): total + Int64(bytes.count)
            default: total
            }
        }
    }

    private func applyBundle(_ rpm: inout RPMDescription) throws(PackagingError) {
        let bundle = "\(release.prefix)/bundle/\(release.identifier)"
        for directory in [release.prefix, "\(release.prefix)/bundle", bundle] {
            rpm.files.append(RPMFile(path: directory, contents: .directory, mode: 0o755))
        }
        let document = try Self.bytes { try release.json() }
        rpm.files.append(RPMFile(path: "\(bundle)/\(Release.fileName)", contents: .data(document)))
        rpm.files.append(
            RPMFile(
                path: "\(bundle)/\(Self.hostToolName)",
                contents: try Self.file(hostTool, sha256: nil, key: "host tool"),
                mode: 0o755))
        switch release.layout {
        case .archives: try applyArchives(&rpm, bundle)
        case .prefix: try applyTree(&rpm)
        case .split: try applyWheels(&rpm, bundle)
        }
    }

    /// The linked prefix, which rpmbuild makes of what a bundle of layout `archives` holds.
    private func applyTree(_ rpm: inout RPMDescription) throws(PackagingError) {
        rpm.files.append(RPMFile(path: "\(release.prefix)/releases", contents: .directory, mode: 0o755))
        let root = "\(release.prefix)/releases/\(release.identifier)"
        var inputs = [
            RPMTree.Input(path: Self.hostToolName, contents: try Self.file(hostTool, sha256: nil, key: "host tool")),
            RPMTree.Input(path: Release.fileName, contents: .data(try Self.bytes { try release.json() })),
        ]
        for (package, path) in zip(release.packages, archives) {
            let contents = try Self.file(path, sha256: package.sha256, key: "archive")
            inputs.append(RPMTree.Input(path: package.path, contents: contents))
        }
        for (wheel, path) in zip(release.wheels, wheels) {
            let contents = try Self.file(path, sha256: wheel.sha256, key: "wheel")
            inputs.append(RPMTree.Input(path: "wheels/\(wheel.fileName)", contents: contents))
        }
        let activation = RPMFile(path: "\(root)/activate.env", contents: .data([]), flags: .ghost)
        rpm.trees = [
            RPMTree(
                root: root, files: tree + [activation], inputs: inputs, program: Self.hostToolName,
                arguments: ["link", "--bundle", ".", "--time", "\(buildTime)"])
        ]
    }

    /// The host tool's name in a bundle.
    package static let hostToolName = "conda-rpm-host"

    private func applyArchives(_ rpm: inout RPMDescription, _ bundle: String) throws(PackagingError) {
        for folder in ["pkgs"] + release.archiveFolders.map({ "pkgs/\($0)" }) {
            rpm.files.append(RPMFile(path: "\(bundle)/\(folder)", contents: .directory, mode: 0o755))
        }
        for (package, path) in zip(release.packages, archives) {
            let contents = try Self.file(path, sha256: package.sha256, key: "archive")
            var file = RPMFile(path: "\(bundle)/\(package.path)", contents: contents, flags: archiveFlags)
            file.isVerified = verifiedArchives.contains(path)
            rpm.files.append(file)
        }
        try applyWheels(&rpm, bundle)
        let list = Array(release.explicitList(bundle: bundle).utf8)
        rpm.files.append(RPMFile(path: "\(bundle)/explicit.txt", contents: .data(list)))
        if let bootstrap, let name = release.bootstrap.fileName {
            let contents = try Self.file(bootstrap, sha256: release.bootstrap.sha256, key: "rpm.bootstrap")
            rpm.files.append(RPMFile(path: "\(bundle)/\(name)", contents: contents, mode: 0o755))
        }
    }

    private func applyWheels(_ rpm: inout RPMDescription, _ bundle: String) throws(PackagingError) {
        if !wheels.isEmpty {
            rpm.files.append(RPMFile(path: "\(bundle)/wheels", contents: .directory, mode: 0o755))
        }
        for (wheel, path) in zip(release.wheels, wheels) {
            let contents = try Self.file(path, sha256: wheel.sha256, key: "wheel")
            rpm.files.append(
                RPMFile(path: "\(bundle)/wheels/\(wheel.fileName)", contents: contents, flags: archiveFlags))
        }
    }

    /// `rpm -V` does not miss archives that the host drops once they are linked.
    private var archiveFlags: RPMFileFlags { release.keepArchives ? [] : .missingOK }

    /// What auditors ask for: every package's licence, their texts, and the bill of materials.
    private func applyDocuments(_ rpm: inout RPMDescription) throws(PackagingError) {
        let licenses = "/usr/share/licenses/\(release.name)"
        let list =
            release.packages.map {
                "\($0.record.name) \($0.record.version): \($0.record.license ?? "not stated")\n"
            }
            + release.wheels.map { "\($0.name) \($0.version): \($0.license ?? "not stated")\n" }
            + programs.map(\.summary)
        var texts = [(path: "\(licenses)/PACKAGES", text: Array(list.joined().utf8))]
        texts += (self.licenses + programs.flatMap(\.texts)).map { ("\(licenses)/\($0.package)/\($0.path)", $0.text) }
        rpm.files += BundledLicense.files(texts)
        let bill = try softwareBill()
        let folder = "/usr/share/doc/\(release.name)"
        rpm.files.append(RPMFile(path: folder, contents: .directory, mode: 0o755))
        rpm.files.append(RPMFile(path: Self.billPath(release.name), contents: .data(bill), flags: .doc))
    }

    /// The bill's file name in an RPM.
    package static let billName = "sbom.cdx.json"

    /// The packages as a CycloneDX 1.6 document, as it stands in the RPM.
    package func softwareBill() throws(PackagingError) -> [UInt8] {
        try Self.bytes { try SoftwareBill(release, programs: programs).json() }
    }

    private static func bytes(_ encode: () throws -> [UInt8]) throws(PackagingError) -> [UInt8] {
        do {
            return try encode()
        } catch {
            throw .release(reason: "\(error)")
        }
    }

    /// Links, never a directory on PATH: the environment's programs must not stand before the host's own.
    private func applyCommands(_ rpm: inout RPMDescription) {
        for command in release.commands {
            let target = "\(release.prefix)/current/bin/\(command)"
            rpm.files.append(RPMFile(path: "/usr/bin/\(command)", contents: .symlink(target: target), mode: 0o777))
        }
        let tool = "\(release.prefix)/bundle/\(release.identifier)/conda-rpm-host"
        rpm.files.append(
            RPMFile(path: "/usr/bin/\(release.name)-release", contents: .symlink(target: tool), mode: 0o777))
    }

    private func applyUnits(_ rpm: inout RPMDescription) {
        rpm.files += units.map { RPMFile(path: $0.path, contents: .data(Array($0.text.utf8))) }
    }

    /// A file of this machine with its size; a link stands for what it leads to.
    static func file(_ path: String, sha256: String?, key: String) throws(PackagingError) -> RPMFile.Contents {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .fileUnreadable(path: path, key: key, reason: systemMessage())
        }
        return .file(path: path, size: Int64(status.st_size), sha256: sha256)
    }
}

extension Release {
    /// What the description says of a graphics driver, for which no package of the host's repositories stands.
    var driverNote: String {
        let wanted = packages.flatMap { package in
            package.record.depends.filter { $0 == "__cuda" || $0.hasPrefix("__cuda ") }
                .map { (package.record.name, $0.replacing("__cuda", with: "CUDA")) }
        }
        guard !wanted.isEmpty else { return "" }
        let names = wanted.map(\.0).sorted().joined(separator: ", ")
        let versions = Set(wanted.map(\.1)).sorted().joined(separator: ", ")
        return "\n\nNeeds an NVIDIA driver for \(versions) on the host: \(names)."
    }
}
