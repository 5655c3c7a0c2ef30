import CondaModel
import Foundation
import RPMFormat
import ServicePackaging
import ServiceRelease

/// The `%changelog` of an RPM: what its packages, files and commands have gone through since the RPM before.
enum Changelog {
    /// Entries that are kept; older ones are dropped.
    private static let limit = 50
    /// Lines of one entry.
    private static let lineLimit = 200

    /// The newest RPM that is older than a release and has other contents.
    static func predecessor(
        of release: Release, among known: [PublishedPackages.Package]
    ) -> PublishedPackages.Package? {
        known.last { other in
            guard other.inputs != release.inputs else { return false }
            let versions = rpmCompareVersions(other.version, release.version)
            return versions < 0 || versions == 0 && rpmCompareVersions(other.release, release.release) < 0
        }
    }

    /// The entries of the RPM `before`, and one more on top of them.
    ///
    /// The date is that of the inputs, at noon as rpm has it, never the clock's: equal inputs after equal RPMs give
    /// equal bytes.
    static func entries(
        _ package: ServicePackage, project: Project, after before: String?
    ) throws -> [RPMChangelogEntry] {
        let release = package.release
        let author = package.manifest.rpm.packager ?? "conda-rpm"
        let day = package.buildTime - package.buildTime % 86_400 + 43_200
        func entry(_ lines: [String]) -> RPMChangelogEntry {
            RPMChangelogEntry(
                time: day, author: "\(author) - \(release.identifier)", text: lines.joined(separator: "\n"))
        }
        guard let path = before else {
            return [entry(["- First build, of \(release.packages.count + release.wheels.count) packages"])]
        }
        var new = try Contents(project, environment: [:], title: release.identifier)
        let own = Contents(release)
        (new.items, new.requirements, new.commands) = (own.items, own.requirements, own.commands)
        let entries = try RPMReader(path: path).changelog
        // rpm wants the newest first; an older channel may have older packages.
        var latest = entry(lines(Comparison(try Contents(rpm: path), new)))
        latest.time = max(latest.time, entries.first?.time ?? 0)
        return Array(([latest] + entries).prefix(limit))
    }

    /// One line for each difference.
    static func lines(_ comparison: Comparison) -> [String] {
        var lines = comparison.changed.map { change in
            switch change.move {
            case .up, .down: "- \(change.name) \(change.from.version) -> \(change.to.version)"
            case .rebuilt: "- \(change.name) \(change.to.version) rebuilt"
            case .moved:
                "- \(change.name) \(change.to.version), now as \(change.to.kind == .wheel ? "a wheel" : "conda's")"
            }
        }
        lines += comparison.added.map { "- add \($0.name) \($0.version)" }
        lines += comparison.removed.map { "- remove \($0.name) \($0.version)" }
        lines += comparison.licenses.map { "- licence of \($0.name): \($0.from) -> \($0.to)" }
        for (kind, names) in [
            ("command", comparison.commands), ("service", comparison.services), ("file", comparison.files),
            ("script", comparison.scripts),
        ] {
            lines += names.added.map { "- add the \(kind) \($0)" } + names.removed.map { "- remove the \(kind) \($0)" }
            lines += names.changed.map { "- change the \(kind) \($0)" }
        }
        if lines.isEmpty { return ["- Build anew"] }
        guard lines.count > lineLimit else { return lines }
        return lines.prefix(lineLimit) + ["- and \(lines.count - lineLimit) more"]
    }
}
