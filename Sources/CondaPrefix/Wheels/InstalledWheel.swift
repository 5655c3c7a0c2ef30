import CondaArchive
import CondaModel
import HostSystem

/// What the `RECORD` of an installed wheel tells (PEP 376, PEP 627).
package struct InstalledWheel: Sendable {
    /// What `INSTALLER` says of wheels that are linked here.
    static let installer = "conda-rpm"

    /// `NAME-VERSION` as the `.dist-info` directory spells it.
    package let label: String

    /// The paths of the wheel in the order of `RECORD`, with SHA-256 digests where it has some.
    package var paths: [InstalledPath]

    /// `RECORD`, below the prefix.
    let recordPath: RelativePath

    /// The name by which distributions are told apart.
    var canonicalName: String {
        DistributionName.canonical(DistributionName.split(stem: label[...])?.name ?? label[...])
    }

    init(label: String, paths: [InstalledPath], recordPath: RelativePath) {
        self.label = label
        self.paths = paths
        self.recordPath = recordPath
    }

    /// Reads a `RECORD`, of which no path may lead out of the prefix.
    init(_ bytes: [UInt8], at recordPath: RelativePath, sitePackages: RelativePath) throws(WheelRecord.Malformed) {
        let folder = String(decoding: recordPath.parent?.name ?? [], as: UTF8.self)
        label = String(folder.dropLast(".dist-info".count))
        self.recordPath = recordPath
        var paths: [InstalledPath] = []
        for row in try WheelRecord(bytes).rows {
            guard let location = Self.location(row.path, from: sitePackages) else {
                throw .init(problem: "lists '\(row.path)', which leads out of the prefix")
            }
            let isCompiled = location.name.reversed().starts(with: ".pyc".utf8.reversed())
            var path = InstalledPath(path: location, kind: isCompiled ? .compiledModule : .hardlink)
            path.digestInPrefix = row.sha256
            path.size = row.size
            paths.append(path)
        }
        self.paths = paths
    }

    /// The path below the prefix of one that `RECORD` has; nil when it leads out.
    private static func location(_ text: String, from folder: RelativePath) -> RelativePath? {
        guard !text.hasPrefix("/") else { return nil }
        var parts = folder.string.split(separator: "/")
        for part in text.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if parts.popLast() == nil {
                return nil
            }
        }
        return try? RelativePath(parts.joined(separator: "/"))
    }

    /// The text of `RECORD` for these paths.
    func record(sitePackages: RelativePath) -> String {
        let rows = paths.map { path in
            var row = WheelRecord.Row(path: Self.relative(path.path, to: sitePackages.string))
            row.digest = path.digestInPrefix.map { WheelRecord.Row.digest(of: bytes(hexadecimal: $0) ?? []) } ?? ""
            row.size = path.digestInPrefix == nil ? nil : path.size
            return row
        }
        return WheelRecord(rows: rows).text
    }

    private static func relative(_ path: String, to folder: String) -> String {
        let parts = path.split(separator: "/")
        let base = folder.split(separator: "/")
        var common = 0
        while common < min(parts.count - 1, base.count), parts[common] == base[common] { common += 1 }
        return (Array(repeating: "..", count: base.count - common) + parts[common...]).joined(separator: "/")
    }
}
