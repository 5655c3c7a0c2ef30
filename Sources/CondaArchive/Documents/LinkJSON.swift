/// What a noarch package needs at installation (`info/link.json`, CEP 34).
package struct LinkJSON: Sendable, Equatable {
    /// `python` or `generic`; nil when the document does not speak of noarch.
    package let noarchType: String?

    /// Lines of the form `command = module:function`, as they stand.
    package let entryPoints: [String]

    package init(noarchType: String?, entryPoints: [String]) {
        self.noarchType = noarchType
        self.entryPoints = entryPoints
    }

    /// Decodes `info/link.json`; keys without a meaning any more (`preferred_env`) are ignored.
    ///
    /// - Throws: ``ArchiveFault/invalidDocument(_:)``.
    package init(json: [UInt8], depth: Int = ArchiveLimits.standard.documentDepth) throws(ArchiveFault) {
        var type: String?
        var entryPoints: [String] = []
        var version: Int64 = 1
        try JSONReader.document(json, depth: depth) { reader throws(ArchiveFault) in
            try reader.object { key, reader throws(ArchiveFault) in
                guard try !reader.isNull() else { return }
                switch key {
                case "package_metadata_version": version = try reader.integer()
                case "noarch": (type, entryPoints) = try Self.noarch(&reader)
                default: try reader.skip()
                }
            }
        }
        guard version == 1 else { throw .invalidDocument("package_metadata_version is \(version), expected 1") }
        self.init(noarchType: type, entryPoints: entryPoints)
    }

    private static func noarch(_ reader: inout JSONReader) throws(ArchiveFault) -> (String?, [String]) {
        var type: String?
        var entryPoints: [String] = []
        try reader.object { key, reader throws(ArchiveFault) in
            guard try !reader.isNull() else { return }
            switch key {
            case "type": type = try reader.string()
            case "entry_points":
                try reader.array { reader throws(ArchiveFault) in entryPoints.append(try reader.string()) }
            default: try reader.skip()
            }
        }
        return (type, entryPoints)
    }
}
