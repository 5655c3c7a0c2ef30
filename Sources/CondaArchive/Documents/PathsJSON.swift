import CondaModel
import HostSystem

/// The list of a package's files (`info/paths.json`, CEP 34), or what older documents say in its place.
package struct PathsJSON: Sendable, Equatable {
    /// The entries in the document's order; no two have one path.
    package let entries: [PathEntry]

    package init(entries: [PathEntry]) {
        self.entries = entries
    }

    /// Decodes `info/paths.json`.
    ///
    /// - Throws: ``ArchiveFault/invalidDocument(_:)``, ``ArchiveFault/unsafePath(_:problem:)``,
    ///   ``ArchiveFault/duplicate(_:)``.
    package init(json: [UInt8], depth: Int = ArchiveLimits.standard.documentDepth) throws(ArchiveFault) {
        var version: Int64?
        var entries: [PathEntry]?
        try JSONReader.document(json, depth: depth) { reader throws(ArchiveFault) in
            try reader.object { key, reader throws(ArchiveFault) in
                switch key {
                case "paths_version": version = try reader.integer()
                case "paths": entries = try Self.entries(&reader)
                default: try reader.skip()
                }
            }
        }
        guard let version else { throw .invalidDocument("expected 'paths_version', found none") }
        guard version == 1 else { throw .invalidDocument("paths_version is \(version), expected 1") }
        guard let entries else { throw .invalidDocument("expected 'paths', found none") }
        self.entries = entries
    }

    private static func entries(_ reader: inout JSONReader) throws(ArchiveFault) -> [PathEntry] {
        var entries: [PathEntry] = []
        var seen: Set<RelativePath> = []
        try reader.array { reader throws(ArchiveFault) in
            let entry = try PathEntry(&reader)
            guard seen.insert(entry.path).inserted else { throw .duplicate(entry.path.description) }
            entries.append(entry)
        }
        return entries
    }
}

/// One file of a package, as its metadata describes it.
package struct PathEntry: Sendable, Equatable {
    /// How the file gets into a prefix.
    package enum PathType: String, Sendable {
        case hardlink
        case softlink
        case directory
    }

    /// A text in the file that stands for the prefix.
    package struct Placeholder: Sendable, Hashable {
        /// How it is replaced.
        package enum Mode: String, Sendable {
            case text
            case binary
        }

        /// What prefix placeholders were in the first packages, before each named its own.
        package static let standardText = "/opt/anaconda1anaconda2anaconda3"

        /// The bytes to look for; not empty.
        package let bytes: [UInt8]

        package let mode: Mode

        package init(bytes: [UInt8], mode: Mode) {
            self.bytes = bytes
            self.mode = mode
        }

        /// `bytes` as text.
        package var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// Where the file lies in the package.
    package let path: RelativePath

    /// How it gets into a prefix.
    package var type: PathType

    /// What to replace in it; nil when it holds no prefix.
    package var placeholder: Placeholder?

    /// Whether it must be copied, never linked.
    package var noLink: Bool

    /// SHA-256 of the contents in lower-case hexadecimal; of the target's contents for a symbolic link.
    package let sha256: String?

    /// Bytes of contents; of the target's contents for a symbolic link.
    package let size: Int64?

    package init(
        path: RelativePath, type: PathType = .hardlink, placeholder: Placeholder? = nil, noLink: Bool = false,
        sha256: String? = nil, size: Int64? = nil
    ) {
        self.path = path
        self.type = type
        self.placeholder = placeholder
        self.noLink = noLink
        self.sha256 = sha256
        self.size = size
    }
}

extension PathEntry {
    init(_ reader: inout JSONReader) throws(ArchiveFault) {
        var fields = PathFields()
        try reader.object { key, reader throws(ArchiveFault) in try fields.read(key, &reader) }
        guard let rawPath = fields.path else { throw .invalidDocument("an entry of 'paths' has no '_path'") }
        let path = try RelativePath(bytes: rawPath)
        guard !path.isInside("info") else {
            throw .invalidDocument("'\(path)' is listed, expected nothing of info/")
        }
        let mode = fields.mode ?? .text
        let placeholder = fields.placeholder.flatMap { $0.isEmpty ? nil : Placeholder(bytes: $0, mode: mode) }
        self.init(
            path: path, type: fields.type ?? .hardlink, placeholder: placeholder, noLink: fields.noLink ?? false,
            sha256: fields.sha256, size: fields.size)
    }
}

/// The keys of one entry while it is read; null counts as absent.
private struct PathFields {
    var path: [UInt8]?
    var type: PathEntry.PathType?
    var mode: PathEntry.Placeholder.Mode?
    var placeholder: [UInt8]?
    var noLink: Bool?
    var sha256: String?
    var size: Int64?

    mutating func read(_ key: String, _ reader: inout JSONReader) throws(ArchiveFault) {
        if try reader.isNull() { return }
        switch key {
        case "_path": path = try reader.bytes()
        case "path_type": type = try choice(key, try reader.string())
        case "file_mode": mode = try choice(key, try reader.string())
        case "prefix_placeholder": placeholder = try reader.bytes()
        case "no_link": noLink = try reader.boolean()
        case "sha256": sha256 = try Self.digest(try reader.string())
        case "size_in_bytes":
            size = try reader.integer()
            guard size ?? 0 >= 0 else { throw .invalidDocument("'size_in_bytes' is negative") }
        default: try reader.skip()
        }
    }

    private func choice<Choice: RawRepresentable<String>>(
        _ key: String, _ text: String
    ) throws(ArchiveFault) -> Choice {
        guard let choice = Choice(rawValue: text) else {
            throw .invalidDocument("'\(key)' is '\(printable(text.utf8))', which is none of its values")
        }
        return choice
    }

    private static func digest(_ text: String) throws(ArchiveFault) -> String {
        let digits = text.lowercased()
        guard isHexadecimal(digits, bytes: 32) else {
            throw .invalidDocument("'sha256' is '\(printable(text.utf8))', expected 64 hexadecimal digits")
        }
        return digits
    }
}
