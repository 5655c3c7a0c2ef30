/// How a payload is compressed.
///
/// Conda archives are compressed already, so ``uncompressed`` or `zstd(level: 1)` serve packages made of them.
package enum RPMPayload: Sendable, Hashable {
    /// Stored as it is; every rpm reads it.
    case uncompressed
    /// gzip, levels 1 to 9; every rpm reads it.
    case gzip(level: Int)
    /// xz, levels 0 to 9; slow, small, and read by every rpm since 4.6.
    case xz(level: Int)
    /// Zstandard, levels 1 to 19; rpm 4.14 and later.
    ///
    /// Compressed in blocks on several threads where librpm can (4.18 and later); the bytes do not depend on the
    /// number of threads, only on the version of libzstd and on whether librpm has threads at all.
    case zstd(level: Int)
}

/// What the rpm of the target host can read and wants to see.
package struct RPMCompatibility: Sendable, Hashable {
    /// Whether MD5 and SHA-1 stand in the signature header beside SHA-256.
    ///
    /// rpm before 4.14 knows no other digest of header and payload. Costs a second pass over the file.
    package var hasLegacyDigests: Bool
    /// Whether the payload may be compressed with Zstandard.
    package var allowsZstd: Bool
    /// Whether a file may exceed 4 GiB - 1 (rpm 4.12 and later).
    package var allowsLargeFiles: Bool
    /// Whether `^` in versions, weak and rich dependencies are understood.
    package var allowsModernRelations: Bool
    /// The largest header in bytes that the target reads.
    package var maximumHeaderSize: Int

    /// Makes a set of rules.
    package init(
        hasLegacyDigests: Bool, allowsZstd: Bool, allowsLargeFiles: Bool, allowsModernRelations: Bool,
        maximumHeaderSize: Int
    ) {
        self.hasLegacyDigests = hasLegacyDigests
        self.allowsZstd = allowsZstd
        self.allowsLargeFiles = allowsLargeFiles
        self.allowsModernRelations = allowsModernRelations
        self.maximumHeaderSize = maximumHeaderSize
    }

    /// rpm 4.14 and later: EL 8 to 10, Amazon Linux 2023, Fedora.
    package static let modern = RPMCompatibility(
        hasLegacyDigests: false, allowsZstd: true, allowsLargeFiles: true, allowsModernRelations: true,
        maximumHeaderSize: 256 << 20)

    /// rpm 4.11: EL 7 and Amazon Linux 2.
    package static let rpm411 = RPMCompatibility(
        hasLegacyDigests: true, allowsZstd: false, allowsLargeFiles: false, allowsModernRelations: false,
        maximumHeaderSize: 16 << 20)
}
