import CondaModel
import RPMFormat
import ServiceRelease

/// What an RPM of ours carries, read from the RPM itself.
package struct Inspection: Codable, Sendable, Hashable {
    package struct Package: Codable, Sendable, Hashable {
        package var name: String
        package var version: String
        package var build: String
        /// Bytes of the archive.
        package var size: Int64?
        package var license: String?
        package var sha256: String?
        package var url: String
        /// Whether the manifest asks for it by name.
        package var requested: Bool
    }

    /// A program that root runs, or a part of one.
    package struct Program: Codable, Sendable, Hashable {
        package var name: String
        package var version: String?
        package var license: String?
        package var sha256: String?
        package var purl: String?
        /// Whether the parts are all there are: complete, incomplete, unknown.
        package var knowledge: String?
        package var parts: [Program]
    }

    /// What the RPM is for.
    package enum Kind: String, Codable, Sendable {
        case service
        /// One conda package of layout `split`.
        case package
    }

    package var kind: Kind
    /// Whether it is the source RPM.
    package var isSource: Bool
    package var name: String
    package var version: String
    package var release: String
    /// `src` of a source RPM.
    package var architecture: String
    package var summary: String
    package var license: String
    /// Of a service.
    package var target: TargetHost?
    /// Of a service.
    package var layout: Layout?
    /// Of a service.
    package var bootstrap: Bootstrap?
    /// Where the service's home is, or the unpacked package.
    package var prefix: String
    package var requested: [String]
    package var channels: [String]
    package var commands: [String]
    package var services: [String]
    package var checks: [Check]
    package var packages: [Package]
    package var wheels: [BundledWheel]
    /// What root runs of it, read from the bill of materials inside.
    package var programs: [Program]
    /// Bytes of the RPM.
    package var size: Int64
    /// Bytes of the linked prefix, or of the unpacked package.
    package var installedSize: Int64
    /// The digest of everything that went into it: of a conda package, that of its archive.
    package var inputs: String
    /// Of a service.
    package var tool: String?

    /// Reads the RPM's header and its release document.
    ///
    /// - Throws: `RPMError` when it is no RPM or a damaged one, `WorkflowError.noReleaseDocument` when it is not ours.
    package static func read(_ path: String) throws -> Inspection {
        let reader = try RPMReader(path: path)
        return switch try OwnPackage(reader) {
        case .service(let release): Inspection(release, reader)
        case .package(let record): Inspection(record, reader)
        }
    }

    /// A conda package of layout `split`, which knows no service.
    private init(_ record: PackageRecord, _ reader: RPMReader) {
        kind = .package
        isSource = reader.isSource
        name = reader.name
        version = reader.version
        release = reader.release
        architecture = reader.isSource ? "src" : reader.architecture
        summary = reader.summary
        license = reader.license
        prefix = SharedPackage(record).directory
        (requested, channels, commands, services, checks, wheels, programs) = ([], [], [], [], [], [], [])
        packages = [
            Package(
                name: record.name, version: "\(record.version)", build: record.build, size: record.size,
                license: record.license, sha256: record.sha256, url: record.url, requested: false)
        ]
        size = reader.size
        installedSize = reader.installedSize
        inputs = record.sha256 ?? ""
    }

    private init(_ release: Release, _ reader: RPMReader) {
        kind = .service
        isSource = reader.isSource
        name = release.name
        version = release.version
        self.release = release.release
        architecture = reader.isSource ? "src" : release.target.architecture
        summary = release.summary
        license = reader.license
        target = release.target
        layout = release.layout
        bootstrap = release.bootstrap
        prefix = release.prefix
        requested = release.requested
        channels = release.channels
        commands = release.commands
        services = release.services
        checks = release.checks
        packages = release.packages.map { package in
            Package(
                name: package.record.name, version: "\(package.record.version)", build: package.record.build,
                size: package.record.size, license: package.record.license, sha256: package.record.sha256,
                url: package.record.url, requested: !package.requested.isEmpty)
        }
        wheels = release.wheels
        programs = Program.all(reader)
        size = reader.size
        installedSize = release.installedSize
        inputs = release.inputs
        tool = release.tool
    }
}
