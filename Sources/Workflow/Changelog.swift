import CondaModel
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
            return other.evr < EVR(epoch: other.evr.epoch, version: release.version, release: release.release)
        }
    }

    /// The entries of the RPM `before`, and one more on top of them.
    ///
    /// The date is never the clock's, so that equal inputs after equal RPMs give equal bytes: it is the time of change
    /// that is given, or else that of the newest input; at noon, as rpm has it.
    static func entries(
        _ package: ServicePackage, project: Project, changed: UInt32?, after before: String?
    ) throws -> [RPMChangelogEntry] {
        let release = package.release
        let author = package.manifest.rpm.packager ?? "conda-rpm"
        let time = min(changed ?? package.buildTime, UInt32.max - 86_400)
        let day = time - time % 86_400 + 43_200
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
        let reader = try RPMReader(path: path)
        // An RPM of an early version has no manifest in it.
        let settings = (try? ManifestDifference.changes(Release(rpm: reader).manifest, release.manifest)) ?? []
        let entries = reader.changelog
        // rpm wants the newest first; an older channel may have older packages.
        var latest = entry(lines(Comparison(try Contents(rpm: path), new), settings: settings))
        latest.time = max(latest.time, entries.first?.time ?? 0)
        return Array(([latest] + entries).prefix(limit))
    }

    /// One line for each difference, and for each setting of the manifest that shows in nothing else.
    static func lines(_ comparison: Comparison, settings: [ManifestDifference.Change] = []) -> [String] {
        var lines = requirements(comparison.requirements)
        lines += comparison.changed.map { change in
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
        lines += settings.filter { !isShown($0.key) }.map { "- \(oneLine($0.text))" }
        if lines.isEmpty { return ["- Build anew"] }
        guard lines.count > lineLimit else { return lines }
        return lines.prefix(lineLimit) + ["- and \(lines.count - lineLimit) more"]
    }

    /// Requirements by the package that they are about, so that one that changed is one line.
    private static func requirements(_ names: Comparison.Names) -> [String] {
        func subject(_ requirement: String) -> String {
            let isPip = requirement.hasPrefix("pip: ")
            let conda = isPip ? nil : try? MatchSpec(requirement).name
            return conda ?? String(requirement.dropFirst(isPip ? 5 : 0).prefix { !" =<>!~[;@".contains($0) })
        }
        let before = Dictionary(grouping: names.removed, by: subject)
        let after = Dictionary(grouping: names.added, by: subject)
        return Set(before.keys).union(after.keys).sorted().flatMap { name -> [String] in
            if let was = before[name], let now = after[name], was.count == 1, now.count == 1 {
                return ["- requirement \(was[0]) -> \(now[0])"]
            }
            return (before[name] ?? []).map { "- remove the requirement \($0)" }
                + (after[name] ?? []).map { "- add the requirement \($0)" }
        }
    }

    /// Settings that show in the release's own name, or as requirements, packages, commands, units, files and scripts.
    private static func isShown(_ key: String) -> Bool {
        let shown = ["name", "dependencies", "pip", "rpm.version", "rpm.commands", "rpm.services", "rpm.files"]
        return shown.contains(key) || key.hasPrefix("rpm.scripts")
    }

    private static func oneLine(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count > 200 ? line.prefix(200) + "..." : line
    }
}
