import CondaArchive
import FoundationEssentials

/// JSON documents in a prefix.
enum Document {
    /// The most bytes that a document of a prefix may have; packages of 200,000 files need 100 million.
    private static let limit = 512 << 20

    /// Reads and decodes a document; nil when there is none.
    static func read<Value: Decodable>(_ path: String, in directory: SafeDirectory) throws(PrefixError) -> Value? {
        let bytes = try PrefixError.writing { () throws(DirectoryError) -> [UInt8]? in
            guard let location = try? RelativePath(path), try directory.status(location) != nil else { return nil }
            return try directory.read(location, limit: limit)
        }
        guard let bytes else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(bytes))
        } catch {
            throw .badDocument(path: "\(directory.path)/\(path)", problem: "expected JSON as conda writes it: \(error)")
        }
    }

    /// The bytes of a document, which depend on nothing but the value.
    static func encode(_ value: some Encodable, path: String) throws(PrefixError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(value)) + [UInt8(ascii: "\n")]
        } catch {
            throw .badDocument(path: path, problem: "\(error)")
        }
    }
}
