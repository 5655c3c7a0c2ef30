import CondaLock
import CondaModel
import Foundation
import RPMFormat
import ServiceManifest
import ServiceRelease

/// Whether a service has to be built, and why.
package struct ServiceStatus: Codable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable {
        case upToDate = "up-to-date"
        case neverBuilt = "never-built"
        case manifestChanged = "manifest-changed"
        case lockStale = "lock-stale"
        /// The lock answers, and holds other packages than the RPM.
        case lockChanged = "lock-changed"
        /// A file, a script, the bootstrap or the tool itself.
        case inputsChanged = "inputs-changed"
        /// An RPM of a conda package is neither built nor published (layout `split`).
        case packagesMissing = "packages-missing"
        case failed
    }

    package var manifest: String
    package var name: String?
    package var state: State
    /// One line for each thing that changed.
    package var reasons: [String]
    /// The RPM that is up to date, or the newest.
    package var rpm: String?
    /// What the channels offer within the requirements, when it was asked for.
    package var updates: [PackageUpdate]?

    /// Whether a build would make an RPM.
    package var needsBuild: Bool { state != .upToDate }
}

/// A package that could move within the requirements.
package struct PackageUpdate: Codable, Sendable {
    package var name: String
    /// Nil for a package that would be new.
    package var from: String?
    /// Nil for a package that would go.
    package var to: String?
    /// Whether it is among those that the configuration calls relevant to security.
    package var security: Bool
}

/// Compares one service with the RPMs that were made of it; writes nothing and needs no network.
package struct StatusCheck: Sendable {
    package let connection: Connection
    /// What was built or published.
    package let published: PublishedPackages
    package let hostTool: HostTool
    /// Ask the channels what they offer; the names are those that matter to security.
    package let updates: Set<String>?

    package init(
        connection: Connection, published: PublishedPackages, hostTool: HostTool, updates: Set<String>? = nil
    ) {
        self.connection = connection
        self.published = published
        self.hostTool = hostTool
        self.updates = updates
    }

    /// Packages whose new versions usually carry fixes that somebody waits for.
    package static let securityPackages: Set<String> = [
        "ca-certificates", "certifi", "cryptography", "curl", "expat", "krb5", "libcurl", "libexpat", "libssh2",
        "libxml2", "openssl", "python", "requests", "sqlite", "urllib3", "xz", "zlib",
    ]

    /// Judges one service; an error of its own is a state, too.
    package func status(_ source: ProjectSource, describe: (any Error) -> String) async -> ServiceStatus {
        let manifest = source.inputs.first ?? Project.defaultManifest
        do {
            let project = try source.project(environment: connection.environment)
            var status = try await status(project)
            if let updates, FileManager.default.fileExists(atPath: project.lockPath) {
                let locking = Locking(project: project, connection: connection, events: { _ in })
                status.updates = try await locking.updates(security: updates)
            }
            return status
        } catch {
            return ServiceStatus(manifest: manifest, name: nil, state: .failed, reasons: [describe(error)])
        }
    }

    private func status(_ project: Project) async throws -> ServiceStatus {
        let name = try project.manifest.requiredName()
        let known = published.packages(name: name, architecture: project.subdir.rpmArchitecture ?? "")
        func answer(_ state: ServiceStatus.State, _ reasons: [String], _ rpm: String?) -> ServiceStatus {
            ServiceStatus(manifest: project.manifestPath, name: name, state: state, reasons: reasons, rpm: rpm)
        }
        let newest = known.last
        let locking = Locking(project: project, connection: connection, events: { _ in })
        guard FileManager.default.fileExists(atPath: project.lockPath) else {
            return answer(known.isEmpty ? .neverBuilt : .lockStale, ["there is no lock"], newest?.place)
        }
        let stale = try locking.staleReasons()
        guard stale.isEmpty else { return answer(known.isEmpty ? .neverBuilt : .lockStale, stale, newest?.place) }
        let inputs = try await inputs(project, locking)
        if let same = known.first(where: { $0.inputs == inputs.digest }) {
            let missing = missingPackages(project, inputs)
            return answer(missing.isEmpty ? .upToDate : .packagesMissing, missing, same.place)
        }
        guard let newest else { return answer(.neverBuilt, [], nil) }
        guard let path = newest.path else {
            return answer(.inputsChanged, ["the digest of its inputs is another one"], newest.place)
        }
        let (state, reasons) = try difference(project, inputs, path)
        return answer(state, reasons, newest.place)
    }

    /// The RPMs of conda packages that a service of layout `split` requires and that were neither built nor published.
    private func missingPackages(_ project: Project, _ inputs: BuildInputs) -> [String] {
        guard project.manifest.rpm.layout == .split else { return [] }
        let shared = SharedPackages(
            target: project.manifest.rpm.target, architecture: inputs.architecture, output: "", published: published,
            hostTool: hostTool.path)
        return inputs.locked.records.filter { !shared.exists($0) }.map { "no RPM \(SharedPackage($0).rpmName)" }
    }

    private func inputs(_ project: Project, _ locking: Locking) async throws -> BuildInputs {
        try BuildInputs(
            project: project, locked: LockedPackages(locking.requireLock(), project), hostTool: hostTool,
            bootstrap: try await BootstrapSource(project.manifest, connection: connection, events: { _ in }).resolve(),
            environment: connection.environment)
    }

    /// What an RPM was made of that is not so any more; the first kind of change names the state.
    private func difference(
        _ project: Project, _ inputs: BuildInputs, _ path: String
    ) throws -> (ServiceStatus.State, [String]) {
        let release = try Release(rpm: RPMReader(path: path))
        let comparison = Comparison(
            try Contents(rpm: path), try Contents(project, environment: connection.environment, title: ""))
        let manifest = try ManifestDifference.lines(release.manifest, InputsDigest.manifest(project))
        let packages =
            comparison.removed.map { "\($0.name) is no longer in the lock" }
            + comparison.added.map { "\($0.name) \($0.version) is new in the lock" }
            + comparison.changed.map { "\($0.name) \($0.from.version) is \($0.to.version) in the lock" }
        var others = Self.lines(comparison.files, "file") + Self.lines(comparison.scripts, "script")
        if release.hostTool != hostTool.sha256 { others.append("the host tool is another one") }
        if release.bootstrap.sha256 != inputs.bootstrap?.sha256 { others.append("the bootstrap is another one") }
        let groups: [(ServiceStatus.State, [String])] = [
            (.manifestChanged, manifest), (.lockChanged, packages), (.inputsChanged, others),
        ]
        let first = groups.first { !$0.1.isEmpty }?.0 ?? .inputsChanged
        let reasons = groups.flatMap(\.1)
        return (first, reasons.isEmpty ? ["the tool packages it in another way now"] : reasons)
    }
}

