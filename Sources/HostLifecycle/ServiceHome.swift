import CondaModel
import FoundationEssentials
import Glibc
import ServiceRelease

/// A service's home on a host: the paths of DESIGN's host layout, and what can be read off them.
///
///     /opt/orders/
///       bundle/2.4.0-1/            RPM-owned
///       releases/2.4.0-1/          the conda prefix
///       releases/.2.4.0-1.incomplete
///       current -> releases/2.4.0-1
///
/// It holds no state of its own: each question is answered from the disk, so that a tool killed
/// between two steps is followed by one that sees what is really there.
package struct ServiceHome: Sendable {
    /// The home's absolute path, such as `/opt/orders`.
    package let root: String
    /// Who may change what is here.
    let ownership: Ownership

    package init(root: String) {
        self.init(root: root, ownership: .ofThisProcess)
    }

    init(root: String, ownership: Ownership) {
        self.root = root
        self.ownership = ownership
    }

    /// The home of a bundle, which stands at `HOME/bundle/V-R`.
    ///
    /// Several paths may lead to it, through a link to another disk or after `rpm --prefix`; where the path that the
    /// release names is one of them it counts, for units and commands use it.
    package init(bundle: String) throws(HostError) {
        let parts = bundle.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count > 3, parts[parts.count - 2] == "bundle" else { throw .notInAHome(path: bundle) }
        let found = parts.dropLast(2).joined(separator: "/")
        let named = (try? Release(bundle: bundle))?.prefix ?? found
        self.init(root: areSame(named, found) ? named : found)
    }

    package var releases: String { "\(root)/releases" }
    package var bundles: String { "\(root)/bundle" }
    /// The link that tells which release serves.
    package var current: String { "\(root)/current" }

    /// What ``HomeLock`` locks.
    var lockFile: String { "\(root)/.lock" }

    package func release(_ identifier: String) -> String { "\(releases)/\(identifier)" }
    /// The path that a release was linked for, which its files hold: the home may have had another one then.
    func place(_ identifier: String) -> String {
        guard let linked = (try? readDocument(identifier))?.prefix, areSame(linked, root) else {
            return release(identifier)
        }
        return ServiceHome(root: linked).release(identifier)
    }
    /// The marker that stands beside a release directory until the release is complete.
    package func marker(_ identifier: String) -> String { "\(releases)/.\(identifier).incomplete" }
    /// A place for a bootstrap's own files, removed afterwards.
    package func workshop(_ identifier: String) -> String { "\(releases)/.\(identifier).bootstrap" }
    /// What is kept of a release directory that rpm owns, for the time when rpm removes it.
    func aside(_ identifier: String) -> String { "\(releases)/.\(identifier).aside" }
    /// The note that a release is being removed: its document or marker, renamed.
    func removalNote(_ identifier: String) -> String { "\(releases)/.\(identifier).removed" }
    /// What `%pre` leaves for `%preun`: the process of the transaction, the release that it brings, and its home.
    static let transactionName = ".transaction"
    /// The document in a bundle.
    func bundleDocument(_ identifier: String) -> String { "\(bundles)/\(identifier)/\(Release.fileName)" }
    /// The release document that stands beside a release directory, so that the prefix holds only what conda would.
    package func document(_ identifier: String) -> String { "\(releases)/.\(identifier).json" }
    /// The activation variables in systemd's `EnvironmentFile` form.
    package func activation(_ identifier: String) -> String { "\(release(identifier))/\(Self.activationName)" }
    static let activationName = "activate.env"

    /// The identifier `current` points at, if it points at a release directory that exists.
    package func serving() -> String? {
        releaseOfCurrent().flatMap { isDirectory(release($0)) ? $0 : nil }
    }

    /// The identifier `current` points at, whether there is such a directory or not.
    func releaseOfCurrent() -> String? {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: current)).flatMap(Self.identifier(inTarget:))
    }

    /// The release that a link of the form of `current` leads to; nil for a target of another form.
    static func identifier(inTarget target: String) -> String? {
        guard target.hasPrefix("releases/") else { return nil }
        let identifier = target.dropFirst("releases/".count)
        return identifier.isEmpty || identifier.contains("/") || identifier.hasPrefix(".") ? nil : String(identifier)
    }

    /// The complete releases on this host, oldest first.
    package func completeReleases() -> [String] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: releases)) ?? []
        return
            entries
            .filter { !$0.hasPrefix(".") && isDirectory(release($0)) && exists(document($0)) && !exists(marker($0)) }
            .map { ($0, modificationTime(document($0))) }
            .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
            .map(\.0)
    }

    /// Removes a release and everything that stands beside it; a directory that rpm owns is left to rpm.
    ///
    /// Its document becomes a note that it is being removed, which takes no room on a full disk: from then on, however far a
    /// killed removal got, the release counts as none and still has a name. The note goes last, and with rpm's directory.
    func removeRelease(_ identifier: String) throws(HostError) {
        let note = removalNote(identifier)
        for mark in [document(identifier), marker(identifier)] where exists(mark) {
            if exists(note) { try removeTree(mark) } else { try check("rename", mark) { rename(mark, note) } }
        }
        let isOwned = isOwned(identifier)
        if !isOwned { try removeTree(release(identifier)) }
        let draft = "\(aside(identifier)).new"
        for path in [aside(identifier), draft, workshop(identifier)] { try removeTree(path) }
        for path in [document(identifier), marker(identifier)] { try removeTree("\(path).new") }
        if !isOwned || !exists(release(identifier)) { try removeTree(note) }
    }

    /// Releases that a killed install or removal left behind, or that rpm has removed meanwhile.
    func leftovers() -> [String] {
        releasesBeingRemoved() + incompleteReleases().map(\.identifier)
    }

    /// Releases with a note that they are being removed, whose directories rpm does not own any more.
    func releasesBeingRemoved() -> [String] {
        let foreign = ForeignFiles(home: self, package: nil)
        return marked(".removed").filter { foreign.isNote(removalNote($0), of: $0) && !isOwned($0) }
    }

    /// Whether a document, a marker, a note or an installed package stands for a release directory.
    func isNamed(_ identifier: String) -> Bool {
        isOwned(identifier) || [document, marker, removalNote].contains { exists($0(identifier)) }
    }

    /// The releases that have an entry of this ending beside them, sorted.
    func marked(_ ending: String) -> [String] {
        ForeignFiles.names(in: releases).filter { $0.hasPrefix(".") && $0.hasSuffix(ending) }
            .map { String($0.dropFirst().dropLast(ending.count)) }
    }

    /// The releases whose install was begun and not finished, with what is known of each.
    package func incompleteReleases() -> [IncompleteRelease] {
        marked(".incomplete").map { IncompleteRelease.read(marker($0), identifier: $0) }
    }

    /// The document of a release on this host.
    package func readDocument(_ identifier: String) throws(ReleaseError) -> Release {
        try Release(path: document(identifier))
    }
}

/// What a marker says of an install that has not finished, or failed.
package struct IncompleteRelease: Codable, Sendable, Hashable {
    package var identifier: String
    /// The step that was under way.
    package var step: String
    /// Why it failed; nil when the install was cut off.
    package var reason: String?
    /// What the processes of this try bear in their environment (``ProcessMark``).
    package var mark: String?

    package init(identifier: String, step: String, reason: String? = nil, mark: String? = nil) {
        self.identifier = identifier
        self.step = step
        self.reason = reason
        self.mark = mark
    }

    /// What is for people and monitoring to read.
    var withoutMark: IncompleteRelease { IncompleteRelease(identifier: identifier, step: step, reason: reason) }

    static func read(_ path: String, identifier: String) -> IncompleteRelease {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        let found = try? JSONDecoder().decode(IncompleteRelease.self, from: data)
        return found ?? IncompleteRelease(identifier: identifier, step: "an unknown step")
    }
}
