import CondaModel
import FoundationEssentials
import Glibc
import HostSystem
import RPMFormat
import ServiceManifest

/// A file of `rpm.files` as it stands on this machine, with its digest.
package struct ResolvedFile: Sendable, Hashable {
    /// What an RPM brings of it.
    package enum Kind: Sendable, Hashable {
        case directory
        /// The digest in lower-case hexadecimal.
        case file(sha256: String)
        /// A symbolic link, its target as it stands in the link.
        case link(target: String)
    }

    /// The entry of the manifest that it comes from, for messages: `rpm.files[0]`.
    package var key: String
    package var source: String
    package var destination: String
    package var kind: Kind
    package var mode: UInt16
    package var owner: String
    package var group: String
    package var flags: RPMFileFlags

    package var isDirectory: Bool { kind == .directory }

    /// What tells its contents from others: a digest, or where a link leads.
    package var identity: String {
        switch kind {
        case .directory: "directory"
        case .file(let sha256): sha256
        case .link(let target): "-> \(target)"
        }
    }

    /// Resolves every entry of a manifest.
    ///
    /// A source that is a directory brings everything below it. A source that is a link stands for what it leads to, as with
    /// `cp -RH`: the manifest names it. Links below a source stay links, as fpm, nfpm and a spec's `%install` keep them.
    ///
    /// - Throws: `PackagingError.fileUnreadable` naming the entry, `PackagingError.linkAstray`, `PackagingError.fileTooLarge`.
    package static func all(_ manifest: Manifest) throws(PackagingError) -> [ResolvedFile] {
        var result: [ResolvedFile] = []
        for (index, file) in manifest.rpm.files.enumerated() {
            let entry = SourceEntry(
                file: file, key: "rpm.files[\(index)]", root: manifest.resolved(file.source),
                target: manifest.rpm.target)
            try entry.collect(into: &result)
        }
        try LinkPlaces(result).check(folder: manifest.resolved("."))
        return result
    }

    /// How rpm treats it.
    fileprivate static func flags(_ file: InstalledFile, isDirectory: Bool) -> RPMFileFlags {
        var flags: RPMFileFlags = []
        if file.isDocumentation { flags.insert(.doc) }
        if file.isLicense { flags.insert(.license) }
        guard let config = file.config, !isDirectory else { return flags }
        flags.insert(.config)
        if config == .noreplace { flags.insert(.noReplace) }
        return flags
    }
}

/// One entry of `rpm.files`.
private struct SourceEntry {
    let file: InstalledFile
    let key: String
    let root: String
    let target: Target

    func collect(into result: inout [ResolvedFile]) throws(PackagingError) {
        var status = stat()
        guard stat(root, &status) == 0 else { throw unreadable(root, missing(code: errno)) }
        try collect(root, file.destination, status, into: &result)
    }

    /// Why the source itself cannot be had.
    private func missing(code: Int32) -> String {
        guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: root), code == ENOENT else {
            return code == ENOENT ? "it does not exist" : systemMessage(code)
        }
        return "it is a link to \(target), which does not exist"
    }

    private func collect(
        _ source: String, _ destination: String, _ status: stat, into result: inout [ResolvedFile]
    ) throws(PackagingError) {
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            result.append(resolved(source, destination, .directory, status))
            for name in try names(source) {
                let below = "\(source)/\(name)"
                var status = stat()
                guard lstat(below, &status) == 0 else { throw unreadable(below, systemMessage()) }
                try collect(below, "\(destination)/\(name)", status, into: &result)
            }
        case S_IFLNK: result.append(resolved(source, destination, .link(target: try leadsTo(source)), status))
        case S_IFREG:
            // A link to a large file has no size of its own, by which it would have been refused already.
            try FileSizes.check(Int64(status.st_size), of: source, key: key, target)
            result.append(resolved(source, destination, .file(sha256: try digest(source)), status))
        default: throw unreadable(source, "expected a file, a directory or a link, found a device, a pipe or a socket")
        }
    }

    private func resolved(
        _ source: String, _ destination: String, _ kind: ResolvedFile.Kind, _ status: stat
    ) -> ResolvedFile {
        let isDirectory = kind == .directory
        let usual = isDirectory || status.st_mode & 0o111 != 0 ? 0o755 : 0o644
        let wanted = file.mode.map { isDirectory ? $0 | ($0 & 0o444) >> 2 : $0 } ?? usual
        let mode = if case .link = kind { 0o777 } else { wanted }
        return ResolvedFile(
            key: key, source: source, destination: destination, kind: kind, mode: UInt16(mode),
            owner: file.owner ?? "root", group: file.group ?? "root",
            flags: ResolvedFile.flags(file, isDirectory: isDirectory))
    }

    private func names(_ folder: String) throws(PackagingError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw unreadable(folder, error.systemReason)
        }
    }

    private func leadsTo(_ link: String) throws(PackagingError) -> String {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: link)
        } catch {
            throw unreadable(link, error.systemReason)
        }
    }

    private func digest(_ path: String) throws(PackagingError) -> String {
        do {
            return hexadecimal(Digest.sha256(try Data(contentsOf: URL(fileURLWithPath: path))))
        } catch {
            throw unreadable(path, error.systemReason)
        }
    }

    private func unreadable(_ path: String, _ reason: String) -> PackagingError {
        .fileUnreadable(path: path, key: key, reason: reason)
    }
}
