import CondaModel
import FoundationEssentials

extension PackageRecord {
    /// Decodes `info/index.json`, which has no place of origin: `fileName`, `url` and `channel` stay empty.
    ///
    /// - Throws: ``ArchiveFault/invalidDocument(_:)``.
    init(indexJSON bytes: [UInt8]) throws(ArchiveFault) {
        do {
            self = try JSONDecoder().decode(PackageRecord.self, from: Data(bytes))
        } catch let error as DecodingError {
            throw .invalidDocument(error.place)
        } catch {
            throw .invalidDocument(String(describing: error))
        }
    }
}

extension DecodingError {
    /// The key and what is wrong with it, without the decoder's internals.
    fileprivate var place: String {
        switch self {
        case .keyNotFound(let key, _): "expected the key '\(key.stringValue)', found none"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(context.codingPath.map(\.stringValue).joined(separator: ".")): \(context.debugDescription)"
        @unknown default: String(describing: self)
        }
    }
}

/// The one thing of `info/index.json` that decides whether `link.json` is needed.
struct IndexKind {
    private(set) var isNoarchPython = false

    init(json: [UInt8], depth: Int) throws(ArchiveFault) {
        var noarch: String?
        try JSONReader.document(json, depth: depth) { reader throws(ArchiveFault) in
            try reader.object { key, reader throws(ArchiveFault) in
                if key == "noarch", reader.isString { noarch = try reader.string() } else { try reader.skip() }
            }
        }
        isNoarchPython = noarch == "python"
    }
}

/// The version in the `metadata.json` of a `.conda` file (CEP 35).
struct FormatVersion {
    let number: Int64

    init(json: [UInt8], depth: Int) throws(ArchiveFault) {
        var number: Int64?
        try JSONReader.document(json, depth: depth) { reader throws(ArchiveFault) in
            try reader.object { key, reader throws(ArchiveFault) in
                if key == "conda_pkg_format_version" { number = try reader.integer() } else { try reader.skip() }
            }
        }
        guard let number else {
            throw .invalidDocument("metadata.json: expected 'conda_pkg_format_version', found none")
        }
        self.number = number
    }
}
