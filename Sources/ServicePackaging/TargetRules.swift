import RPMFormat
import ServiceManifest
import ServiceRelease

extension Target {
    /// What the target's rpm can read: EL7 and Amazon Linux 2 have rpm 4.11, EL8 has 4.14.
    package var compatibility: RPMCompatibility {
        switch family {
        case .el7, .amzn2: .rpm411
        case .el8: .rpm414
        case .el9, .el10, .amzn2023, .fedora: .modern
        case nil: ownCompatibility
        }
    }

    /// Without a family the C library tells how old a host may be, for distributions update both together; a host that
    /// reads Zstandard has rpm 4.14 at least.
    private var ownCompatibility: RPMCompatibility {
        if rpmCompareVersions(glibc, "2.28") < 0 { return compression == .zstd ? .rpm414 : .rpm411 }
        return rpmCompareVersions(glibc, "2.34") < 0 ? .rpm414 : .modern
    }

    /// How the payload of a layout is compressed.
    ///
    /// Archives are compressed already: the payload holds them as they are, unless the manifest names a compressor.
    /// That is also what makes the bytes independent of the build machine's compression libraries. What is unpacked gets
    /// the best compressor that the target reads.
    package func payload(_ layout: ServiceRelease.Layout) -> RPMPayload {
        let isTree = layout != .archives
        switch isTree ? compression : explicitCompression ?? .none {
        case .none: return .uncompressed
        case .gzip: return .gzip(level: isTree ? 6 : 1)
        case .xz: return .xz(level: isTree ? 2 : 0)
        case .zstd: return .zstd(level: isTree ? 3 : 1)
        }
    }

    /// What hosts install by: EL 7 and Amazon Linux 2 have yum and no dnf.
    package var packageManager: String { family == .el7 || family == .amzn2 ? "yum" : "dnf" }

    /// Whether `/bin/sh` of the hosts is known to be bash, as it is in every family (RHEL, Amazon Linux, Fedora).
    package var shellIsBash: Bool { family != nil }

    /// The systemd of the oldest hosts; of a target of one's own the C library tells how old they may be.
    package var systemd: Int {
        switch family {
        case .el7, .amzn2: 219
        case .el8: 239
        case .el9: 250
        case .amzn2023: 252
        case .el10, .fedora: 257
        case nil: rpmCompareVersions(glibc, "2.28") < 0 ? 219 : rpmCompareVersions(glibc, "2.33") < 0 ? 239 : 248
        }
    }

    /// `%{dist}` with its dot, or nothing.
    package var distSuffix: String { dist.isEmpty ? "" : ".\(dist)" }
}
