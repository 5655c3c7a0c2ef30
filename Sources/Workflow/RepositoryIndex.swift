import CondaChannel
import CondaModel
import HostSystem
import ServicePackaging

/// The packages of a yum repository that is reached by its URL, as its metadata has them.
struct RepositoryIndex: Sendable {
    let connection: Connection

    /// Bytes of `repomd.xml` that are read, and of `primary.xml` packed and unpacked.
    private static let limits = (index: 4 << 20, packed: 256 << 20, unpacked: 2 << 30)

    /// Reads `repomd.xml` and the primary metadata that it names, which has to have the digest that stands there.
    ///
    /// - Parameter url: `http://` or `https://`; credentials come from it or from netrc.
    /// - Throws: `ChannelError`, `WorkflowError.noRepository` or `damagedRepository`.
    func packages(of url: String) async throws -> PublishedPackages {
        try await connection.withSession(channels: [], events: { _ in }) { session, _ in
            let bytes = try await document("repodata/repomd.xml", below: url, session, limit: Self.limits.index)
            let shown = ChannelName.withoutCredentials(url.hasSuffix("/") ? String(url.dropLast()) : url)
            guard let primary = RepositoryDocument.primary(of: bytes) else {
                throw WorkflowError.noRepository(url: shown, reason: "it names no primary")
            }
            let packed = try await document(primary.place, below: url, session, limit: Self.limits.packed)
            do throws(CompressedDocument.Failure) {
                let text = try primary.unpacked(packed, limit: Self.limits.unpacked)
                return PublishedPackages(RepositoryDocument.packages(of: text, place: shown))
            } catch {
                throw WorkflowError.damagedRepository(url: shown, reason: "\(primary.place): \(error.reason)")
            }
        }
    }

    private func document(
        _ path: String, below url: String, _ session: ChannelSession, limit: Int
    ) async throws -> [UInt8] {
        let text = url.hasSuffix("/") ? url + path : "\(url)/\(path)"
        guard let place = ResourceURL(text), let bytes = try await session.document(place, limit: limit) else {
            let shown = ChannelName.withoutCredentials(text)
            throw WorkflowError.noRepository(url: shown, reason: "there is no such document")
        }
        return bytes
    }
}

/// What `repomd.xml` says of the primary metadata.
struct PrimaryMetadata: Hashable, Sendable {
    /// Its path below the repository.
    var place = ""
    /// The digest of the file as it is served, in hexadecimal, and its algorithm (`sha256`, ...).
    var digest = ""
    var algorithm = ""

    /// Compares the digest, and unpacks the file.
    func unpacked(_ bytes: [UInt8], limit: Int) throws(CompressedDocument.Failure) -> [UInt8] {
        guard let found = digest(of: bytes) else {
            throw CompressedDocument.Failure(
                reason: "expected a digest of the kind sha256 in repomd.xml, found '\(algorithm)'")
        }
        guard found == digest.lowercased() else {
            throw CompressedDocument.Failure(reason: "expected \(algorithm) \(digest), found \(found)")
        }
        return try CompressedDocument.unpacked(bytes, limit: limit)
    }

    /// In the algorithms that dnf takes; nil for others.
    private func digest(of bytes: [UInt8]) -> String? {
        switch algorithm {
        case "sha256": hexadecimal(Digest.of(.sha256, bytes))
        case "sha384": hexadecimal(Digest.of(.sha384, bytes))
        case "sha512": hexadecimal(Digest.of(.sha512, bytes))
        case "sha", "sha1": hexadecimal(Digest.of(.sha1, bytes))
        default: nil
        }
    }
}

/// What is wanted of the two XML documents.
private struct RepositoryDocument {
    private var primary: PrimaryMetadata?
    private var packages: [PublishedPackages.Package] = []
    private let place: String
    private var data: String?
    private var isPackage = false
    private var checksum: String?
    private var fields: [String: String] = [:]

    private init(place: String) { self.place = place }

    static func primary(of bytes: [UInt8]) -> PrimaryMetadata? {
        read(bytes, place: "").primary.flatMap { $0.place.isEmpty ? nil : $0 }
    }

    static func packages(of bytes: [UInt8], place: String) -> [PublishedPackages.Package] {
        read(bytes, place: place).packages
    }

    private static func read(_ bytes: [UInt8], place: String) -> RepositoryDocument {
        var document = RepositoryDocument(place: place)
        let isWhole = XMLDocument.read(bytes) { event in
            switch event {
            case .start(let element, let attributes): document.start(element, attributes)
            case .end(let element, let text): document.end(element, text)
            }
        }
        // What is cut or no XML at all tells nothing.
        return isWhole ? document : RepositoryDocument(place: place)
    }

    private mutating func start(_ element: String, _ attributes: XMLDocument.Attributes) {
        switch element {
        case "data":
            data = attributes["type"]
            if data == "primary" { primary = PrimaryMetadata() }
        case "package":
            isPackage = true
            fields = [:]
        case "version" where isPackage:
            fields["epoch"] = attributes["epoch"]
            fields["version"] = attributes["ver"]
            fields["release"] = attributes["rel"]
        case "checksum": checksum = attributes["type"]
        case "location":
            if isPackage { fields["place"] = attributes["href"] }
            if data == "primary" { primary?.place = attributes["href"] ?? "" }
        case "rpm:entry" where attributes["name"] == ServicePackage.inputsCapability:
            fields["inputs"] = attributes["ver"]
        case "rpm:entry" where attributes["name"] == ServicePackage.afterCapability:
            let (version, release) = (attributes["ver"] ?? "", attributes["rel"] ?? "")
            fields["after"] = "\(attributes["epoch"] ?? "0"):\(version)-\(release)"
        default: break
        }
    }

    private mutating func end(_ element: String, _ text: String) {
        switch element {
        case "name" where isPackage: fields["name"] = text
        case "arch" where isPackage: fields["arch"] = text
        case "checksum" where isPackage && checksum == "sha256": fields["sha256"] = text
        case "checksum" where data == "primary":
            primary?.digest = text
            primary?.algorithm = checksum ?? ""
        case "data": data = nil
        case "package": endPackage()
        default: break
        }
    }

    private mutating func endPackage() {
        isPackage = false
        guard let name = fields["name"], let version = fields["version"], let release = fields["release"],
            let architecture = fields["arch"], architecture != "src"
        else { return }
        packages.append(
            PublishedPackages.Package(
                name: name, version: version, release: release, architecture: architecture,
                inputs: fields["inputs"], place: "\(place)/\(fields["place"] ?? "")", path: nil,
                epoch: fields["epoch"] ?? "0", after: fields["after"].flatMap(EVR.init), sha256: fields["sha256"]))
    }
}
