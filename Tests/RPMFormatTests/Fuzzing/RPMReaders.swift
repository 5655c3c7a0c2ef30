import Fuzzing

@testable import RPMFormat

/// The readers of `RPMFormat`.
enum RPMReaders: String, FuzzedReader {
    /// A requirement as manifests have it.
    case dependencies = "rpm-dependencies"
    /// The main header of a package that is whole but for it.
    case headers = "rpm-headers"
    /// A package file.
    case packages = "rpm-packages"
    /// Versions, one a line.
    case versions = "rpm-versions"

    func read(_ input: [UInt8]) throws {
        switch self {
        case .dependencies: _ = try RPMDependency(parsing: String(decoding: input, as: UTF8.self))
        case .headers: try Self.readPackage(Self.beginning + input)
        case .packages: try Self.readPackage(input)
        case .versions: try Self.compare(String(decoding: input, as: UTF8.self))
        }
    }

    /// A lead, and a signature header without tags.
    private static let beginning =
        PackageFile.leadMagic + [UInt8](repeating: 0, count: 92)
        + [0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]

    private static func readPackage(_ input: [UInt8]) throws {
        let scratch = try ScratchFile(input)
        let reader = try RPMReader(path: scratch.path)
        let files = reader.files
        _ = (reader.evr, reader.summary, reader.installedSize, reader.requires, reader.provides, reader.conflicts)
        _ = (reader.obsoletes, reader.recommends, reader.scriptlets, reader.changelog, reader.signature)
        _ = (reader.prefixes, reader.hasStrongDigests, reader.license, reader.url, reader.vendor)
        try? reader.checkDigests()
        var left = 1 << 20
        try reader.readFiles { entry, bytes throws(RPMError) in
            left -= bytes.count
            if left < 0 { throw .tooLarge(path: entry.path, size: entry.size, limit: 1 << 20) }
        }
        if let file = files.first(where: { $0.kind == .file }) {
            let count = try reader.contents(of: file.path, limit: 1 << 20).count
            try promise(count == file.size, "\(file.path) promises \(file.size) bytes and has \(count)")
        }
    }

    /// The order of versions has two directions, and what becomes of conda's versions is one of rpm's.
    private static func compare(_ text: String) throws {
        let versions = text.split(separator: "\n").prefix(6).map(String.init)
        for version in versions {
            guard let converted = try? rpmVersion(fromConda: version) else { continue }
            try promise(RPMCharacters.isVersion(converted), "'\(version)' becomes '\(converted)', no version of rpm")
        }
        for first in versions {
            for second in versions {
                let (there, back) = (rpmCompareVersions(first, second), rpmCompareVersions(second, first))
                try promise(there == -back, "'\(first)' and '\(second)' compare as \(there) and \(back)")
            }
        }
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { RPMReaders.feed(start, count) }
#endif
