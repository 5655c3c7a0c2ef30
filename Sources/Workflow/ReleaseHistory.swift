import RPMFormat
import ServiceManifest
import ServicePackaging

/// What was built and published of one service for one target, and what a build of it now is among these.
///
/// Hosts have the newest release, as dnf orders them, so only that one can be what a build would make again. A change
/// that is taken back (1.0, then 2.0, then 1.0 once more) is a change: it gets the next release number.
struct ReleaseHistory: Sendable {
    typealias Package = PublishedPackages.Package

    /// Oldest first as dnf orders them.
    ///
    /// RPMs for other targets may lie in the same folder; no host has both.
    let packages: [Package]
    /// The release numbers that are taken, whatever target took them.
    private let taken: [Package]
    private let digest: String
    private let version: String
    private let epoch: Int
    private let stated: ReleaseNumber
    private let dist: String
    /// What the target's hosts install by: `yum` or `dnf`.
    private var manager = "dnf"

    init(_ known: [Package], _ inputs: BuildInputs, _ section: RPMSection) {
        self.init(
            known, digest: inputs.digest, version: inputs.version, epoch: section.epoch ?? 0, stated: section.release,
            dist: section.target.distSuffix)
        manager = section.target.packageManager
    }

    init(
        _ known: [Package], digest: String, version: String, epoch: Int = 0, stated: ReleaseNumber = .automatic,
        dist: String
    ) {
        let own = if case .fixed(let text) = stated { text } else { dist }
        let others = TargetFamily.allCases.map { Target($0).distSuffix }.filter { !own.hasSuffix($0) }
        packages = known.filter { package in !others.contains(where: package.release.hasSuffix) }
            .sorted { $0.evr < $1.evr }
        taken = known.filter { $0.version == version }
        self.digest = digest
        self.version = version
        self.epoch = epoch
        self.stated = stated
        self.dist = dist
    }

    /// What hosts get from `dnf upgrade`.
    var newest: Package? { packages.last }

    /// The RPM that a build would make again; nil when one has to be made.
    var same: Package? {
        switch stated {
        case .fixed(let text): twins.last { $0.release == text }
        case .automatic: twins.last(where: isLatest)
        }
    }

    /// An RPM of the same inputs that others have taken the place of since.
    var takenBack: Package? { same == nil ? twins.last : nil }

    /// The RPMs of this version that were made of the same.
    private var twins: [Package] { packages.filter { $0.inputs == digest && $0.version == version } }

    /// Whether an RPM is what hosts have by now: the newest, or the last that was built after it although dnf takes it for
    /// older.
    private func isLatest(_ package: Package) -> Bool {
        guard package.evr == newest?.evr || package.evr == latest?.evr else { return false }
        return packages.allSatisfy { $0.evr != package.evr || $0.inputs == digest }
    }

    /// The end of the chain of those that went back behind the newest: each names the one before it.
    private var latest: Package? {
        guard var last = newest else { return nil }
        var seen: Set<EVR> = [last.evr]
        while let next = packages.last(where: { $0.after == last.evr }), seen.insert(next.evr).inserted { last = next }
        return last
    }

    /// What an RPM that goes back says it was built after; nil for one that hosts upgrade to.
    var after: EVR? { overtaking == nil ? nil : latest?.evr }

    /// The release that a build gives: under `auto` the one that equal inputs have, so that a forced build takes the place
    /// of its RPM, else the next number.
    var release: String {
        switch stated {
        case .fixed(let text): text
        case .automatic: same?.release ?? OutputDirectory.nextRelease(after: taken, dist: dist)
        }
    }

    /// The RPM that dnf takes for newer than what a build gives; hosts would not get that by `dnf upgrade`.
    var overtaking: Package? {
        let built = EVR(epoch: epoch, version: version, release: release)
        return newest.flatMap { $0.evr > built ? $0 : nil }
    }

    /// What to tell of an RPM that hosts have to go back to; nil where they upgrade to it.
    var warning: String? {
        guard let overtaking else { return nil }
        let built = EVR(epoch: epoch, version: version, release: release)
        return "\(overtaking.name)-\(overtaking.evr) is newer for \(manager) than \(built): hosts get the latter by "
            + "`\(manager) downgrade`, or by `\(manager) upgrade` once rpm.epoch is higher"
    }
}
