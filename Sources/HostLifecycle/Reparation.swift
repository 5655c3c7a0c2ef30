import CondaPrefix
import ServiceRelease

/// Compares a release with its records, and mends exactly what differs from the archives of its bundle.
struct Reparation: Sendable {
    let home: ServiceHome
    let identifier: String
    let bundle: Bundle
    let events: @Sendable (HostEvent) -> Void

    /// Relinks the files that are missing or changed.
    ///
    /// - Throws: `HostError.archiveMissing` when the bundle no longer holds the archives, `HostError.damaged` when
    ///   something still differs afterwards.
    func run() throws {
        let differences = try Verification.differences(home: home, identifier: identifier)
        if !differences.isEmpty {
            guard bundle.release.layout != .prefix else { throw HostError.damaged(identifier, .prefix, differences) }
            try bundle.verifyArchives()
            let installer = PrefixInstaller(
                prefix: home.place(identifier), options: PrefixOptions(bundle.release))
            let left = try installer.repair(
                differences, packages: bundle.prefixPackages,
                wheels: bundle.prefixWheels)
            guard left.isEmpty else { throw HostError.damaged(identifier, bundle.release.layout, left) }
        }
        events(.repaired(files: differences.count))
    }
}

/// Compares the release that serves with its records.
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
    }

    /// Files that were added are no damage.
    ///
    /// - Returns: The release that serves and is whole.
    /// - Throws: `HostError.damaged` naming the first twenty differences, `HostError.noReleaseServes`,
    ///   `HostError.notInService` when the last install failed or was cut off.
    package func run() throws -> Outcome {
        guard let identifier = home.serving() else { throw HostError.noReleaseServes(root: home.root) }
        if let failed = home.incompleteReleases().first {
            throw HostError.notInService(release: failed.identifier, step: failed.step, serving: identifier)
        }
        let found = try Self.differences(home: home, identifier: identifier, includingAdded: true)
        let differences = found.filter { $0.kind != .added }
        guard differences.isEmpty else {
            throw HostError.damaged(identifier, try home.readDocument(identifier).layout, differences)
        }
        return Outcome(identifier: identifier, added: found.filter { $0.kind == .added }.map(\.path))
    }

    /// - Throws: `HostError.damaged` when a release differs from its records.
    func requireWhole(_ identifier: String) throws {
        let differences = try Self.differences(home: home, identifier: identifier)
        guard !differences.isEmpty else { return }
        throw HostError.damaged(identifier, try home.readDocument(identifier).layout, differences)
    }

    /// Without the file that the installation itself adds.
    static func differences(
        home: ServiceHome, identifier: String, includingAdded: Bool = false
    ) throws -> [PrefixDifference] {
        let release = try home.readDocument(identifier)
        let state = try PrefixState(prefix: home.release(identifier))
        let wheels = release.wheels.map {
            PrefixWheel(name: $0.name, version: $0.version, path: $0.fileName, isRequested: $0.isRequested)
        }
        let found = try state.verify(
            expecting: release.packages.map(\.record), wheels: wheels, isGuarded: release.frozen == true,
            includingAdded: includingAdded)
        return found.filter { $0.path != ServiceHome.activationName }
    }
}

extension HostError {
    fileprivate static func damaged(
        _ identifier: String, _ layout: Layout, _ differences: [PrefixDifference]
    ) -> HostError {
        .damaged(
            release: identifier, differences: differences.prefix(20).map { "\($0.kind.rawValue) \($0.path)" },
            total: differences.count, layout: layout)
    }
}
