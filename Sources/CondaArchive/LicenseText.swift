import HostSystem

/// A licence that a package carries.
package struct LicenseText: Sendable, Equatable {
    /// The path in the archive, such as `info/licenses/LICENSE`.
    package let path: String

    /// The text, in whatever encoding it has.
    package let text: [UInt8]

    package init(path: String, text: [UInt8]) {
        self.path = path
        self.text = text
    }

    /// New packages have a directory of licences, old ones a single file.
    static func isLicense(_ name: String) -> Bool {
        name.hasPrefix("info/licenses/") || name == "info/LICENSE.txt" || name == "info/LICENSE"
    }
}

extension CondaArchive {
    /// Reads the licences that the package carries, sorted by path.
    ///
    /// They stand among the metadata, but some build tools leave them in the payload's part of a `.conda` file; that part
    /// is read only when the metadata has none.
    /// - Parameter limit: the most bytes of one text; longer ones are an error.
    /// - Throws: ``ArchiveError``.
    package func licenses(limit: Int) throws(ArchiveError) -> [LicenseText] {
        let found = try licenses(in: .info, limit: limit)
        return found.isEmpty && format == .conda ? try licenses(in: .payload, limit: limit) : found
    }

    private func licenses(in part: ArchivePart, limit: Int) throws(ArchiveError) -> [LicenseText] {
        let reader = try self.reader(of: part)
        var found: [LicenseText] = []
        var isPastInfo = false
        while !isPastInfo, let member = try next(reader) {
            if member.kind == .file, LicenseText.isLicense(member.path) {
                var contents = MemberContents(reader: reader, archive: path)
                found.append(LicenseText(path: member.path, text: try contents.readAll(limit: limit)))
            }
            // The payload of a `.tar.bz2` file follows its metadata.
            isPastInfo = format == .tarBzip2 && !found.isEmpty && !member.location.isInside("info")
        }
        return found.sorted { $0.path < $1.path }
    }
}
