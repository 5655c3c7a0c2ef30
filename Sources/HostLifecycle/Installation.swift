import CondaModel
import CondaPrefix
import FoundationEssentials
import ServiceRelease

/// Puts the release of one bundle into service: the work of `%post`, of `repair`, and of every later try.
///
/// A release is linked at its final path, because that path is baked into its files, but nothing reaches it
/// before `current` points there; a marker beside it says that it is not complete. Whatever fails before
/// the flip leaves the release that served before in service.
///
/// In layout `split` the packages lie unpacked in directories that all services share; their files get second names here.
/// In layout `prefix` rpm has written the files already, and every installation runs the link scripts anew.
package struct Installation: Sendable {
    let home: ServiceHome
    let bundle: String
    let release: Release
    let isUnpacked: Bool
    let events: @Sendable (HostEvent) -> Void

    /// - Parameter isUnpacked: whether rpm has just written the files of the package, so that those of layout `prefix`
    ///   are as they were packaged.
    /// - Throws: `ReleaseError` when the bundle has no usable release document.
    package init(
        home: ServiceHome, bundle: String, isUnpacked: Bool, events: @escaping @Sendable (HostEvent) -> Void
    ) throws(ReleaseError) {
        self.home = home
        self.isUnpacked = isUnpacked
        self.bundle = bundle
        self.release = try Release(bundle: bundle)
        self.events = events
    }

    /// Links, checks and flips; afterwards the release serves and what is beyond `keep` is gone.
    /// - Throws: `HostError.untrusted` before anything changes where somebody else could change what is read or run.
    package func run() throws {
        try home.requireTrusted()
        try home.ownership.requireTree(bundle)
        try home.requireTrustedPackages(of: release)
        try makeDirectory(home.releases)
        let lock = try HomeLock(home)
        try ForeignFiles(home: home, package: release.name).requireNone()
        let null = NullDevice(events: events)
        home.endLeftovers(events: events)
        // As rpm has just written it, nothing is missing in it; an earlier tree of the same name may have been another.
        if release.layout == .prefix, isUnpacked { try removeTree(home.aside(release.identifier)) }
        try home.settle()
        try home.removeRemains(events: events)
        try home.removeOrphans(but: release.identifier, package: release.name)
        let identifier = directoryName()
        if isComplete(identifier) {
            events(.reusing(release: identifier))
            try Reparation(
                home: home, identifier: identifier, bundle: Bundle(path: bundle, release: release), events: events
            ).run()
            try check(identifier)
        } else {
            try make(identifier)
        }
        try serve(identifier)
        // It is whole, and what rpm is yet to remove belongs to other packages.
        if release.layout == .prefix { try removeTree(home.aside(release.identifier)) }
        try prune(keeping: identifier)
        try dropArchives()
        _ = consume null
        _ = consume lock
    }

    /// `V-R`, or `V-R+DIGEST8` when other contents of the same `V-R` are already there.
    private func directoryName() -> String {
        let plain = release.identifier
        guard release.layout != .prefix, let other = try? home.readDocument(plain), other.inputs != release.inputs
        else { return plain }
        return release.distinctIdentifier
    }

    private func isComplete(_ identifier: String) -> Bool {
        if release.layout == .prefix, isUnpacked { return false }
        return !exists(home.marker(identifier)) && (try? home.readDocument(identifier))?.inputs == release.inputs
    }

    /// Makes the release directory from nothing, or completes the one that rpm has unpacked; on failure it goes, or is no
    /// release, and the marker keeps the reason.
    private func make(_ identifier: String) throws {
        let marker = ReleaseMarker(home: home, identifier: identifier)
        do {
            switch release.layout {
            case .archives, .split:
                try marker.begin("check the archives")
                try removeTree(home.release(identifier))
                try Bundle(path: bundle, release: release).verifyArchives()
                try marker.begin("link the packages")
                try link(identifier)
            case .prefix:
                try marker.begin("run the link scripts")
                try home.requireTrusted(release: identifier)
                try runLinkScripts(identifier)
            }
            try home.ownership.seal(home.release(identifier), takesOver: release.bootstrap != .builtin)
            try marker.begin("record the activation")
            try ReleaseEnvironment.record(home: home, identifier: identifier, release: release)
            try replaceDocument(home.document(identifier), with: try placed(identifier).json())
            try marker.begin("label the files")
            try label(identifier)
            try marker.begin("run the checks")
            try check(identifier)
            try syncFileSystem(of: home.releases)
            try Interruption.ofThisProcess.check()
            try marker.remove()
        } catch {
            let state = IncompleteRelease.read(home.marker(identifier), identifier: identifier)
            // What rpm has unpacked stays for the next try; the marker says that it does not serve.
            if release.layout != .prefix { try? home.removeRelease(identifier) }
            try? marker.fail(error, at: state.step)
            throw error
        }
    }

    /// The document with the home that the files hold, as `rpm --prefix` may have chosen another than the manifest, and
    /// with the digests of what was made here.
    private func placed(_ identifier: String) throws -> Release {
        var placed = release
        if release.layout != .prefix { placed.prefix = home.root }
        placed.records = try ReleaseRecords.digests(home.release(identifier), of: release)
        return placed
    }

    private func link(_ identifier: String) throws {
        let prefix = home.release(identifier)
        events(.linking(packages: release.packages.count, prefix: prefix, bootstrap: release.bootstrap.kind))
        let linker = Linker(
            bundle: Bundle(path: bundle, release: release), prefix: prefix, workshop: home.workshop(identifier),
            events: events)
        try linker.link()
    }

    private func runLinkScripts(_ identifier: String) throws {
        let state = try PrefixState(prefix: home.release(identifier))
        _ = try state.runLinkScripts { event in
            if let line = event.note { events(.note(line)) }
        }
    }

    /// Gives the files the SELinux labels of their places, where SELinux is enabled.
    ///
    /// Files with several names have got the label of their package's place from rpm, and keep it: other services use them.
    private func label(_ identifier: String) throws {
        let question = Command("selinuxenabled", [])
        guard question.isThere, try question.run().succeeded else { return }
        let ownOnly = #"find "$1" '(' -type d -o -links 1 ')' -print0 | restorecon -0 -f -"#
        let release = home.release(identifier)
        let result =
            self.release.layout == .split
            ? try Command("/bin/sh", ["-c", ownOnly, "sh", release]).run()
            : try Command("restorecon", ["-R", release]).run()
        if !result.succeeded {
            events(.warning("restorecon ended with \(result.status): \(result.output)"))
        }
    }

    private func check(_ identifier: String) throws {
        try ReleaseChecks(home: home, identifier: identifier, release: release, events: events).run()
    }

    private func serve(_ identifier: String) throws {
        try Interruption.ofThisProcess.check()
        let before = home.serving()
        let earlier = before.flatMap { try? home.readDocument($0) }
        try replaceLink(home.current, target: "releases/\(identifier)")
        events(.serving(release: identifier, before: before))
        ServiceControl(release: release, events: events).follow(earlier)
        do {
            try HealthCheck(home: home, release: release).run(within: release.healthSeconds)
        } catch {
            let isInterrupted = Interruption.ofThisProcess.signal != nil
            guard release.rollsBack || isInterrupted, let before, before != identifier, let earlier else { throw error }
            try goBack(from: identifier, to: before, earlier, because: error)
        }
    }

    /// Lets the release before serve again; the marker keeps the reason, so that `status` tells it and `repair` tries
    /// again.
    private func goBack(from identifier: String, to before: String, _ earlier: Release, because error: any Error)
        throws
    {
        try ReleaseMarker(home: home, identifier: identifier).fail(error, at: "wait for the services")
        do {
            try Fitness(home: home, identifier: before, installed: release.identifier, events: events).require()
        } catch HostError.interrupted {
            // It served until now, and who asks to end wants it back.
        } catch let problem {
            throw HostError.notWentBack(from: identifier, to: before, reason: "\(error)", problem: "\(problem)")
        }
        try replaceLink(home.current, target: "releases/\(before)")
        events(.serving(release: before, before: identifier))
        ServiceControl(release: earlier, events: events).follow(release)
        throw HostError.rolledBack(from: identifier, to: before, reason: "\(error)")
    }

    /// Frees the disk of what has been linked, where the manifest wants it; the RPM lets them be missing.
    private func dropArchives() throws {
        guard release.layout == .archives, !release.keepArchives else { return }
        let bundle = Bundle(path: bundle, release: release)
        for path in release.packages.map(bundle.archive) + release.wheels.map(bundle.file) { try removeTree(path) }
    }

    /// Removes earlier releases beyond `keep` and everything that failed or was cut off before.
    private func prune(keeping identifier: String) throws {
        for leftover in home.leftovers() { try home.removeRelease(leftover) }
        let earlier = home.completeReleases().filter { $0 != identifier }
        for old in earlier.dropLast(release.keep) {
            events(.removing(release: old))
            try home.removeRelease(old)
        }
    }
}

/// The file beside a release directory that says it is not complete, and in the end why.
struct ReleaseMarker: Sendable {
    let home: ServiceHome
    let identifier: String

    func begin(_ step: String) throws {
        try write(IncompleteRelease(identifier: identifier, step: step, mark: ProcessMark.own))
        try removeTree(home.removalNote(identifier))
    }

    /// Says at which step an install failed, and why.
    func fail(_ error: any Error, at step: String) throws {
        try write(
            IncompleteRelease(identifier: identifier, step: step, reason: "\(error)", mark: ProcessMark.own))
    }

    func remove() throws {
        try removeTree(home.marker(identifier))
    }

    private func write(_ state: IncompleteRelease) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try replaceDocument(home.marker(identifier), with: [UInt8](try encoder.encode(state)))
    }
}
