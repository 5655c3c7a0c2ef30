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
    /// Compressed in blocks on several threads; the bytes do not depend on their number, only on the version of libzstd.
    case zstd(level: Int)
}
