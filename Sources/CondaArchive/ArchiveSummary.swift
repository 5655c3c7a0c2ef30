import CondaModel

/// What a build needs to know of an archive without unpacking it.
package struct ArchiveSummary: Codable, Sendable, Equatable {
    /// The shortest text in a binary file that the prefix must fit into.
    package struct BinaryPlaceholder: Codable, Sendable, Equatable {
        /// Bytes of the placeholder, which no prefix may exceed.
        package let length: Int

        /// The file that holds it.
        package let file: String
    }

    /// The fields of `info/index.json`; the place of origin is empty.
    package let record: PackageRecord

    /// Bytes of all files once installed, not counting links.
    package let installedSize: Int64

    /// Bytes of those files that hold the prefix, or that must not be linked for another reason.
    package let copiedSize: Int64

    /// Files and links once installed, without those that installation itself makes.
    package let fileCount: Int

    /// What bounds the length of the prefix; nil when nothing does.
    package let shortestBinaryPlaceholder: BinaryPlaceholder?

    /// Lines of the form `command = module:function` of a noarch python package.
    package let entryPoints: [String]

    /// The programs that the package brings into `bin/` by itself, without those of its entry points, sorted.
    package let programs: [String]

    /// The Python distributions among the files, sorted.
    package let distributions: [PythonDistribution]

    /// The scripts that conda runs around linking and unlinking, by their path in the package.
    package let linkScripts: [String]

    /// The licence texts among the metadata, by their path in the archive, sorted.
    ///
    /// Some `.conda` files have them in the payload, where looking costs more: ``CondaArchive/licenses(limit:)``.
    package let licenseFiles: [String]

    /// What the package is, in a sentence.
    package let summary: String?

    /// The address of the home page.
    package let home: String?

    /// The programs in `bin/` once the package is installed.
    package var allPrograms: [String] {
        programs + entryPoints.map { String($0.prefix { $0 != "=" && !$0.isWhitespace }) }
    }

    /// Whether conda runs a script of the package around linking or unlinking.
    package var hasLinkScripts: Bool { !linkScripts.isEmpty }

    /// Reads what an archive tells; the payload is read only when old metadata leaves sizes out.
    ///
    /// - Throws: ``ArchiveError``.
    package static func read(
        path: String, limits: ArchiveLimits = .standard
    ) throws(ArchiveError) -> ArchiveSummary {
        let archive = try CondaArchive(path: path, limits: limits)
        let info = try archive.readInfo()
        let paths = try info.paths()
        if let size = paths.installedSize { return try ArchiveSummary(info: info, paths: paths, installedSize: size) }
        return try ArchiveSummary(info: info, paths: paths, installedSize: archive.payloadSize())
    }

    private init(info: ArchiveInfo, paths: PathsJSON, installedSize: Int64) throws(ArchiveError) {
        let about = try info.about()
        record = try info.index()
        self.installedSize = installedSize
        copiedSize = paths.copiedSize
        fileCount = paths.entries.count { $0.type != .directory }
        shortestBinaryPlaceholder = paths.shortestBinaryPlaceholder
        entryPoints = try info.link()?.entryPoints ?? []
        programs = paths.programs
        distributions = PythonDistribution.among(paths.entries.lazy.map(\.path.string))
        linkScripts = paths.linkScripts(of: record.name)
        licenseFiles = info.memberNames.filter(LicenseText.isLicense).sorted()
        summary = about?.summary
        home = about?.home
    }
}

extension PathsJSON {
    /// Bytes of all regular files, nil when the document does not tell all of them.
    var installedSize: Int64? {
        var total: Int64 = 0
        for entry in entries where entry.type == .hardlink {
            guard let size = entry.size else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(size)
            guard !overflow else { return nil }
            total = sum
        }
        return total
    }

    /// Bytes of the files that every prefix needs a copy of; those of unknown size count nothing.
    var copiedSize: Int64 {
        entries.filter { $0.type == .hardlink && ($0.placeholder != nil || $0.noLink) }
            .reduce(0) { $0 &+ ($1.size ?? 0) }
    }

    /// The binary file whose placeholder leaves the least room; the first in byte order among equals.
    package var shortestBinaryPlaceholder: ArchiveSummary.BinaryPlaceholder? {
        let binaries = entries.compactMap { entry in
            entry.placeholder.flatMap { $0.mode == .binary ? ($0.bytes.count, entry.path) : nil }
        }
        return binaries.min { $0 < $1 }.map { .init(length: $0.0, file: $0.1.string) }
    }

    /// The names in `bin/`, and in `python-scripts/`, whose files go there (CEP 20); link scripts are none.
    var programs: [String] {
        entries.compactMap { entry in
            let parts = entry.path.string.split(separator: "/")
            guard parts.count == 2, parts[0] == "bin" || parts[0] == "python-scripts", !parts[1].hasPrefix(".") else {
                return nil
            }
            return String(parts[1])
        }.sorted()
    }

    /// The scripts of CEP 34 that are among the files.
    package func linkScripts(of name: String) -> [String] {
        let scripts = ["pre-link", "post-link", "pre-unlink", "post-unlink"].map { "bin/.\(name)-\($0).sh" }
        let paths = Set(entries.map(\.path.string))
        return scripts.filter(paths.contains)
    }
}

extension CondaArchive {
    /// Bytes of all files of the payload, found by reading it.
    func payloadSize() throws(ArchiveError) -> Int64 {
        var total: Int64 = 0
        do {
            try forEachMember { member, _ in total += member.size }
        } catch let error as ArchiveError {
            throw error
        } catch {
            throw ArchiveError(archive: path, reason: .corrupt(.file, String(describing: error)))
        }
        return total
    }
}
