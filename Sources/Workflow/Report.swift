import CondaLock
import CondaModel
import RPMFormat
import ServiceManifest
import ServiceRelease

/// What a page about an RPM or a lock shows.
package struct Report: Codable, Sendable {
    /// One package, with what leads to it and from it.
    package struct Package: Codable, Sendable {
        package var name: String
        package var version: String
        package var build: String
        /// The channel, or `PyPI`.
        package var origin: String
        package var license: String?
        /// Bytes of the archive.
        package var size: Int64?
        /// When it was built, in seconds since 1970.
        package var built: Int64?
        package var sha256: String?
        package var isRequested: Bool
        /// Names of packages in the report that it needs, and that need it.
        package var needs: [String]
        package var neededBy: [String]
    }

    package var title: String
    /// What is known beside the packages, as names and values.
    package var facts: [[String]]
    /// Sorted by name.
    package var packages: [Package]
    package var changes: Comparison?

    /// Reads an RPM of ours, or any lock.
    ///
    /// - Parameter against: What it is compared with: everything that `ComparisonSide` takes.
    package static func read(
        _ path: String, against: String?, source: ProjectSource, environment: [String: String]
    ) async throws -> Report {
        var report = try path.hasSuffix(".rpm") ? Report(rpm: path) : Report(lock: path, source, environment)
        if let against {
            let new = try await ComparisonSide(path, source: source, environment: environment).contents()
            let old = try await ComparisonSide(against, source: source, environment: environment).contents()
            report.changes = Comparison(old, new)
        }
        return report
    }

    private init(rpm path: String) throws {
        let reader = try RPMReader(path: path)
        let release = try Release(rpm: reader)
        title = "\(release.name) \(release.identifier)"
        facts = [
            ["Summary", release.summary], ["Target", "\(release.target.name), \(release.target.subdir)"],
            ["C library", "glibc \(release.target.glibc) or newer"], ["Prefix", release.prefix],
            ["Bootstrap", release.bootstrap.kind], ["Licence", reader.license],
            ["Requirements", release.requested.joined(separator: ", ")],
            ["Commands", release.commands.joined(separator: ", ")],
            ["Services", (release.services + release.timers).joined(separator: ", ")],
            ["Channels", release.channels.joined(separator: ", ")], ["RPM", "\(reader.size / 1_000_000) MB"],
            ["Installed", "\(release.installedSize / 1_000_000) MB"], ["Inputs", release.inputs],
            ["Built by", release.tool],
        ]
        facts += Inspection.Program.all(reader).flatMap { (program) -> [[String]] in
            [
                ["Run by root", "\(program.title), sha256 \(program.sha256 ?? "")"],
                [
                    "Its parts (\(program.knowledge ?? "unknown"))",
                    program.allParts.map { part in part.title + (part.license.map { " (\($0))" } ?? "") }
                        .joined(separator: ", "),
                ],
            ]
        }
        facts = facts.filter { !$0[1].isEmpty }
        packages = Self.linked(
            release.packages.map { ($0.record, !$0.requested.isEmpty) },
            wheels: release.wheels.map { wheel in
                Package(
                    name: wheel.name, version: wheel.version, build: "wheel", origin: "PyPI", license: wheel.license,
                    size: wheel.size, built: nil, sha256: wheel.sha256, isRequested: wheel.isRequested, needs: [],
                    neededBy: [])
            })
    }

    private init(lock path: String, _ source: ProjectSource, _ environment: [String: String]) throws {
        var source = source
        source.inputs = ["any"]
        source.lock = path
        source.overrides.name = source.overrides.name ?? "any"
        let project = try source.project(environment: environment)
        let lock = try Lock.read(path: path, project.lockReading(environment: environment))
        title = path.lastPathName
        facts = [
            ["Platform", project.subdir.rawValue], ["Channels", lock.channels.joined(separator: ", ")],
            ["Requirements", (lock.requirements(for: project.subdir) ?? []).joined(separator: ", ")],
        ].filter { !$0[1].isEmpty }
        let records = try lock.records(for: project.subdir, categories: project.categories)
        packages = Self.linked(
            records.map { ($0, false) },
            wheels: try lock.wheels(for: project.subdir, categories: project.categories).map { wheel in
                Package(
                    name: wheel.name, version: wheel.version, build: "wheel", origin: "PyPI", license: nil,
                    size: wheel.details.size, built: nil, sha256: wheel.sha256, isRequested: false, needs: [],
                    neededBy: [])
            })
    }

    /// Packages sorted by name, each knowing its neighbours.
    private static func linked(_ records: [(PackageRecord, Bool)], wheels: [Package]) -> [Package] {
        let known = Set(records.map(\.0.name))
        var needs: [String: Set<String>] = [:]
        var neededBy: [String: Set<String>] = [:]
        for (record, _) in records {
            for dependency in record.depends {
                let name = String(dependency.prefix { !" =<>!~[".contains($0) })
                guard known.contains(name), name != record.name else { continue }
                needs[record.name, default: []].insert(name)
                neededBy[name, default: []].insert(record.name)
            }
        }
        let conda = records.map { record, isRequested in
            Package(
                name: record.name, version: "\(record.version)", build: record.build,
                origin: record.channel, license: record.license, size: record.size,
                built: record.timestamp.map { $0 / 1000 }, sha256: record.sha256, isRequested: isRequested,
                needs: (needs[record.name] ?? []).sorted(), neededBy: (neededBy[record.name] ?? []).sorted())
        }
        return (conda + wheels).sorted { $0.name < $1.name }
    }
}
