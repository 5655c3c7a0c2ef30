import FoundationEssentials

extension CarriedProgram {
    /// The section in which `scripts/build` leaves what the host tool is made of.
    package static let section = ".conda_rpm.parts"

    /// What the section holds, as `scripts/host-parts` writes it.
    private struct Document: Decodable {
        var format: Int
        var name: String
        var version: String
        var license: String
        var parts: [Part]
        var texts: [String: String]
    }

    /// The host tool, described by itself: the description is a part of the file and so of its digest, so that it cannot
    /// speak of another one and equal tools make equal RPMs.
    ///
    /// A tool that tells nothing, because it was not made by `scripts/build`, is carried with unknown parts.
    ///
    /// - Parameter description: the bytes of its section ``section``; nil where it has none.
    /// - Throws: `PackagingError.fileUnreadable` for a description that is none.
    package init(hostTool path: String, description: [UInt8]?, sha256: String) throws(PackagingError) {
        guard let description else {
            self.init(name: ServicePackage.hostToolName, sha256: sha256)
            return
        }
        do {
            let document = try JSONDecoder().decode(Document.self, from: Data(description))
            self.init(
                name: document.name, version: document.version, license: document.license, sha256: sha256,
                parts: document.parts, knowledge: .complete)
            texts = document.texts.sorted { $0.key < $1.key }.map { path, text in
                BundledLicense(package: document.name, path: path, text: Array(text.utf8))
            }
        } catch {
            throw .fileUnreadable(path: path, key: "host tool", reason: "its section \(Self.section): \(error)")
        }
    }
}
