/// What a package is, in words (`info/about.json`, CEP 34); every key is optional.
package struct AboutJSON: Sendable, Equatable {
    /// The SPDX expression of the licence, as the recipe has it.
    package private(set) var license: String?

    /// One sentence.
    package private(set) var summary: String?

    /// The address of the home page.
    package private(set) var home: String?

    /// Decodes `info/about.json`; values of an unexpected type count as absent, for nothing depends on them.
    ///
    /// - Throws: ``ArchiveFault/invalidDocument(_:)`` when it is no JSON object.
    package init(json: [UInt8], depth: Int = ArchiveLimits.standard.documentDepth) throws(ArchiveFault) {
        var values: [String: String] = [:]
        try JSONReader.document(json, depth: depth) { reader throws(ArchiveFault) in
            try reader.object { key, reader throws(ArchiveFault) in
                if reader.isString { values[key] = try reader.string() } else { try reader.skip() }
            }
        }
        license = values["license"]
        summary = values["summary"]
        home = values["home"]
    }
}
