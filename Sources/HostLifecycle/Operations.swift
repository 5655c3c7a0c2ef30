import CondaModel
import CondaPrefix
import FoundationEssentials
import Glibc
import ServiceRelease

/// What an operator may ask of an installed service, besides installing it.
package struct Operations: Sendable {
    let home: ServiceHome
    let bundle: String
    let events: @Sendable (HostEvent) -> Void

    package init(home: ServiceHome, bundle: String, events: @escaping @Sendable (HostEvent) -> Void) {
        self.home = home
        self.bundle = bundle
        self.events = events
    }

    /// Lets a complete release serve, once a look at it has shown that it can.
    ///
    /// - Parameter isForced: without the look.
    /// - Throws: `HostError.noSuchRelease` naming those that could, `HostError.notFit`.
    package func activate(_ identifier: String, isForced: Bool = false) throws {
        try home.requireTrusted()
        let lock = try HomeLock(home)
        try home.settle()
        let complete = home.completeReleases()
        guard complete.contains(identifier) else {
            throw HostError.noSuchRelease(identifier: identifier, available: complete)
        }
        if isForced {
            events(.warning("\(identifier) is put into service without a look at it"))
            try home.requireTrusted(release: identifier)
        } else {
            try Fitness(home: home, identifier: identifier, installed: self.identifier, events: events).require()
        }
        try Interruption.ofThisProcess.check()
        let before = home.serving()
        let release = try home.readDocument(identifier)
        let earlier = before.flatMap { try? home.readDocument($0) }
        try replaceLink(home.current, target: "releases/\(identifier)")
        events(.serving(release: identifier, before: before))
        ServiceControl(release: release, events: events).follow(earlier)
        do {
            try HealthCheck(home: home, release: release).run(within: release.healthSeconds)
        } catch {
            // Whoever ends the wait wants what was before.
            guard Interruption.ofThisProcess.signal != nil, let before, let earlier else { throw error }
            try replaceLink(home.current, target: "releases/\(before)")
            events(.serving(release: before, before: identifier))
            ServiceControl(release: earlier, events: events).follow(release)
            throw error
        }
        _ = consume lock
    }

    /// Lets the newest other complete release serve, or the one named.
    ///
    /// - Parameter isForced: without a look at it.
    package func rollback(to identifier: String?, isForced: Bool = false) throws {
        try home.requireTrusted()
        try settle()
        let serving = home.serving()
        let others = home.completeReleases().filter { $0 != serving }
        guard let chosen = identifier ?? others.last else {
            throw HostError.noSuchRelease(identifier: "to roll back to", available: others)
        }
        try activate(chosen, isForced: isForced)
    }

    /// Finishes an install that failed or was cut off, or relinks what differs in the release that serves.
    package func repair() throws {
        try Installation(home: home, bundle: bundle, isUnpacked: false, events: events).run()
    }

    /// Stops the services, lets packages take their leave, and removes what installs have made below the home.
    ///
    /// - Throws: `HostError.untrusted` when somebody else could have changed what tells what there is to do; then only the
    ///   services of the installed package are stopped.
    package func remove() throws {
        do {
            try home.requireTrusted()
        } catch {
            if let installed = try? Release(bundle: bundle) {
                ServiceControl(release: installed, events: events).stop()
            }
            throw error
        }
        stopServices()
        guard isFolder(home.root) else { return }
        let lock = try HomeLock(home)
        let null = NullDevice(events: events)
        home.endLeftovers(events: events)
        let package = (try? Release(bundle: bundle))?.name
        let strange = Set(ForeignFiles(home: home, package: package).found())
        let releases = (home.completeReleases() + home.leftovers()).filter { identifier in
            [home.release, home.document, home.marker].allSatisfy { !strange.contains($0(identifier)) }
        }
        for identifier in home.completeReleases() where releases.contains(identifier) { takeLeave(identifier) }
        for path in [home.current, "\(home.current).new"] where !strange.contains(path) { try removeTree(path) }
        try home.removeRemains(events: events)
        if !identifier.isEmpty { try home.removeOrphans(but: identifier, package: package) }
        // What rpm owns it removes itself; it would warn of each file that is gone before.
        for identifier in releases { try home.removeRelease(identifier) }
        try removeTree("\(home.releases)/\(ServiceHome.transactionName)")
        removeFolder(strange)
        try lock.removeFile()
        _ = consume null
        _ = consume lock
    }

    /// Removes `releases/` where nothing is left in it, and tells what is.
    private func removeFolder(_ strange: Set<String>) {
        if !home.isOwned(identifier) { rmdir(home.releases) }
        let left = strange.sorted().filter(exists)
        if !left.isEmpty { events(.leaving(paths: left, folder: home.root)) }
    }

    /// Those of the installed release, and after a rollback those of the release that serves.
    private func stopServices() {
        let installed = try? Release(bundle: bundle)
        let serving = home.serving().flatMap { try? home.readDocument($0) }
        if let installed { ServiceControl(release: installed, events: events).stop() }
        if let serving, serving.inputs != installed?.inputs { ServiceControl(release: serving, events: events).stop() }
    }

    /// Keeps what rpm is about to remove with an earlier package: the work of `%pre`.
    ///
    /// - Parameter identifier: the release that rpm is about to install, if it is there it gets replaced.
    package func setAside(but identifier: String) throws {
        guard isFolder(home.releases) else { return }
        try home.requireTrusted()
        let lock = try HomeLock(home)
        try home.removeRemains(events: events)
        try home.setAside(but: identifier)
        _ = consume lock
    }

    /// Puts it back when rpm has removed it: the work of the earlier package's `%postun`.
    package func settle() throws {
        guard isFolder(home.releases) else { return }
        try home.requireTrusted()
        let lock = try HomeLock(home)
        try home.settle()
        // A tree that was set aside may have had some, and rpm unpacks nothing any more.
        try home.removeRemains(events: events)
        _ = consume lock
    }

    /// Puts back what the release that serves lacks: the work of the unit that starts before its services.
    ///
    /// It waits for nobody: an installation that restarts the services holds the lock. rpm may be removing files just then.
    package func restoreServing() throws {
        guard let serving = home.serving() ?? home.releaseOfCurrent() else { return }
        for _ in 1...2 where (try? home.restore(serving)) != nil { return }
        try home.restore(serving)
    }

    /// The release of the bundle that this tool belongs to.
    private var identifier: String {
        (try? Release(bundle: bundle))?.identifier ?? ""
    }

    /// Runs pre-unlink scripts; whatever goes wrong with them is told and keeps nothing from being removed.
    private func takeLeave(_ identifier: String) {
        do {
            try home.requireTrusted(release: identifier)
            let state = try PrefixState(prefix: home.place(identifier))
            for message in try state.runPreUnlinkScripts() {
                events(.note("\(message.package): \(message.text)"))
            }
        } catch {
            events(.warning("\(error)"))
        }
    }

    /// Becomes a program that the activation of the release that serves finds: its own, or one of the host.
    ///
    /// The caller's environment stays below that of the activation. A path with a slash is taken as it is.
    ///
    /// - Returns: Never on success.
    /// - Throws: `HostError.commandNotFound`, `HostError.noReleaseServes`, and `HostError.system` when the program does not
    ///   start.
    package func run(_ command: String, _ arguments: [String], environment: [String: String]) throws -> Never {
        try home.requireTrusted()
        guard let identifier = home.serving() else { throw HostError.noReleaseServes(root: home.root) }
        // Whoever is not root harms only himself, and may not see all of it.
        if geteuid() == 0 { try home.requireTrusted(release: identifier) }
        let variables = try ReleaseEnvironment.read(home.activation(identifier))
        let base = environment.merging(ProgramOrigin.variables(prefix: home.release(identifier))) { $1 }
        let merged = ReleaseEnvironment.merged(variables, over: base)
        let searchPath = merged["PATH"] ?? Command.searchPath
        guard let path = Command.find(command, on: searchPath) else {
            throw HostError.commandNotFound(command: command, release: identifier, searchPath: searchPath)
        }
        try Command.replaceProcess(path, [command] + arguments, merged.map { "\($0.key)=\($0.value)" }.sorted())
    }
}
