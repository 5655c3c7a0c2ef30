import CondaPrefix
import ServiceRelease

/// Compares a release with its records, and mends exactly what differs from the archives of its bundle.
package struct Reparation: Sendable {
    let home: ServiceHome
    let identifier: String
    let bundle: String
    let events: @Sendable (HostEvent) -> Void

    /// Relinks the files that are missing or changed.
    ///
    /// - Throws: `HostError.archiveMissing` when the bundle no longer holds the archives.
    func run() async throws {
        let prefix = home.release(identifier)
        let differences = try await PrefixState(prefix: prefix).verify()
        if !differences.isEmpty {
            let bundle = Bundle(path: bundle, release: try Release(bundle: bundle))
            try await bundle.verifyArchives()
            let installer = PrefixInstaller(prefix: prefix, options: PrefixOptions(bundle.release))
            try await installer.repair(differences, packages: bundle.prefixPackages)
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

    /// - Returns: The identifier of the release that serves and is whole.
    /// - Throws: `HostError.damaged` naming the first twenty differences, `HostError.noReleaseServes`.
    package func run() async throws -> String {
        guard let identifier = home.serving() else { throw HostError.noReleaseServes(root: home.root) }
        let differences = try await PrefixState(prefix: home.release(identifier)).verify()
        guard differences.isEmpty else {
            throw HostError.damaged(
                release: identifier, differences: differences.prefix(20).map { "\($0)" }, total: differences.count)
        }
        return identifier
    }
}
