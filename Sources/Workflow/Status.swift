import CondaLock
import CondaModel
import FoundationEssentials
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
    package let hostTools: HostTools
    /// Ask the channels what they offer; the names are those that matter to security.
    package let updates: Set<String>?

    package init(
        connection: Connection, published: PublishedPackages, hostTools: HostTools, updates: Set<String>? = nil
    ) {
        self.connection = connection
        self.published = published
        self.hostTools = hostTools
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
        let stale = try staleReasons(locking)
        guard stale.isEmpty else { return answer(known.isEmpty ? .neverBuilt : .lockStale, stale, newest?.place) }
        let inputs = try await inputs(project, locking)
        let history = ReleaseHistory(known, inputs, project.manifest.rpm)
        if let same = history.same {
            let missing = missingPackages(project, inputs)
            let reasons = missing + [history.warning].compactMap { $0 }
            return answer(missing.isEmpty ? .upToDate : .packagesMissing, reasons, same.place)
        }
        guard let newest = history.newest else { return answer(.neverBuilt, [], nil) }
        var (state, reasons) = try difference(project, inputs, newest)
        if let old = history.takenBack {
            reasons.append(
                "\(old.name)-\(old.evr) was made of the same, and \(newest.evr) has taken its place: "
                    + "a build gives \(inputs.version)-\(history.release)")
        }
        reasons += [history.warning].compactMap { $0 }
        return answer(state, reasons, newest.place)
    }

    /// Why the lock does not answer, and that no build changes it where another tool wrote it.
    private func staleReasons(_ locking: Locking) throws -> [String] {
        let reasons = try locking.staleReasons()
        guard !reasons.isEmpty, let format = try locking.foreignFormat() else { return reasons }
        return reasons + ["the lock is \(format): a build leaves it as it is, and fails"]
    }

    /// The RPMs of conda packages that a service of layout `split` requires and that were neither built nor published.
    private func missingPackages(_ project: Project, _ inputs: BuildInputs) -> [String] {
        guard project.manifest.rpm.layout == .split else { return [] }
        let shared = SharedPackages(
            target: project.manifest.rpm.target, architecture: inputs.architecture, output: "", published: published,
            hostTool: inputs.hostTool.path)
        return inputs.locked.records.filter { !shared.exists($0) }.map { "no RPM \(SharedPackage($0).rpmName)" }
    }

    private func inputs(_ project: Project, _ locking: Locking) async throws -> BuildInputs {
        try BuildInputs(
            project: project, locked: LockedPackages(locking.requireLock(), project),
            hostTool: hostTools.tool(for: project.subdir),
            bootstrap: try await BootstrapSource(project, connection: connection, events: { _ in }).resolve(),
            environment: connection.environment)
    }

    /// What an RPM was made of that is not so any more; the first kind of change names the state.
    private func difference(
        _ project: Project, _ inputs: BuildInputs, _ newest: PublishedPackages.Package
    ) throws -> (ServiceStatus.State, [String]) {
        guard let path = newest.path else { return (.inputsChanged, ["the digest of its inputs is another one"]) }
        let release = try Release(rpm: RPMReader(path: path))
        let comparison = Comparison(
            try Contents(rpm: path), try Contents(project, environment: connection.environment, title: ""))
        let manifest = try ManifestDifference.lines(release.manifest, InputsDigest.manifest(project))
        let packages =
            comparison.removed.map { "\($0.name) is no longer in the lock" }
            + comparison.added.map { "\($0.name) \($0.version) is new in the lock" }
            + comparison.changed.map { "\($0.name) \($0.from.version) is \($0.to.version) in the lock" }
        var others = Self.lines(comparison.files, "file") + Self.lines(comparison.scripts, "script")
        if release.hostTool != inputs.hostTool.sha256 { others.append("the host tool is another one") }
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
    /// What became of one key.
    struct Change: Hashable {
        let key: String
        let text: String
    }

    /// One line for each key; requirements that came and went by their own text.
    static func lines(_ old: String, _ new: String) throws -> [String] { try changes(old, new).map(\.text) }

    /// The lines with their keys.
    static func changes(_ old: String, _ new: String) throws -> [Change] {
        let (before, after) = (try values(old), try values(new))
        return Set(before.keys).union(after.keys).sorted().flatMap { key in
            lines(key, before[key], after[key]).map { Change(key: key, text: $0) }
        }
    }

    private static func lines(_ key: String, _ before: Value?, _ after: Value?) -> [String] {
        guard before != after else { return [] }
        guard let was = before?.list ?? (before == nil ? [] : nil), let now = after?.list ?? (after == nil ? [] : nil)
        else { return ["\(key) changed from \(before?.text ?? "nothing") to \(after?.text ?? "nothing")"] }
        let moved =
            now.filter { !was.contains($0) }.map { "\(key): \($0) was added" }
            + was.filter { !now.contains($0) }.map { "\(key): \($0) was removed" }
        return moved.isEmpty ? ["\(key): the order is another one"] : moved
    }

    private struct Value: Hashable {
        var text: String
        /// The elements, when it is a list.
        var list: [String]?
    }

    private static func values(_ json: String) throws -> [String: Value] {
        var values: [String: Value] = [:]
        flatten(try JSONValue(json: json), "", &values)
        return values
    }

    private static func flatten(_ value: JSONValue, _ key: String, _ values: inout [String: Value]) {
        switch value {
        case .object(let members):
            for (name, member) in members { flatten(member, key.isEmpty ? name : "\(key).\(name)", &values) }
        case .list(let items):
            let texts = items.map(text)
            values[key] = Value(text: "[\(texts.joined(separator: ", "))]", list: texts)
        default: values[key] = Value(text: text(value))
        }
    }

    private static func text(_ value: JSONValue) -> String {
        if case .text(let text) = value { return text }
        return (try? stableJSON(value)) ?? "\(value)"
    }
}
