import CondaModel
import FoundationEssentials
import ServiceRelease

/// The packages of a release as a CycloneDX 1.6 document, for vulnerability scanners and auditors.
///
/// It names no time and no random serial number: equal releases have equal bills.
package struct SoftwareBill: Codable, Sendable {
    package struct Component: Codable, Sendable {
        package var type = "library"
        package var name: String
        package var version: String?
        package var purl: String?
        package var bomRef: String?
        package var licenses: [License]?
        package var hashes: [Hash]?
        /// The Python distributions inside a conda package, by the names that advisories use; the parts of a program.
        package var components: [Component]?

        enum CodingKeys: String, CodingKey {
            case type, name, version, purl, licenses, hashes, components
            case bomRef = "bom-ref"
        }
    }

    /// A name as the package states it, or an SPDX expression.
    package struct License: Codable, Sendable {
        package struct Named: Codable, Sendable { package var name: String }
        package var license: Named?
        package var expression: String?
    }

    package struct Hash: Codable, Sendable {
        package var alg: String
        package var content: String
    }

    package struct Metadata: Codable, Sendable {
        package var component: Component
    }

    /// How much is known of what a component is made of.
    package struct Composition: Codable, Sendable {
        package var aggregate: String
        package var assemblies: [String]
    }

    var bomFormat = "CycloneDX"
    var specVersion = "1.6"
    var version = 1
    package var metadata: Metadata
    package var components: [Component]
    package var compositions: [Composition]?

    /// Reads the document of an RPM.
    package init(json: [UInt8]) throws { self = try JSONDecoder().decode(SoftwareBill.self, from: Data(json)) }

    init(_ release: Release, programs: [CarriedProgram] = []) {
        let version = release.identifier
        metadata = Metadata(
            component: Component(
                type: "application", name: release.name, version: version, bomRef: "\(release.name)-\(version)"))
        components = release.packages.map(Self.component) + release.wheels.map(Self.component)
        components += programs.map(Self.component)
        let known = programs.map { Composition(aggregate: $0.knowledge.rawValue, assemblies: [Self.purl($0)]) }
        compositions = known.isEmpty ? nil : known
    }

    /// The programs that root runs on a host: conda packages are libraries to the service.
    package var programs: [Component] { components.filter { $0.type == "application" } }

    /// What is known of the parts of a component: complete, incomplete, unknown.
    package func knowledge(of component: Component) -> String? {
        compositions?.first { component.bomRef.map($0.assemblies.contains) ?? false }?.aggregate
    }

    /// Sorted keys, so that equal bills are equal bytes.
    func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    private static func component(_ package: BundledPackage) -> Component {
        let record = package.record
        let hashes = [("SHA-256", record.sha256), ("MD5", record.md5)].compactMap { algorithm, digest in
            digest.map { Hash(alg: algorithm, content: $0) }
        }
        let purl = Self.purl(package)
        return Component(
            name: record.name, version: "\(record.version)", purl: purl, bomRef: purl,
            licenses: record.license.map { [License(license: .init(name: $0))] },
            hashes: hashes.isEmpty ? nil : hashes,
            components: package.distributions?.map {
                Component(name: $0.name, version: $0.version, purl: Self.purl($0.name, $0.version))
            })
    }

    private static func component(_ wheel: BundledWheel) -> Component {
        let purl = Self.purl(wheel.name, wheel.version)
        return Component(
            name: wheel.name, version: wheel.version, purl: purl, bomRef: purl,
            licenses: wheel.license.map { [License(license: .init(name: $0))] },
            hashes: [Hash(alg: "SHA-256", content: wheel.sha256)])
    }

    private static func component(_ program: CarriedProgram) -> Component {
        Component(
            type: "application", name: program.name, version: program.version, purl: purl(program),
            bomRef: purl(program), licenses: program.license.map { [License(expression: $0)] },
            hashes: [Hash(alg: "SHA-256", content: program.sha256)],
            components: program.parts.isEmpty ? nil : program.parts.map(component))
    }

    private static func component(_ part: CarriedProgram.Part) -> Component {
        Component(
            name: part.name, version: part.version, purl: part.purl,
            licenses: part.license.map { [License(expression: $0)] }, components: part.parts?.map(component))
    }

    /// `pkg:generic/NAME@VERSION?checksum=sha256:HEX` (package-url specification, type generic).
    private static func purl(_ program: CarriedProgram) -> String {
        let version = program.version.map { "@\(escaped($0))" } ?? ""
        let place = program.url.map { "&download_url=\(escaped($0))" } ?? ""
        return "pkg:generic/\(escaped(program.name))\(version)?checksum=sha256:\(program.sha256)\(place)"
    }

    /// `pkg:pypi/NAME@VERSION` (package-url specification, type pypi: lower case, dashes for underscores).
    private static func purl(_ distribution: String, _ version: String) -> String {
        let name = distribution.lowercased().replacing("_", with: "-")
        return "pkg:pypi/\(escaped(name))@\(escaped(version))"
    }

    /// `pkg:conda/NAME@VERSION?build=...&channel=...&subdir=...&type=...` (package-url specification, type conda).
    private static func purl(_ package: BundledPackage) -> String {
        let record = package.record
        let type = record.fileName.hasSuffix(".conda") ? "conda" : "tar.bz2"
        let qualifiers = [
            ("build", record.build), ("channel", record.channel), ("subdir", record.subdir), ("type", type),
        ]
        let query = qualifiers.filter { !$0.1.isEmpty }.map { "\($0.0)=\(escaped($0.1))" }.joined(separator: "&")
        return "pkg:conda/\(escaped(record.name))@\(escaped("\(record.version)"))?\(query)"
    }

    private static func escaped(_ text: String) -> String { percentEncoded(text, keeping: "-._~:") }
}
