import CondaArchive
import CondaModel
import HostSystem

/// One path of an installed package, as `paths_data` of its `conda-meta` document holds it.
package struct InstalledPath: Codable, Sendable, Hashable {
    /// What a path is.
    package enum Kind: String, Codable, Sendable {
        case hardlink, softlink, directory
        case compiledModule = "pyc_file"
        case entryPoint = "unix_python_entry_point"
    }

    /// The path below the prefix as text.
    package private(set) var path: String

    /// The path's bytes in hexadecimal, where they are not UTF-8; conda has no place for them and ignores them.
    private var pathBytes: String?

    /// What it is.
    package var kind: Kind

    /// `text` or `binary`; only where a placeholder was replaced.
    package var fileMode: String?

    /// The placeholder that was replaced.
    package var placeholder: String?

    /// Whether the package asks for a copy of the file rather than a link to conda's cache.
    package var noLink: Bool?

    /// The SHA-256 digest that the package lists, in lower-case hexadecimal.
    package var digest: String?

    /// The SHA-256 digest of the contents in the prefix, in lower-case hexadecimal; nil for links and directories.
    package var digestInPrefix: String?

    /// The bytes that the package lists.
    package var size: Int64?

    /// The text of a symbolic link, by which it is verified; conda has no place for it and ignores it.
    package var linkTarget: String?

    private enum CodingKeys: String, CodingKey {
        case path = "_path"
        case pathBytes = "path_bytes"
        case kind = "path_type"
        case fileMode = "file_mode"
        case placeholder = "prefix_placeholder"
        case noLink = "no_link"
        case digest = "sha256"
        case digestInPrefix = "sha256_in_prefix"
        case size = "size_in_bytes"
        case linkTarget = "link_target"
    }

    /// A path without anything known about its contents.
    package init(path: RelativePath, kind: Kind) {
        self.path = path.string
        self.kind = kind
        pathBytes = path.isUTF8 ? nil : hexadecimal(path.bytes)
    }

    /// A path of which only the text is known.
    init(text: String, kind: Kind) {
        path = text
        self.kind = kind
    }

    /// Gives the path another place; conda, which alone needs this, has no paths that are not UTF-8.
    mutating func move(to text: String) {
        (path, pathBytes) = (text, nil)
    }

    /// The path as file systems have it.
    ///
    /// - Throws: ``PrefixError/badPath(package:path:problem:)`` for a path that leads out of the prefix.
    func location(in package: String) throws(PrefixError) -> RelativePath {
        let raw = if let pathBytes { bytes(hexadecimal: pathBytes) } else { Array(path.utf8) }
        guard let raw else {
            throw .badPath(package: package, path: path, problem: "its bytes are no hexadecimal text")
        }
        do throws(ArchiveFault) {
            return try RelativePath(bytes: raw)
        } catch {
            throw .badPath(package: package, path: path, problem: error.description)
        }
    }
}
