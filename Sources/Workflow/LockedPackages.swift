import CondaLock
import CondaModel

/// What of a lock goes into an RPM.
package struct LockedPackages: Sendable {
    /// The conda packages in link order: dependencies first.
    package let records: [PackageRecord]
    /// The wheels, by name.
    let wheels: [LockedPackage]
    /// Whether the lock tells what packages depend on; an `@EXPLICIT` list does not.
    let tellsDependencies: Bool
    /// Where archives are to be fetched, with the credentials that the lock holds, by their public URL.
    let privatePlaces: [String: PrivateText]

    init(records: [PackageRecord]) {
        self.records = PackageRecord.topologicallySorted(records)
        wheels = []
        tellsDependencies = true
        privatePlaces = [:]
    }

    /// Takes the packages of the project's platform and groups.
    ///
    /// - Throws: `LockError` when the lock has none for the platform, or one that is no archive;
    ///   `WorkflowError.nothingLocked` and `WorkflowError.noPython`: an RPM without packages helps nobody.
    package init(_ lock: Lock, _ project: Project) throws {
        try project.checkChoice(of: lock)
        records = try lock.records(for: project.subdir, categories: project.categories)
        wheels = try lock.wheels(for: project.subdir, categories: project.categories)
        if records.isEmpty, wheels.isEmpty {
            throw WorkflowError.nothingLocked(
                lock: project.lockPath, platform: project.subdir.rawValue, groups: lock.categories(for: project.subdir))
        }
        if !wheels.isEmpty, !records.contains(where: { $0.name == "python" }) {
            throw WorkflowError.noPython(manifest: project.lockPath)
        }
        tellsDependencies = lock.origin != .explicit
        var places: [String: PrivateText] = [:]
        for package in lock.packages { places[package.url] = package.privateURL }
        privatePlaces = places
    }

    /// Where an archive is fetched from; never to be printed.
    func place(of url: String) -> String { privatePlaces[url]?.value ?? url }
}
