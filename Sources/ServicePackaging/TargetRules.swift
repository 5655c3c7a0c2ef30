import RPMFormat
import ServiceManifest

extension Target {
    /// What the target's rpm can read: EL7 and Amazon Linux 2 have rpm 4.11.
    package var compatibility: RPMCompatibility {
        switch family {
        case .el7, .amzn2: .rpm411
        default: .modern
        }
    }

    /// Archives are compressed already; the payload has to hold them, not to shrink them.
    package var archivePayload: RPMPayload {
        switch compression {
        case .none: .uncompressed
        case .gzip: .gzip(level: 1)
        case .xz: .xz(level: 0)
        case .zstd: .zstd(level: 1)
        }
    }

    /// `%{dist}` with its dot, or nothing.
    package var distSuffix: String { dist.isEmpty ? "" : ".\(dist)" }
}
