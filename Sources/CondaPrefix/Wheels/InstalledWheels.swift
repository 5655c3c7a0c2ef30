import CondaArchive
import CondaModel

/// The search for wheels that were linked beside the packages of a prefix.
enum InstalledWheels {
    private static let recordLimit = 64 << 20

    /// Finds each `.dist-info` directory that was made here and belongs to no package.
    ///
    /// - Returns: the wheels in the order of their names, and each `RECORD` that does not decode, with the reason.
    static func find(
        in directory: SafeDirectory, beside packages: [InstalledPackage]
    ) throws(PrefixError) -> (wheels: [InstalledWheel], damaged: [(String, String)]) {
        var found: (wheels: [InstalledWheel], damaged: [(String, String)]) = ([], [])
        guard let python = packages.first(where: { $0.record.name == "python" }),
            let layout = try? PythonLayout(python: python.record)
        else { return found }
        let owned = Set(packages.flatMap(\.paths).map(\.path).filter { $0.hasSuffix(".dist-info/METADATA") })
        for folder in try folders(in: layout.sitePackages, of: directory) {
            let metadata = folder.appending(try PrefixBuild.path("METADATA"))
            let record = folder.appending(try PrefixBuild.path("RECORD"))
            guard !owned.contains(metadata.string), try isMadeHere(folder, in: directory) else { continue }
            guard let bytes = try read(record, in: directory) else { continue }
            do throws(WheelRecord.Malformed) {
                found.wheels.append(try InstalledWheel(bytes, at: record, sitePackages: layout.sitePackages))
            } catch {
                found.damaged.append((record.string, error.problem))
            }
        }
        found.wheels.sort { $0.canonicalName < $1.canonicalName }
        return found
    }

    private static func folders(
        in sitePackages: RelativePath, of directory: SafeDirectory
    ) throws(PrefixError) -> [RelativePath] {
        try PrefixError.writing { () throws(DirectoryError) in
            guard try directory.status(sitePackages)?.kind == .directory else { return [] }
            return try directory.names(in: sitePackages).filter { $0.string.hasSuffix(".dist-info") }
                .map(sitePackages.appending)
        }
    }

    private static func isMadeHere(_ folder: RelativePath, in directory: SafeDirectory) throws(PrefixError) -> Bool {
        let installer = folder.appending(try PrefixBuild.path("INSTALLER"))
        guard let text = try read(installer, in: directory) else { return false }
        return text.elementsEqual("\(InstalledWheel.installer)\n".utf8)
    }

    /// Reads a file, nil where there is no regular one.
    private static func read(_ path: RelativePath, in directory: SafeDirectory) throws(PrefixError) -> [UInt8]? {
        try PrefixError.writing { () throws(DirectoryError) in
            guard try directory.status(path)?.kind == .file else { return nil }
            return try directory.read(path, limit: recordLimit)
        }
    }
}
