import CondaModel
import FoundationEssentials
import HostSystem
import ServiceManifest

/// A constructor-made installer (Miniconda, Miniforge, ...), judged before it goes into an RPM.
///
/// The header is a shell script, the rest a binary payload. A host would find a cut or changed one out in `%post`, when
/// it is too late: the header itself only warns of a wrong MD5.
package struct ConstructorInstaller: Sendable, Hashable {
    package let path: String
    /// SHA-256 of the whole file, lower-case hexadecimal.
    package let sha256: String
    /// Bytes.
    package let size: Int
    /// Bytes that its base and its packages need on a host until the release is linked.
    package let workspace: Int64

    /// Reads and checks the file.
    ///
    /// - Parameters:
    ///   - target: The hosts that it has to run on.
    ///   - subdir: Their conda platform, such as `linux-64`.
    /// - Throws: `PackagingError` when it is no whole installer, not the one expected, or not one for these hosts.
    package init(path: String, expectedSHA256: String?, target: Target, subdir: String) throws(PackagingError) {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped)
        } catch {
            throw .bootstrapUnreadable(path: path, reason: error.systemReason)
        }
        self.path = path
        self.size = data.count
        self.sha256 = hexadecimal(Digest.sha256(data))
        if let expectedSHA256, expectedSHA256.lowercased() != sha256 {
            throw .bootstrapDigest(path: path, expected: expectedSHA256, found: sha256)
        }
        let header = ConstructorHeader(data)
        workspace = header.neededSpace ?? Int64(data.count) * Self.growth
        try Self.checkForm(header, path: path)
        try Self.checkWhole(header, data, path: path)
        try Self.checkHost(header, path: path, target: target, subdir: subdir)
    }

    /// Bytes on a host for each byte of an installer that does not tell: its packages, packed and unpacked.
    ///
    /// Those that tell need four to five times their size; the conda family's packages shrink to a quarter.
    private static let growth: Int64 = 6

    private static func checkForm(_ header: ConstructorHeader, path: String) throws(PackagingError) {
        guard header.interpreter != nil else { throw .bootstrapNotScript(path: path) }
        guard !header.hasWindowsLineEnds else { throw .bootstrapLineEnds(path: path) }
        guard header.isConstructors else { throw .bootstrapNotConstructor(path: path) }
    }

    private static func checkWhole(_ header: ConstructorHeader, _ data: Data, path: String) throws(PackagingError) {
        if let expected = header.expectedSize, expected != data.count {
            throw .bootstrapTruncated(path: path, expected: expected, found: data.count)
        }
        guard let start = header.payloadStart, let expected = header.md5 else {
            throw .bootstrapCutHeader(path: path, found: data.count)
        }
        let found = hexadecimal(Digest.of(.md5, data[start...]))
        guard found == expected else { throw .bootstrapDigest(path: path, expected: expected, found: found) }
    }

    private static func checkHost(
        _ header: ConstructorHeader, path: String, target: Target, subdir: String
    ) throws(PackagingError) {
        if let platform = header.platform, platform != subdir {
            throw .bootstrapPlatform(path: path, platform: platform, expected: subdir)
        }
        if let oldest = header.oldestGlibc, isOlder(target.glibc, than: oldest) {
            throw .bootstrapGlibc(path: path, needed: oldest, target: target.name, found: target.glibc)
        }
        // Up to constructor 1.7: [[ ... ]] and (( ... )), which %post hands to /bin/sh as it does every installer.
        if header.interpreter?.hasSuffix("bash") == true, !target.shellIsBash {
            throw .bootstrapShell(path: path, target: target.name)
        }
    }

    private static func isOlder(_ version: String, than other: String) -> Bool {
        let (parts, others) = (numbers(version), numbers(other))
        return parts.lexicographicallyPrecedes(others)
    }

    private static func numbers(_ version: String) -> [Int] {
        version.split(separator: ".").map { Int($0) ?? 0 }
    }
}
