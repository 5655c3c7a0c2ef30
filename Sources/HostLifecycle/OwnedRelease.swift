import FoundationEssentials
import Glibc
import ServiceRelease

/// Release directories that are payload (layout `prefix`): rpm removes their files with the package, whether the next
/// release came into service or not.
///
/// The files hold their place, `releases/V-R`, and rpm removes by exactly these paths and follows links on the way: no tree
/// at another path could serve in the meantime (programs would look for the old one), none at this path would stay, and
/// every step in between would be a window for a kill or a power loss. So there must be no such meantime:
///
/// - While a release serves, an upgrade does not remove its package. Where the new release did not come into service the
///   old package's `%preun` fails, which makes rpm keep that package with all its files; rpm reports it, and the next
///   upgrade that succeeds removes it. So whatever is killed, `current` leads to files that nobody has touched.
/// - Once the next release serves, rpm removes the old one. For a rollback it outlives its package: `%pre` has set it
///   aside as a second tree of hard links, from which what rpm has removed comes back when rpm is done. From then on it is
///   a release like any other, and goes when `keep` says so.
/// - Where a package is erased by itself while its release serves (`dnf remove --duplicates`), or is of a tool that did
///   not have the first rule, the tree serves again when rpm is done. If rpm is killed on the way, the next start of the
///   service has the missing files put back before (`NAME-settle.service`), and so has every later step.
extension ServiceHome {
    /// Whether an installed package brings the release directory.
    package func isOwned(_ identifier: String) -> Bool {
        (try? Release(bundle: "\(bundles)/\(identifier)"))?.layout == .prefix
    }

    /// Whether a release has come as payload, though its package may be gone: a killed rpm may think that it is not.
    private func wasPayload(_ identifier: String) -> Bool {
        isOwned(identifier) || (try? readDocument(identifier))?.layout == .prefix
    }

    /// Sets every release aside that rpm may remove and that is complete or serves, as one does whose reinstallation
    /// failed; but not the one that is being installed.
    func setAside(but identifier: String) throws(HostError) {
        let wanted = Set(completeReleases() + [serving()].compactMap(\.self))
        for owned in wanted.sorted() where owned != identifier && wasPayload(owned) {
            // What a transaction that was killed has removed must not be missing in the new tree, too.
            try restore(owned)
            // In one step: half a tree must never take the place of a release.
            let draft = "\(aside(owned)).new"
            try removeTree(draft)
            try linkTree(from: release(owned), to: draft)
            try removeTree(aside(owned))
            try check("rename", draft) { rename(draft, aside(owned)) }
        }
    }

    /// Puts back what rpm has removed of releases that were set aside, and forgets those that were not kept.
    ///
    /// What rpm still owns it may remove once more: that stays aside, too.
    func settle() throws(HostError) {
        for identifier in marked(".aside") where wasPayload(identifier) {
            try restore(identifier)
            guard !isOwned(identifier) else { continue }
            try syncFileSystem(of: releases)
            try removeTree(aside(identifier))
        }
        for identifier in releasesBeingRemoved() + unfinishable() { try removeRelease(identifier) }
    }

    /// Releases that are not complete and whose packages have gone: nobody can finish them.
    private func unfinishable() -> [String] {
        marked(".incomplete").filter { identifier in
            let plain = identifier.lastIndex(of: "+").map { String(identifier[..<$0]) } ?? identifier
            return identifier != releaseOfCurrent() && ForeignFiles.isBegunDocument(marker(identifier))
                && [identifier, plain].allSatisfy { !exists("\(bundles)/\($0)") }
        }
    }

    /// Puts back what is missing in a release and was set aside; what is there stays as it is.
    ///
    /// Nothing is ever moved away or replaced, so that it may be done beside a service that runs and an rpm that removes.
    func restore(_ identifier: String) throws(HostError) {
        guard isDirectory(aside(identifier)) else { return }
        try linkMissing(from: aside(identifier), to: release(identifier))
    }
}

/// Makes hard links to what another tree has more than this one.
private func linkMissing(from source: String, to target: String) throws(HostError) {
    guard isDirectory(source), isDirectory(target) else {
        return exists(target) ? () : try linkTree(from: source, to: target)
    }
    for name in ForeignFiles.names(in: source) { try linkMissing(from: "\(source)/\(name)", to: "\(target)/\(name)") }
}

/// Makes a tree of hard links; directories keep their modes.
private func linkTree(from source: String, to target: String) throws(HostError) {
    guard let status = status(source) else { throw .system(operation: "read", path: source, code: errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
        return try check("link", target) { linkat(AT_FDCWD, source, AT_FDCWD, target, 0) }
    }
    try check("create", target) { mkdir(target, 0o700) }
    let names: [String]
    do {
        names = try FileManager.default.contentsOfDirectory(atPath: source)
    } catch {
        throw .system(operation: "read", path: source, code: errno)
    }
    for name in names { try linkTree(from: "\(source)/\(name)", to: "\(target)/\(name)") }
    try check("set the mode of", target) { chmod(target, status.st_mode & 0o7777) }
}
