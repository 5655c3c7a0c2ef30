import RPMFormat
import ServiceManifest

extension Target {
    /// What the target's rpm can read: EL7 and Amazon Linux 2 have rpm 4.11, EL8 has 4.14.
    package var compatibility: RPMCompatibility {
        switch family {
        case .el7, .amzn2: .rpm411
        case .el8: .rpm414
        default: .modern
        }
    }

    /// Archives are compressed already: the payload holds them as they are, unless the manifest names a compressor.
    ///
    /// That is also what makes the bytes independent of the build machine's compression libraries.
    package var archivePayload: RPMPayload {
        switch explicitCompression {
        case nil, .some(.none): .uncompressed
        case .gzip: .gzip(level: 1)
        case .xz: .xz(level: 0)
        case .zstd: .zstd(level: 1)
        }
    }

    /// `%{dist}` with its dot, or nothing.
    package var distSuffix: String { dist.isEmpty ? "" : ".\(dist)" }
}
