import CondaModel
import FoundationEssentials
import HostSystem

extension Release {
    /// The document as written into a bundle: sorted keys, one value per line, a final newline.
    package func json() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - json: The bytes of `release.json`.
    ///   - origin: Where they were read, for the error.
    /// - Throws: `ReleaseError` when the bytes are no release document or one of a newer format.
    package init(json: [UInt8], origin: String) throws(ReleaseError) {
        struct Header: Decodable { var format: Int }
        let decoder = JSONDecoder()
        let data = Data(json)
        do {
            let format = try decoder.decode(Header.self, from: data).format
            guard format <= Release.currentFormat else {
                throw ReleaseError.newerFormat(found: format, origin: origin)
            }
            self = try decoder.decode(Release.self, from: data)
        } catch let error as ReleaseError {
            throw error
        } catch {
            throw ReleaseError.malformed(reason: "\(error)", origin: origin)
        }
    }

    /// Reads the document of a bundle directory.
    package init(bundle: String) throws(ReleaseError) {
        try self.init(path: "\(bundle)/\(Release.fileName)")
    }

    /// Reads the document at a path.
    package init(path: String) throws(ReleaseError) {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path)
        }
        try self.init(json: [UInt8](data), origin: path)
    }
}

/// A release document that cannot be used.
package enum ReleaseError: ActionableError {
    case unreadable(path: String)
    case malformed(reason: String, origin: String)
    case newerFormat(found: Int, origin: String)

    package var description: String {
        switch self {
        case .unreadable(let path): "cannot read \(path)"
        case .malformed(let reason, let origin): "\(origin) is not a release document: \(reason)"
        case .newerFormat(let found, let origin):
            "\(origin) has format \(found); this tool reads formats up to \(Release.currentFormat)"
        }
    }

    package var hint: String? {
        switch self {
        case .unreadable: "reinstall the package that owns it: dnf reinstall NAME"
        case .malformed: "the file was changed or cut after it was written; reinstall the package"
        case .newerFormat: "use the conda-rpm that built the package, or a newer one"
        }
    }
}
