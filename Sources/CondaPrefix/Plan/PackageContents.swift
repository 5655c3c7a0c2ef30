import CondaArchive
import CondaModel

/// Where the files of a package are read from.
enum PackageContents: Sendable {
    /// As the channel serves them.
    case archive(CondaArchive)
    /// As ``PackageUnpacker`` leaves them.
    case directory(UnpackedPackage)

    /// Takes a directory for an unpacked package and anything else for an archive.
    init(path: String) throws(PrefixError) {
        if let directory = try? SafeDirectory(path: path) {
            self = .directory(UnpackedPackage(path: path, directory: directory))
        } else {
            self = .archive(try PrefixError.reading { () throws(ArchiveError) in try CondaArchive(path: path) })
        }
    }

    /// The path of the archive or the directory.
    var path: String {
        switch self {
        case .archive(let archive): archive.path
        case .directory(let package): package.path
        }
    }

    func readInfo() throws(PrefixError) -> ArchiveInfo {
        switch self {
        case .archive(let archive): try PrefixError.reading { () throws(ArchiveError) in try archive.readInfo() }
        case .directory(let package): try package.readInfo()
        }
    }
}

/// A package whose files lie in a directory of their own, prefix not replaced, with the documents of its `info/`.
struct UnpackedPackage: Sendable {
    let path: String
    let directory: SafeDirectory

    /// Reads the documents that an archive would hold.
    func readInfo() throws(PrefixError) -> ArchiveInfo {
        var documents: [String: [UInt8]] = [:]
        for name in ArchiveInfo.documentNames {
            let place = try PrefixBuild.path(name)
            documents[name] = try PrefixError.writing { () throws(DirectoryError) in
                guard try directory.status(place) != nil else { return nil }
                return try directory.read(place, limit: ArchiveLimits.standard.infoMemberSize)
            }
        }
        return try PrefixError.reading { [documents] () throws(ArchiveError) in
            try ArchiveInfo(documents, of: path)
        }
    }
}
