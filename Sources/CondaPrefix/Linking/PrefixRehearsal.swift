import CondaArchive
import CondaModel

extension PrefixInstaller {
    /// Does all that ``install(_:wheels:events:)`` does before programs of the packages run, but writes nothing: what a build
    /// accepts, every host can install.
    ///
    /// The plan is made and every archive is read to its end, so that it fails with the same error as an installation would.
    /// - Parameter known: what earlier rehearsals have found in archives and wheels, by their paths; these are not read again.
    /// - Returns: what was found in the others: the paths that are no directories, though the package's own list says so.
    /// - Throws: ``PrefixError``.
    package func rehearse(
        _ packages: [PrefixPackage], wheels: [PrefixWheel] = [], known: [String: [String]] = [:]
    ) throws -> [String: [String]] {
        let plan = try plan(packages, wheels)
        let rehearsal = PrefixRehearsal(plan: plan, known: known)
        let found = try rehearsal.read(self)
        try rehearsal.checkKinds(known.merging(found) { $1 })
        return found
    }
}

/// The reading of archives for a plan of which nothing is carried out.
private struct PrefixRehearsal {
    let plan: LinkPlan
    let known: [String: [String]]

    /// Reads the archives that are not known, by the code that links them.
    func read(_ installer: PrefixInstaller) throws -> [String: [String]] {
        let root = try PrefixError.writing { () throws(DirectoryError) in try SafeDirectory(path: "/") }
        let build = PrefixBuild(
            prefix: installer.prefix, destination: "/", directory: root, plan: unwritten, options: installer.options,
            events: { _ in }, isRehearsal: true)
        let packages = plan.packages.indices.filter { known[plan.packages[$0].package.archivePath] == nil }
        let wheels = plan.wheels.indices.filter { known[plan.wheels[$0].wheel.path] == nil }
        let paths = try build.linkFiles(selection: Self.all(packages) { plan.packages[$0].tasks.count })
        _ = try build.linkWheels(selection: Self.all(wheels) { plan.wheels[$0].tasks.count })
        var found: [String: [String]] = [:]
        for index in packages {
            found[plan.packages[index].package.archivePath] = Self.mistaken(plan.packages[index], paths[index])
        }
        for index in wheels { found[plan.wheels[index].wheel.path] = [] }
        return found
    }

    private static func all(_ indices: [Int], count: (Int) -> Int) -> [Int: Set<Int>] {
        Dictionary(uniqueKeysWithValues: indices.map { ($0, Set(0..<count($0))) })
    }

    /// The same plan, whose files are read and not written.
    private var unwritten: LinkPlan {
        var plan = plan
        for index in plan.packages.indices {
            for task in plan.packages[index].tasks.indices { plan.packages[index].tasks[task].isWritten = false }
        }
        for index in plan.wheels.indices {
            for task in plan.wheels[index].tasks.indices { plan.wheels[index].tasks[task].isWritten = false }
        }
        return plan
    }

    /// The files and links of an archive that its list takes for directories.
    ///
    /// What it says else of kinds does not matter: the plan never puts anything below.
    private static func mistaken(_ package: PackagePlan, _ paths: [InstalledPath?]) -> [String] {
        zip(package.tasks, paths).compactMap { task, path in
            guard task.listed.type == .directory, let path, path.kind != .directory else { return nil }
            return task.source.string
        }
    }

    /// Refuses what would be written below such a file or link.
    func checkKinds(_ mistaken: [String: [String]]) throws(PrefixError) {
        var places: [RelativePath: String] = [:]
        for package in plan.packages {
            let sources = Set(mistaken[package.package.archivePath] ?? [])
            guard !sources.isEmpty else { continue }
            for task in package.tasks where task.isWritten && sources.contains(task.source.string) {
                places[task.place] = package.record.distribution
            }
        }
        guard !places.isEmpty else { return }
        let tasks = plan.packages.map { $0.tasks.filter(\.isWritten).map(\.place) }
        let ofWheels = plan.wheels.map { $0.tasks.filter(\.isWritten).map(\.place) }
        for place in (tasks + ofWheels).joined() {
            var directory = place.parent
            while let current = directory {
                if let package = places[current] {
                    throw .badPath(
                        package: package, path: current.description,
                        problem: "is no directory, whatever the package's own list says, and '\(place)' lies below it")
                }
                directory = current.parent
            }
        }
    }
}
