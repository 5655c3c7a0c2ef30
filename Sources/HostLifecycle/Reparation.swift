import CondaPrefix
import FoundationEssentials
import ServiceRelease

/// Compares a release with what was installed, and mends exactly what differs from the archives of its bundle.
///
/// Nothing of the release runs before all of it is as it was: what others could have changed is made anew, and what nobody
/// can make anew is refused.
struct Reparation: Sendable {
    let home: ServiceHome
    let identifier: String
    let bundle: Bundle
    let events: @Sendable (HostEvent) -> Void

    /// Relinks the files that are missing, changed or exposed.
    ///
    /// - Throws: `HostError.archiveMissing` when the bundle no longer holds the archives, `HostError.damaged` when
    ///   something still differs afterwards, `HostError.untrusted` for an added file that others could change.
    func run() throws {
        let first = try ReleaseLook(home: home, identifier: identifier)
        let look = try closed(first)
        if !look.differences.isEmpty {
            guard bundle.release.layout != .prefix else {
                throw HostError.damaged(identifier, .prefix, look.differences)
            }
            if let offence = look.foreign.first { throw HostError(offence) }
            try bundle.verifyArchives()
            for offence in look.offences where ReleaseLook.restricted.contains(look.name(of: offence)) {
                try home.ownership.restrict(offence)
            }
            if look.offences.contains(where: { look.name(of: $0) == ServiceHome.activationName }) {
                try replaceActivation()
            }
            try relink(look.differences)
            try home.requireTrusted(release: identifier)
            try refresh(look)
        }
        events(.repaired(files: max(first.differences.count, look.differences.count)))
    }

    /// Makes every directory root's, and looks again: until then names in them could be exchanged.
    ///
    /// - Returns: what is found when nobody else can exchange anything any more. Files that were somebody else's are made
    ///   anew all the same, for he may have them open.
    private func closed(_ first: ReleaseLook) throws -> ReleaseLook {
        var look = first
        // Somebody may go on making directories in those that were not reached yet.
        for _ in 0..<20 where bundle.release.layout != .prefix {
            let open = look.offences.filter(\.isDirectory)
            guard !open.isEmpty else { return look }
            for offence in open { try home.ownership.restrict(offence) }
            look = try ReleaseLook(home: home, identifier: identifier)
        }
        if let offence = look.offences.first(where: \.isDirectory), bundle.release.layout != .prefix {
            throw HostError(offence)
        }
        return look
    }

    /// The service may start meanwhile, and needs one; what it holds is evaluated again when all else is as it was.
    private func replaceActivation() throws {
        let path = home.activation(identifier)
        let data = FileManager.default.contents(atPath: path) ?? Data()
        try replaceDocument(path, with: [UInt8](data))
    }

    private func relink(_ differences: [PrefixDifference]) throws {
        let files = differences.compactMap { difference -> PrefixDifference? in
            if [ServiceHome.activationName, "../.\(identifier).json"].contains(difference.path) { return nil }
            guard difference.kind == .exposed else { return difference }
            let path = difference.path
            if ReleaseLook.restricted.contains(path) { return nil }
            return PrefixDifference(path: path, kind: .changed, package: difference.package)
        }
        let installer = PrefixInstaller(prefix: home.place(identifier), options: PrefixOptions(bundle.release))
        let left = try installer.repair(
            files, packages: bundle.prefixPackages, wheels: bundle.prefixWheels,
            isLinkedByAnother: bundle.release.bootstrap != .builtin)
        guard left.isEmpty else { throw HostError.damaged(identifier, bundle.release.layout, left) }
    }

    /// Makes anew what belongs to the release and is none of its packages, and notes how the records are now.
    private func refresh(_ look: ReleaseLook) throws {
        if look.differences.contains(where: { $0.path == ServiceHome.activationName }) {
            try ReleaseEnvironment.record(home: home, identifier: identifier, release: bundle.release)
        }
        var document = bundle.release
        document.prefix = areSame(look.document.prefix, home.root) ? look.document.prefix : home.root
        document.records = try ReleaseRecords.digests(home.release(identifier), of: document)
        guard document != look.document else { return }
        try replaceDocument(home.document(identifier), with: try document.json())
    }
}
