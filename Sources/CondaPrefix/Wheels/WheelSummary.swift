import CondaArchive
import CondaModel

/// What a build needs to know of a wheel without unpacking it (PEP 427, core metadata).
package struct WheelSummary: Sendable, Hashable {
    /// The distribution's name as its metadata spells it.
    package let name: String

    /// The version.
    package let version: String

    /// What it requires (`Requires-Dist`), each a requirement of PEP 508.
    package let requires: [String]

    /// The versions of Python that it runs on (`Requires-Python`), such as `>=3.9`; nil: any.
    package let requiresPython: String?

    /// The licence expression, or what stands in its place; nil when nothing does.
    package let license: String?

    /// The programs that it brings into `bin/`, sorted.
    package let commands: [String]

    /// Bytes of all files once installed.
    package let installedSize: Int64

    /// Bytes of a document that is read.
    private static let limit = 16 << 20

    /// Reads a wheel's metadata.
    ///
    /// - Throws: ``PrefixError`` when it is no wheel.
    package init(path: String) throws(PrefixError) {
        let archive = try PrefixError.reading { () throws(ArchiveError) in try ZipArchive(path: path) }
        let files = archive.members.filter { !$0.isDirectory }
        guard let metadata = Self.document("METADATA", of: files) else {
            throw .badWheel(
                wheel: path, member: nil, problem: "expected METADATA in a .dist-info directory, found none")
        }
        let headers = WheelHeaders(try Self.read(metadata, archive))
        guard let name = headers["Name"], let version = headers["Version"] else {
            throw .badWheel(wheel: path, member: metadata.location.string, problem: "expected a name and a version")
        }
        (self.name, self.version) = (name, version)
        requires = headers.all("Requires-Dist")
        requiresPython = headers["Requires-Python"].flatMap { $0.isEmpty ? nil : $0 }
        license = WheelLicense.text(headers)
        installedSize = files.reduce(0) { $0 + $1.size }
        let scripts = files.compactMap { file -> String? in
            let parts = file.location.string.split(separator: "/").map(String.init)
            return parts.count == 3 && parts[0].hasSuffix(".data") && parts[1] == "scripts" ? parts[2] : nil
        }
        let entryPoints = try Self.document("entry_points.txt", of: files).map { (file) throws(PrefixError) in
            try Self.entryPoints(try Self.read(file, archive), wheel: path)
        }
        commands = Set(scripts + (entryPoints ?? []).map(\.command)).sorted()
    }

    private static func entryPoints(_ bytes: [UInt8], wheel: String) throws(PrefixError) -> [EntryPoint] {
        do throws(EntryPoint.Malformed) {
            return try WheelEntryPoints.read(bytes)
        } catch {
            throw .badEntryPoint(package: wheel, expected: error.expected, found: error.found)
        }
    }

    private static func document(_ name: String, of files: [ZipArchive.Member]) -> ZipArchive.Member? {
        files.first { file in
            let parts = file.location.string.split(separator: "/")
            return parts.count == 2 && parts[0].hasSuffix(".dist-info") && parts[1] == name
        }
    }

    private static func read(_ member: ZipArchive.Member, _ archive: ZipArchive) throws(PrefixError) -> [UInt8] {
        try PrefixError.reading { () throws(ArchiveError) in try archive.read(member, limit: limit) }
    }
}
