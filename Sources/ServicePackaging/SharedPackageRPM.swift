import CondaModel
import RPMFormat
import ServiceManifest
import ServiceRelease

/// The RPM of one conda package, unpacked for all services of a host (layout `split`).
///
/// Nothing of a service's manifest is in it, but for what its target can read: services built apart share it.
package struct SharedPackageRPM: Sendable {
    /// Raised when equal archives give other files.
    private static let packaging = 2

    /// The package's record, with its digest.
    package let record: PackageRecord
    package let licenses: [BundledLicense]
    package let target: Target
    /// Licence texts of the program that unpacks the archive, which is in the source RPM alone.
    package var notices: [UInt8] = []

    package init(record: PackageRecord, licenses: [BundledLicense], target: Target) {
        self.record = record
        self.licenses = licenses
        self.target = target
    }

    private var shared: SharedPackage { SharedPackage(record) }

    /// What a service requires: this package and no other, which the name tells already; of any release, for services
    /// built for another target, or by another version of this tool, need the same files.
    package var relation: RPMDependency { RPMDependency(shared.rpmName, .equal, version) }

    /// The RPM's version.
    package var version: String { SharedPackage.rpmVersion(record) }

    /// The RPM's release, such as `1.el9`.
    package var release: String { "\(Self.packaging)\(target.distSuffix)" }

    /// `noarch` packages are that for rpm, too; the address tells them, for a lock may know no subdir.
    package func architecture(of service: String) -> String {
        record.url.split(separator: "/").dropLast().last == "noarch" ? "noarch" : service
    }

    /// What the package says of its hosts, as far as RPMs stand for it: `__glibc >=2.28` becomes `glibc >= 2.28`.
    private var hostRequires: [RPMDependency] {
        let clauses = record.depends.filter { $0.hasPrefix("__glibc ") }
            .flatMap { $0.dropFirst("__glibc ".count).split(separator: ",") }
        return clauses.filter { $0.hasPrefix(">=") }.map {
            RPMDependency("glibc", .greaterOrEqual, $0.dropFirst(2).filter { !$0.isWhitespace })
        }
    }

    /// The RPM as a value.
    ///
    /// - Parameters:
    ///   - tree: the package's directory and all that is in it.
    ///   - architecture: the service's, such as `x86_64`.
    ///   - archive: where the archive is.
    ///   - hostTool: the program that unpacks it again for rpmbuild.
    /// - Throws: `PackagingError.fileUnreadable`.
    package func description(
        _ tree: [RPMFile], architecture service: String, archive: String, hostTool: String
    ) throws(PackagingError) -> RPMDescription {
        var rpm = RPMDescription(
            name: shared.rpmName, version: version, release: release, architecture: architecture(of: service),
            summary: "The conda package \(record.name) \(record.version) (\(record.build))",
            description: """
                The conda package \(record.name)-\(record.version)-\(record.build), unpacked in
                \(shared.directory)
                for the services that link their environments from it.
                """,
            license: LicenseExpression.joined(own: nil, bundled: [(record.name, record.license)]),
            buildTime: tree.compactMap(\.modificationTime).max() ?? 0, payload: target.payload(.split),
            compatibility: target.compatibility)
        if rpm.architecture == "noarch" { rpm.buildArchitecture = service }
        rpm.requires = hostRequires
        rpm.provides = [RPMDependency(ServicePackage.inputsCapability, .equal, record.sha256)]
        let paths = tree.lazy.map { String($0.path.dropFirst(shared.directory.count + 1)) }
        rpm.provides += BundledProvides.of(record, PythonDistribution.among(paths))
        let folders = ["/opt/conda-rpm", SharedPackage.root]
        rpm.files = folders.map { RPMFile(path: $0, contents: .directory, mode: 0o755) }
        rpm.files += BundledLicense.files(licenses, below: "/usr/share/licenses/\(shared.rpmName)")
        let tool = ServicePackage.hostToolName
        rpm.trees = [
            RPMTree(
                root: shared.directory, files: tree,
                inputs: [
                    .init(path: tool, contents: try ServicePackage.file(hostTool, sha256: nil, key: "host tool")),
                    .init(
                        path: record.fileName,
                        contents: try ServicePackage.file(archive, sha256: record.sha256, key: "archive")),
                ] + (notices.isEmpty ? [] : [.init(path: "\(tool).licenses", contents: .data(notices))]),
                program: tool, arguments: ["unpack", record.fileName, "--sha256", record.sha256 ?? ""])
        ]
        return rpm
    }
}
