import CondaModel

extension Manifest {
    /// The manifest as one line of JSON that depends on nothing but its meaning.
    ///
    /// Formatting, comments, the order of keys, the manifest's own path and defaults written out leave no trace. The
    /// order of lists stays: it decides channel priority and the order of files. Used for the digest of all inputs.
    package func canonicalJSON() throws -> String { try stableJSON(self) }

    /// The JSON Schema (2020-12) of a manifest, made from the table the decoder uses.
    package static func jsonSchema() throws -> String {
        guard case .object(var members) = table.schema else { return "" }
        members["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        members["title"] = "conda-rpm manifest: an environment.yml with an rpm section"
        return try stableJSON(JSONValue.object(members), pretty: true) + "\n"
    }
}
