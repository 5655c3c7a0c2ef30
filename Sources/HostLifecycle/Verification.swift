import CondaModel
import CondaPrefix
import ServiceRelease

/// Compares the release that serves with the archives it was made of.
package struct Verification: Sendable {
    let home: ServiceHome

    package init(home: ServiceHome) {
        self.home = home
    }

    /// A release that is whole.
    package struct Outcome: Sendable, Hashable {
        package let identifier: String
        /// Paths of files that no package brought: a service, a link script or an administrator made them.
        package let added: [String]
        /// What the files were compared with.
        package let basis: String
    }

    /// Files that were added are no damage, as long as nobody but root can change them.
    ///
    /// - Returns: The release that serves and is whole.
    /// - Throws: `HostError.damaged` naming the first twenty differences, `HostError.noReleaseServes`,
    ///   `HostError.notInService` when the last install failed or was cut off, `HostError.untrusted`.
    package func run() throws -> Outcome {
        try home.requireTrusted()
        guard let identifier = home.serving() else { throw HostError.noReleaseServes(root: home.root) }
        if let failed = home.incompleteReleases().first {
            throw HostError.notInService(release: failed.identifier, step: failed.step, serving: identifier)
        }
        let look = try ReleaseLook(home: home, identifier: identifier, includingAdded: true)
        try look.requireWhole()
        return Outcome(identifier: identifier, added: look.added.map(\.path), basis: look.basis)
    }

    /// - Throws: `HostError.damaged` when a release differs from what was installed.
    func requireWhole(_ identifier: String) throws {
        try ReleaseLook(home: home, identifier: identifier).requireWhole()
    }
}

/// What a look at a release has found.
///
/// Digests come from the archives of its bundle, which the RPM owns; those of what was made on this host, and of what
/// archives do not tell, from the document beside the release. The release's own records count as far as that document
/// knows them.
struct ReleaseLook {
    let home: ServiceHome
    let identifier: String
    /// The document beside the release.
    let document: Release
    /// The bundle that the release was made of, if it is here.
    let bundle: Bundle?
    /// What differs from what was installed, in the order of paths.
    let differences: [PrefixDifference]
    /// What no package brought.
    let added: [PrefixDifference]
    /// What somebody else could change.
    let offences: [Ownership.Offence]
    /// What the files were compared with.
    let basis: String
    private let expected: Set<String>

    init(home: ServiceHome, identifier: String, includingAdded: Bool = false) throws {
        let document = try home.readDocument(identifier)
        let bundle = home.bundle(of: document)
        let prefix = home.release(identifier)
        let offences = try home.ownership.offences(of: prefix)
        (self.home, self.identifier, self.document, self.bundle, self.offences) = (
            home, identifier, document, bundle, offences
        )
        let changed = try ReleaseRecords.changes(prefix, document.records)
        let unchanged = document.records.map { Set($0.keys).subtracting(changed.map(\.path)) }
        let complete = bundle.flatMap { $0.isComplete ? $0 : nil }
        let sources = try complete.map {
            try PrefixSources(
                prefix: home.place(identifier), packages: $0.prefixPackages, wheels: $0.prefixWheels,
                trusted: unchanged, isLinkedByAnother: $0.release.bootstrap != .builtin)
        }
        let release = bundle?.release ?? document
        let wheels = release.wheels.map {
            PrefixWheel(name: $0.name, version: $0.version, path: $0.fileName, isRequested: $0.isRequested)
        }
        let state = try PrefixState(prefix: prefix)
        let found = try state.verify(
            against: sources, expecting: release.packages.map(\.record), wheels: wheels,
            isGuarded: release.frozen == true, includingAdded: includingAdded)
        added = found.filter { $0.kind == .added && $0.path != ServiceHome.activationName }
        let paths = Set(changed.map(\.path))
        let others = found.filter { $0.kind != .added && !paths.contains($0.path) }
        let exposed = offences.map { $0.difference(below: prefix) }
        let wrong = bundle.map { !$0.release.isDescribed(by: document) } ?? false
        let documents = wrong ? [PrefixDifference(path: "../.\(identifier).json", kind: .changed, package: nil)] : []
        differences = (others + changed + exposed + documents).sorted {
            ($0.path, $0.kind.rawValue) < ($1.path, $1.kind.rawValue)
        }
        expected = try state.expectedPaths(sources).union(
            release.packages.map { "conda-meta/\($0.record.distribution).json" })
        basis = Self.basis(bundle, complete, document)
    }

    private static func basis(_ bundle: Bundle?, _ complete: Bundle?, _ document: Release) -> String {
        if let complete { return "the archives of \(complete.path)" }
        let records =
            document.records == nil ? "its own records" : "its records, of which the installation kept the digests"
        if document.layout == .prefix { return "\(records); rpm -V compares it with the package" }
        return "\(records): " + (bundle == nil ? "its bundle is not here any more" : "its archives were dropped")
    }

    /// - Throws: `HostError.damaged`.
    func requireWhole() throws(HostError) {
        guard !differences.isEmpty else { return }
        throw HostError.damaged(identifier, document.layout, differences)
    }

    /// What somebody else could change and no package brought, so that nothing can be put in its place.
    var foreign: [Ownership.Offence] {
        let known = expected.union(document.records?.keys.map(\.self) ?? []).union(Self.restricted)
        return offences.filter { !$0.isDirectory && !known.contains(name(of: $0)) }
    }

    /// The path below the release.
    func name(of offence: Ownership.Offence) -> String {
        String(offence.path.dropFirst(home.release(identifier).count + 1))
    }

    /// What is kept as it is when it was exposed: nothing runs it, and no archive has it.
    static let restricted: Set<String> = ["conda-meta/history", "conda-meta/state"]
}

extension Ownership {
    /// All offences of a tree, the directory itself first.
    func offences(of path: String) throws(HostError) -> [Offence] {
        guard let found = status(path) else { return [] }
        return [offence(path, found)].compactMap(\.self) + (try offences(below: path))
    }
}

extension Ownership.Offence {
    func difference(below prefix: String) -> PrefixDifference {
        let owner = Account.name(of: owner) ?? "user \(owner)"
        let relative = path == prefix ? "." : String(path.dropFirst(prefix.count + 1))
        return PrefixDifference(
            path: relative, kind: .exposed, package: nil, expected: "root's, not writable by others",
            found: "it belongs to \(owner), mode \(octalMode)")
    }
}

extension ServiceHome {
    /// The bundle that a release was made of, where it is still here.
    func bundle(of document: Release) -> Bundle? {
        let path = "\(bundles)/\(document.identifier)"
        guard let release = try? Release(bundle: path), release.inputs == document.inputs else { return nil }
        return Bundle(path: path, release: release)
    }
}

extension Release {
    /// Whether a document on a host is that of this release: nothing but its place and what was made there is added.
    func isDescribed(by document: Release) -> Bool {
        var plain = document
        (plain.prefix, plain.records) = (prefix, records)
        return plain == self
    }
}

extension HostError {
    static func damaged(_ identifier: String, _ layout: Layout, _ differences: [PrefixDifference]) -> HostError {
        .damaged(
            release: identifier,
            differences: differences.prefix(20).map {
                "\($0.kind.rawValue) \($0.path)" + ($0.kind == .exposed ? ": \($0.found ?? "")" : "")
            }, total: differences.count, layout: layout)
    }
}
