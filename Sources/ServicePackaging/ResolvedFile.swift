import CondaModel
import Crypto
import Foundation
import RPMFormat
import ServiceManifest

/// A file of `rpm.files` as it stands on this machine, with its digest.
package struct ResolvedFile: Sendable, Hashable {
    package var source: String
    package var destination: String
    package var isDirectory: Bool
    package var mode: UInt16
    package var owner: String
    package var group: String
    package var flags: RPMFileFlags
    /// Lower-case hexadecimal; nil for a directory.
    package var sha256: String?

    /// Resolves every entry of a manifest; a source that is a directory brings everything below it.
    ///
    /// - Throws: `PackagingError.fileUnreadable` naming the entry.
    package static func all(_ manifest: Manifest) throws(PackagingError) -> [ResolvedFile] {
        var result: [ResolvedFile] = []
        for (index, file) in manifest.rpm.files.enumerated() {
            let key = "rpm.files[\(index)]"
            let source = manifest.resolved(file.source)
            var isDirectory: ObjCBool = false
            guard FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory) else {
                throw .fileUnreadable(path: source, key: key, reason: "it does not exist")
            }
            result.append(try ResolvedFile(file, source: source, destination: file.destination, key: key))
            guard isDirectory.boolValue else { continue }
            for below in (FileManager.default.subpaths(atPath: source) ?? []).sorted() {
                result.append(
                    try ResolvedFile(
                        file, source: "\(source)/\(below)", destination: "\(file.destination)/\(below)", key: key))
            }
        }
        return result
    }

    private init(_ file: InstalledFile, source: String, destination: String, key: String) throws(PackagingError) {
        var isDirectory: ObjCBool = false
        _ = FileManager.default.fileExists(atPath: source, isDirectory: &isDirectory)
        let executable = isDirectory.boolValue || FileManager.default.isExecutableFile(atPath: source)
        self.source = source
        self.destination = destination
        self.isDirectory = isDirectory.boolValue
        mode = UInt16(
            file.mode.map { isDirectory.boolValue ? $0 | ($0 & 0o444) >> 2 : $0 } ?? (executable ? 0o755 : 0o644))
        owner = file.owner ?? "root"
        group = file.group ?? "root"
        flags = Self.flags(file, isDirectory: isDirectory.boolValue)
        guard !isDirectory.boolValue else { return }
        do {
            sha256 = hexadecimal(SHA256.hash(data: try Data(contentsOf: URL(fileURLWithPath: source))))
        } catch {
            throw .fileUnreadable(path: source, key: key, reason: error.localizedDescription)
        }
    }

    private static func flags(_ file: InstalledFile, isDirectory: Bool) -> RPMFileFlags {
        var flags: RPMFileFlags = []
        if file.isDocumentation { flags.insert(.doc) }
        if file.isLicense { flags.insert(.license) }
        guard let config = file.config, !isDirectory else { return flags }
        flags.insert(.config)
        if config == .noreplace { flags.insert(.noReplace) }
        return flags
    }
}
