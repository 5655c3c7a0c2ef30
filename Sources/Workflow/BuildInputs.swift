import CondaChannel
import CondaModel
import RPMFormat
import ServiceManifest
import ServicePackaging

/// Everything that decides an RPM, resolved and digested, before anything is downloaded or written.
struct BuildInputs: Sendable {
    let name: String
    /// The RPM's version: `2.0rc1` of the manifest is `2.0~rc1` here.
    let version: String
    let architecture: String
    let locked: LockedPackages
    /// The wheels of `rpm.wheels`.
    let localWheels: [ResolvedWheel]
    let files: [ResolvedFile]
    let scripts: ResolvedScripts
    let bootstrap: ResolvedBootstrap?
    let hostTool: HostTool
    /// `SOURCE_DATE_EPOCH`, in seconds since 1970.
    let sourceDateEpoch: UInt32?
    let digest: String

    init(
        project: Project, locked: LockedPackages, hostTool: HostTool, bootstrap: ResolvedBootstrap?,
        environment: [String: String]
    ) throws {
        let manifest = project.manifest
        name = try manifest.requiredName()
        version = try rpmVersion(fromConda: try manifest.requiredVersion())
        guard let architecture = project.subdir.rpmArchitecture else {
            throw PackagingError.noArchitecture(subdir: project.subdir.rawValue)
        }
        if manifest.rpm.layout == .split, let bare = locked.records.first(where: { $0.sha256 == nil }) {
            throw PackagingError.unsupported(
                feature: "a lock without the sha256 of \(bare.name) in layout split", key: "rpm.layout",
                remedy: "lock anew with conda-rpm lock, or use 'layout: archives'")
        }
        self.architecture = architecture
        self.locked = locked
        try Self.checkSizes(manifest, locked)
        localWheels = try PipRequirements(manifest).localWheels.map { wheel in
            ResolvedWheel(
                fileName: wheel.path.lastPathName, path: wheel.path,
                sha256: try FileContents.sha256(wheel.path), url: nil, name: wheel.name)
        }
        files = try ResolvedFile.all(manifest)
        scripts = try ResolvedScripts(manifest)
        self.bootstrap = bootstrap
        self.hostTool = hostTool
        let epoch = environment["SOURCE_DATE_EPOCH"].flatMap { $0.isEmpty ? nil : $0 }
        sourceDateEpoch = try epoch.map(Self.seconds)
        digest = try InputsDigest(
            project: project, locked: locked, localWheels: localWheels, files: files, scripts: scripts,
            bootstrap: bootstrap?.sha256,
            hostTool: hostTool.sha256, sourceDateEpoch: sourceDateEpoch.map { "\($0)" }
        ).hexadecimalDigest()
    }

    /// A time that is none would be a time that nobody has chosen.
    private static func seconds(_ text: String) throws(WorkflowError) -> UInt32 {
        guard let seconds = UInt32(text) else { throw .noTime(variable: "SOURCE_DATE_EPOCH", text: text) }
        return seconds
    }
}

extension BuildInputs {
    /// Refuses what the target's rpm could not read before any of it is read or fetched.
    private static func checkSizes(_ manifest: Manifest, _ locked: LockedPackages) throws(PackagingError) {
        try FileSizes.check(manifest)
        guard manifest.rpm.layout == .archives else { return }
        let archives =
            locked.records.map { ($0.fileName, $0.size) } + locked.wheels.map { ($0.fileName, $0.details.size) }
        for (name, size) in archives { try FileSizes.check(size, of: name, key: "the lock", manifest.rpm.target) }
    }
}

/// The static host tool that goes into each RPM.
package struct HostTool: Sendable, Hashable {
    package let path: String
    let sha256: String

    /// Digests the program; once, however many RPMs it goes into, and again only when the file was touched.
    package init(_ path: String, cache: CacheDirectory) throws {
        self.path = path
        sha256 = try VerifiedArchives(cache).digest(of: path)
    }
}

/// The file of a bootstrap that brings one, checked.
struct ResolvedBootstrap: Sendable, Hashable {
    let path: String
    let sha256: String
    /// Bytes that it needs on a host for itself until the release is linked.
    let workspace: Int64
}
