import CondaArchive
import CondaModel
import CondaPrefix
import ServiceRelease

/// The RPM-owned directory of one release: `release.json`, the archives, the host tool, a bootstrap.
struct Bundle: Sendable {
    let path: String
    let release: Release

    func archive(_ package: BundledPackage) -> String { "\(path)/\(package.path)" }

    /// What a package is linked from: its archive here, or the directory that its own RPM brings.
    func source(_ package: BundledPackage) -> String {
        release.layout == .split ? SharedPackage(package.record).directory : archive(package)
    }

    func file(_ wheel: BundledWheel) -> String { "\(path)/wheels/\(wheel.fileName)" }

    /// The wheels that are linked after the packages.
    var prefixWheels: [PrefixWheel] {
        release.wheels.map {
            PrefixWheel(name: $0.name, version: $0.version, path: file($0), isRequested: $0.isRequested)
        }
    }

    /// What the installer links, in link order.
    var prefixPackages: [PrefixPackage] {
        release.packages.map {
            PrefixPackage(record: $0.record, archivePath: source($0), requestedSpecs: $0.requested)
        }
    }

    /// Whether everything is there that the release was linked from.
    var isComplete: Bool {
        let paths = release.packages.map(source) + release.wheels.map(file)
        return release.layout != .prefix && paths.allSatisfy(exists)
    }

    /// The same from the archives beside the release document, whatever the layout.
    var archives: [PrefixPackage] {
        release.packages.map {
            PrefixPackage(record: $0.record, archivePath: archive($0), requestedSpecs: $0.requested)
        }
    }

    /// Compares every archive, every wheel and the bootstrap with the digest the release names; the files of unpacked
    /// packages are compared while they are linked.
    ///
    /// It happens before any bootstrap runs, because conda itself installs an archive of a wrong digest
    /// from a `file://` URL without a word.
    func verifyArchives() throws {
        var files: [(path: String, sha256: String?)] = release.packages.map {
            (source($0), release.layout == .split ? nil : $0.sha256)
        }
        files += release.wheels.map { (file($0), $0.sha256) }
        if let file = release.bootstrap.fileName, let expected = release.bootstrap.sha256 {
            files.append(("\(path)/\(file)", expected))
        }
        _ = try concurrently(files, limit: PrefixOptions().threads) { try Self.verify($0.path, sha256: $0.sha256) }
    }

    private static func verify(_ path: String, sha256 expected: String?) throws {
        guard exists(path) else { throw HostError.archiveMissing(path: path) }
        guard let expected else { return }
        let found = try digest(path)
        guard found == expected else {
            throw HostError.archiveDamaged(path: path, expected: expected, found: found)
        }
    }

    /// SHA-256 of a file, lower-case hexadecimal.
    static func digest(_ path: String) throws -> String { try ArchiveDigest.of(path: path).sha256 }
}
