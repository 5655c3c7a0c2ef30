import RPMFormat

/// Epoch, version and release of a package: what dnf and rpm tell newer from older by.
struct EVR: Hashable, Comparable, Sendable, CustomStringConvertible {
    var epoch = 0
    var version: String
    var release: String

    init(epoch: Int = 0, version: String, release: String) {
        self.epoch = epoch
        self.version = version
        self.release = release
    }

    /// Reads `[EPOCH:]VERSION-RELEASE`, as relations hold it.
    init?(_ text: String) {
        let halves = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = (halves.last ?? "").split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let epoch = halves.count == 1 ? 0 : Int(halves[0]) else { return nil }
        self.init(epoch: epoch, version: parts[0], release: parts[1])
    }

    var description: String { "\(epoch == 0 ? "" : "\(epoch):")\(version)-\(release)" }

    static func < (left: EVR, right: EVR) -> Bool {
        if left.epoch != right.epoch { return left.epoch < right.epoch }
        let versions = rpmCompareVersions(left.version, right.version)
        return versions == 0 ? rpmCompareVersions(left.release, right.release) < 0 : versions < 0
    }
}
