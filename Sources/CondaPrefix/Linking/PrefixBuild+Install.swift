import CondaArchive
import CondaModel

extension PrefixBuild {
    /// Makes the whole prefix, in conda's order: pre-link scripts, files, entry points, post-link scripts, compiled
    /// modules, metadata.
    ///
    /// Wheels come before the compiled modules, when their Python is complete.
    func installAll(runsScripts: Bool) throws -> PrefixReport {
        var scripts = LinkScripts(prefix: prefix, directory: directory, events: events)
        if runsScripts { try runPreLink(&scripts) }
        var installed = Installed(self)
        installed.paths = try linkFiles()
        installed.entryPoints = try writeEntryPoints()
        if runsScripts { try runPostLink(&scripts, &installed) }
        installed.wheels = try linkWheels()
        if options.compile { try compileAll(&installed) }
        try writeRecords(installed.wheels, installed.compiledOfWheels)
        try writeMetadata(installed.packages())
        if options.synchronize {
            try PrefixError.writing { () throws(DirectoryError) in try directory.synchronizeFileSystem() }
        }
        return report(installed, scripts, skipped: runsScripts ? [] : packagesWithScripts())
    }

    /// What is known about the paths of each package while a prefix is made.
    struct Installed {
        let build: PrefixBuild
        var paths: [[InstalledPath?]]
        var entryPoints: [[InstalledPath?]]
        var compiled: [[InstalledPath]]
        var wheels: [[InstalledPath?]] = []
        var compiledOfWheels: [[InstalledPath]]

        init(_ build: PrefixBuild) {
            self.build = build
            paths = []
            entryPoints = []
            compiled = build.plan.packages.map { _ in [] }
            compiledOfWheels = build.plan.wheels.map { _ in [] }
        }

        /// The documents of the packages: their paths, then compiled modules, then entry points, as conda lists them.
        func packages() -> [InstalledPackage] {
            build.plan.packages.enumerated().map { index, plan in
                InstalledPackage(
                    record: plan.record, requestedSpecs: plan.package.requestedSpecs,
                    paths: paths[index].compactMap(\.self) + compiled[index] + entryPoints[index].compactMap(\.self))
            }
        }
    }

    private func compileAll(_ installed: inout Installed) throws {
        let list = modules()
        let compiled = try compile(list.modules)
        guard !compiled.isEmpty else { return }
        for (index, modules) in list.ofPackage.enumerated() {
            installed.compiled[index] = modules.compactMap { compiled[$0] }
        }
        for (index, modules) in list.ofWheel.enumerated() {
            installed.compiledOfWheels[index] = modules.compactMap { compiled[$0] }
        }
    }

    private func packagesWithScripts() -> [String] {
        let packages = plan.packages.filter { $0.hasScript(.preLink) || $0.hasScript(.postLink) }
            .map(\.record.distribution)
        if !packages.isEmpty { events(.scriptsSkipped(packages: packages)) }
        return packages
    }

    private func report(_ installed: Installed, _ scripts: LinkScripts, skipped: [String]) -> PrefixReport {
        let compiled = Set(installed.compiled.joined()).union(installed.compiledOfWheels.joined())
        let scriptBytes = installed.entryPoints.joined().reduce(Int64(0)) { $0 + ($1?.size ?? 0) }
        var report = PrefixReport()
        report.packages = plan.packages.count
        report.wheels = plan.wheels.count
        report.files = plan.fileCount + compiled.count
        report.bytes = scriptBytes + compiled.reduce(0) { $0 + ($1.size ?? 0) }
        for (index, package) in plan.packages.enumerated() {
            for (number, task) in package.tasks.enumerated() where task.isWritten {
                report.bytes += installed.paths[index][number]?.size ?? 0
            }
        }
        for (index, wheel) in plan.wheels.enumerated() {
            for (number, task) in wheel.tasks.enumerated() where task.isWritten {
                report.bytes += installed.wheels[index][number]?.size ?? 0
            }
        }
        report.clobbers = plan.clobbers
        report.messages = scripts.messages
        report.skippedScripts = skipped
        return report
    }
}
