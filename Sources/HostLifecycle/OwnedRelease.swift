import FoundationEssentials
import ServiceRelease

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Release directories that are payload (layout `prefix`): rpm removes their files with the package, whether the next
/// release came into service or not.
///
/// So an upgrade first sets such a release aside, as a second tree of hard links, and when rpm is done the tree takes
/// the old place again. From then on it is a release like any other, and goes when `keep` says so.
extension ServiceHome {
    /// Whether an installed package brings the release directory.
    package func isOwned(_ identifier: String) -> Bool {
        (try? Release(bundle: "\(bundles)/\(identifier)"))?.layout == .prefix
    }

    /// Sets every release aside that rpm owns and that is complete or serves, as one does whose reinstallation failed; but
    /// not the one that is being installed.
    func setAside(but identifier: String) throws(HostError) {
        let wanted = Set(completeReleases() + [serving()].compactMap(\.self))
        for owned in wanted where owned != identifier && isOwned(owned) {
            // In one step: half a tree must never take the place of a release.
            let draft = "\(aside(owned)).new"
            try removeTree(draft)
            try linkTree(from: release(owned), to: draft)
            try removeTree(aside(owned))
            try check("rename", draft) { rename(draft, aside(owned)) }
        }
    }

    /// Puts releases back in their places whose packages are gone, and removes what rpm left of those that are not kept.
    func settle() throws(HostError) {
        for entry in (try? FileManager.default.contentsOfDirectory(atPath: releases)) ?? [] {
            guard entry.hasPrefix("."), entry.hasSuffix(".aside") else { continue }
            let identifier = String(entry.dropFirst().dropLast(".aside".count))
            guard !isOwned(identifier) else { continue }
            try removeTree(release(identifier))
            try check("rename", aside(identifier)) { rename(aside(identifier), release(identifier)) }
        }
        for leftover in namelessReleases() { try removeTree(release(leftover)) }
    }
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
