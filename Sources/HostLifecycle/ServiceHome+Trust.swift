import FoundationEssentials
import Glibc
import ServiceRelease

extension ServiceHome {
    /// Refuses a home of which somebody else could change what the tool reads or runs, as far as that is not in a release:
    /// the way to it, its folders, the releases' documents and markers, and the bundles.
    ///
    /// A home that is not there yet is one whose ways are looked at.
    /// - Throws: `HostError.untrusted`.
    func requireTrusted() throws(HostError) {
        try ownership.require(root)
        for folder in [releases, bundles] { try ownership.require(folder) }
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: releases)) ?? []
        for name in entries.sorted() where name.hasPrefix(".") { try ownership.require("\(releases)/\(name)") }
        try requireTree(bundles)
    }

    /// Refuses a release of which somebody else could change anything.
    func requireTrusted(release identifier: String) throws(HostError) { try requireTree(release(identifier)) }

    private func requireTree(_ path: String) throws(HostError) {
        if isFolder(path) { try ownership.requireTree(path) }
    }

    /// Refuses the unpacked packages that a release is linked from, where they are none of its bundle.
    func requireTrustedPackages(of release: Release) throws(HostError) {
        for package in release.sharedPackages { try requireTree(package.directory) }
    }
}

extension Ownership {
    /// Takes from others what an installation, its bootstrap or a link script has left them: write permission and set-ID
    /// bits.
    ///
    /// - Parameter takesOver: whether also what belongs to others becomes the caller's, as after a bootstrap that keeps the
    ///   owners which archives name.
    /// - Throws: `HostError.untrusted` when something belongs to others all the same.
    func seal(_ path: String, takesOver: Bool) throws(HostError) {
        for offence in try offences(below: path) where takesOver || users.contains(offence.owner) {
            try restrict(offence)
        }
        try requireTree(path)
    }

    /// Makes a file or directory follow the rule.
    ///
    /// Who had it open for writing can still write to a file: what was somebody else's is better made anew.
    func restrict(_ offence: Offence) throws(HostError) {
        let path = offence.path
        guard !offence.isLink else {
            return try check("change the owner of", path) { lchown(path, geteuid(), getegid()) }
        }
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor != -1 else { throw .system(operation: "open", path: path, code: errno) }
        defer { close(descriptor) }
        if !users.contains(offence.owner) {
            try check("change the owner of", path) { fchown(descriptor, geteuid(), getegid()) }
        }
        let kept: mode_t = offence.isDirectory ? ~0o022 : ~0o6022
        try check("change the mode of", path) { fchmod(descriptor, offence.mode & kept & 0o7777) }
    }
}
