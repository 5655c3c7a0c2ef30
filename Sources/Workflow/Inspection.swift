import CondaModel
import Foundation
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

    package var name: String
    package var version: String
    package var release: String
    package var architecture: String
    package var summary: String
    package var license: String
    package var target: TargetHost
    package var layout: Layout
    package var bootstrap: Bootstrap
    package var prefix: String
    package var requested: [String]
    package var channels: [String]
    package var commands: [String]
    package var services: [String]
    package var checks: [Check]
    package var packages: [Package]
    package var wheels: [BundledWheel]
    /// Bytes of the RPM.
    package var size: Int64
    /// Bytes of the linked prefix.
    package var installedSize: Int64
    package var inputs: String
    package var tool: String

    /// Reads the RPM's header and its release document.
    ///
    /// - Throws: `RPMError` when it is no RPM or a damaged one, `WorkflowError.noReleaseDocument` when it is not ours.
    package static func read(_ path: String) throws -> Inspection {
        let reader = try RPMReader(path: path)
        return Inspection(try Release(rpm: reader), reader)
    }

    private init(_ release: Release, _ reader: RPMReader) {
        name = release.name
        version = release.version
        self.release = release.release
        architecture = release.target.architecture
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
        size = reader.size
        installedSize = release.installedSize
        inputs = release.inputs
        tool = release.tool
    }
}
