import Foundation
import ServiceRelease

/// The packages of a release as a CycloneDX 1.6 document, for vulnerability scanners and auditors.
///
/// It names no time and no random serial number: equal releases have equal bills.
struct SoftwareBill: Encodable {
    struct Component: Encodable {
        var type = "library"
        var name: String
        var version: String
        var purl: String?
        var bomRef: String?
        var licenses: [License]?
        var hashes: [Hash]?
        /// The Python distributions inside a conda package, by the names that advisories use.
        var components: [Component]?

        enum CodingKeys: String, CodingKey {
            case type, name, version, purl, licenses, hashes, components
            case bomRef = "bom-ref"
        }
    }

    struct License: Encodable {
        struct Named: Encodable { var name: String }
        var license: Named
    }

    struct Hash: Encodable {
        var alg: String
        var content: String
    }

    struct Metadata: Encodable {
        var component: Component
    }

    var bomFormat = "CycloneDX"
    var specVersion = "1.6"
    var version = 1
    var metadata: Metadata
    var components: [Component]

    init(_ release: Release) {
        let version = release.identifier
        metadata = Metadata(
            component: Component(
                type: "application", name: release.name, version: version, bomRef: "\(release.name)-\(version)"))
        components = release.packages.map(Self.component) + release.wheels.map(Self.component)
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

    private static func escaped(_ text: String) -> String {
        let plain = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-._~:"))
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? text
    }
}