extension StatusCheck {
    fileprivate static func lines(_ names: Comparison.Names, _ kind: String) -> [String] {
        names.changed.map { "the \(kind) \($0) changed" } + names.added.map { "the \(kind) \($0) is new" }
            + names.removed.map { "the \(kind) \($0) is gone" }
    }
}

/// What differs between two manifests in canonical form.
enum ManifestDifference {
    /// One line for each key; requirements that came and went by their own text.
    static func lines(_ old: String, _ new: String) throws -> [String] {
        let (before, after) = (try values(old), try values(new))
        return Set(before.keys).union(after.keys).sorted().flatMap { key -> [String] in
            guard before[key] != after[key] else { return [] }
            if let was = before[key]?.list ?? (before[key] == nil ? [] : nil),
                let now = after[key]?.list ?? (after[key] == nil ? [] : nil)
            {
                let moved =
                    now.filter { !was.contains($0) }.map { "\(key): \($0) was added" }
                    + was.filter { !now.contains($0) }.map { "\(key): \($0) was removed" }
                return moved.isEmpty ? ["\(key): the order is another one"] : moved
            }
            return ["\(key) changed from \(before[key]?.text ?? "nothing") to \(after[key]?.text ?? "nothing")"]
        }
    }

    private struct Value: Hashable {
        var text: String
        /// The elements, when it is a list.
        var list: [String]?
    }

    private static func values(_ json: String) throws -> [String: Value] {
        var values: [String: Value] = [:]
        flatten(try JSONSerialization.jsonObject(with: Data(json.utf8)), "", &values)
        return values
    }

    private static func flatten(_ value: Any, _ key: String, _ values: inout [String: Value]) {
        switch value {
        case let members as [String: Any]:
            for (name, member) in members { flatten(member, key.isEmpty ? name : "\(key).\(name)", &values) }
        case let items as [Any]:
            let texts = items.map(text)
            values[key] = Value(text: "[\(texts.joined(separator: ", "))]", list: texts)
        default: values[key] = Value(text: text(value))
        }
    }

    private static func text(_ value: Any) -> String {
        if let text = value as? String { return text }
        let options: JSONSerialization.WritingOptions = [.sortedKeys, .fragmentsAllowed, .withoutEscapingSlashes]
        let data = try? JSONSerialization.data(withJSONObject: value, options: options)
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "\(value)"
    }
}
