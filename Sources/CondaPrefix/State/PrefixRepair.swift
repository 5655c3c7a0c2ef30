import CondaArchive
import CondaModel

/// The repair of a prefix: what differs is made anew beside it and put in place by renaming.
struct PrefixRepair {
    /// Where files are made before they are put in place.
    private static let workshop = "conda-meta/.repair"

    let state: PrefixState
    private(set) var build: PrefixBuild
    let modules: PrefixBuild.ModuleList

    /// What to make anew, as indices by package.
    private var tasks: [Int: Set<Int>] = [:]
    private var entryPoints: [Int: Set<Int>] = [:]
    private var wheels: [Int: Set<Int>] = [:]
    private var compiled: Set<Int> = []

    /// Packages of which everything is made anew because their document is gone.
    private var whole: Set<Int> = []

    /// Wheels of which everything is made anew because their `RECORD` is gone.
    private var wholeWheels: Set<Int> = []
    private var needsHistory = false
    private var needsGuards = false

    /// What nobody can make anew, as the archive of an administrator's own package is not here.
    private var unknown: [PrefixDifference] = []

    /// Files made in the workshop, with the places they are for.
    private var made: [(from: RelativePath, to: RelativePath)] = []

    init(state: PrefixState, build: PrefixBuild) {
        self.state = state
        self.build = build
        modules = build.modules()
    }

    /// Makes anew exactly what differs; added files are left alone.
    ///
    /// - Throws: ``PrefixError/archiveNotGiven(package:path:)`` when everything else was made, for what could not be.
    mutating func run(_ differences: [PrefixDifference]) throws {
        let workshop = try PrefixBuild.path(Self.workshop)
        try build.remove(workshop)
        try choose(differences.filter { $0.kind != .added })
        try removeSuperseded()
        let originals = build.plan
        try redirect(to: workshop)
        let paths = try build.linkFiles(selection: tasks)
        let scripts = try build.writeEntryPoints(selection: entryPoints)
        let wheelPaths = try build.linkWheels(selection: wheels)
        build = build.with(plan: originals)
        try putInPlace()
        try build.remove(workshop)
        let recompiled = try compile()
        try updateDocuments(paths, scripts, recompiled)
        try updateRecords(wheelPaths, recompiled)
        if needsGuards { try writeGuards(differences) }
        guard let first = unknown.first else { return }
        throw PrefixError.archiveNotGiven(package: first.package ?? "no package", path: first.path)
    }

    private func writeGuards(_ differences: [PrefixDifference]) throws(PrefixError) {
        for path in try PrefixGuard.all(build.options, python: build.plan.python).map(\.path)
        where differences.contains(where: { $0.path == path.string }) {
            try PrefixError.writing { () throws(DirectoryError) in _ = try build.directory.removeFile(path) }
        }
        try build.writeGuards()
    }

    /// Finds what makes each path that differs.
    private mutating func choose(_ differences: [PrefixDifference]) throws(PrefixError) {
        let makers = Makers(build.plan, modules)
        let guards = Set(try PrefixGuard.all(build.options, python: build.plan.python).map(\.path.string))
        let superseded = Set(superseded.map(\.record.distribution))
        for difference in differences {
            if difference.path == History.path {
                needsHistory = true
            } else if let package = makers.documents[difference.path] {
                choose(package: package)
            } else if let wheel = makers.record(difference) {
                choose(wheel: wheel)
            } else {
                switch makers.paths[difference.path] {
                case .task(let package, let index): tasks[package, default: []].insert(index)
                case .entryPoint(let package, let index): entryPoints[package, default: []].insert(index)
                case .wheel(let wheel, let index): wheels[wheel, default: []].insert(index)
                case .module(let index): compiled.insert(index)
                case nil where guards.contains(difference.path): needsGuards = true
                case nil where superseded.contains(difference.package ?? ""): break
                case nil: unknown.append(difference)
                }
            }
        }
    }

    private mutating func choose(package: Int) {
        let plan = build.plan.packages[package]
        whole.insert(package)
        tasks[package] = Set(plan.tasks.indices)
        entryPoints[package] = Set(plan.entryPoints.indices)
        if build.options.compile { compiled.formUnion(modules.ofPackage[package]) }
    }

    private mutating func choose(wheel: Int) {
        wholeWheels.insert(wheel)
        wheels[wheel] = Set(build.plan.wheels[wheel].tasks.indices)
        if build.options.compile { compiled.formUnion(modules.ofWheel[wheel]) }
    }

    /// Sends what is made anew into the workshop.
    private mutating func redirect(to workshop: RelativePath) throws(PrefixError) {
        var plan = build.plan
        for (package, indices) in tasks.sorted(by: { $0.key < $1.key }) {
            for index in indices.sorted() where plan.packages[package].tasks[index].isWritten {
                let place = try PrefixBuild.path("\(Self.workshop)/\(package)-\(index)")
                made.append((place, plan.packages[package].tasks[index].place))
                plan.packages[package].tasks[index].place = place
            }
        }
        for (package, indices) in entryPoints.sorted(by: { $0.key < $1.key }) {
            for index in indices.sorted() where plan.packages[package].entryPoints[index].isWritten {
                let place = try PrefixBuild.path("\(Self.workshop)/\(package)-command-\(index)")
                made.append((place, plan.packages[package].entryPoints[index].place))
                plan.packages[package].entryPoints[index].place = place
            }
        }
        for (wheel, indices) in wheels.sorted(by: { $0.key < $1.key }) {
            for index in indices.sorted() {
                let task = plan.wheels[wheel].tasks[index]
                if case .record = task.origin { continue }
                guard task.isWritten else { continue }
                let place = try PrefixBuild.path("\(Self.workshop)/wheel-\(wheel)-\(index)")
                made.append((place, task.place))
                plan.wheels[wheel].tasks[index].place = place
            }
        }
        build = build.with(plan: plan)
    }

    private func putInPlace() throws(PrefixError) {
        for (from, to) in made {
            try PrefixError.writing { () throws(DirectoryError) in
                if try build.directory.status(from)?.kind == .directory {
                    // The directory may hold files of other packages: only its absence can be repaired.
                    try build.directory.createDirectory(to)
                } else {
                    try build.directory.rename(from, to: to)
                }
            }
        }
    }

    private func compile() throws -> [Int: InstalledPath] {
        let chosen = compiled.sorted()
        for index in chosen {
            try PrefixError.writing { () throws(DirectoryError) in
                _ = try build.directory.removeFile(modules.modules[index].compiled)
            }
        }
        let paths = try build.compile(chosen.map { modules.modules[$0] })
        return Dictionary(
            uniqueKeysWithValues: zip(chosen, paths).compactMap { index, path in path.map { (index, $0) } })
    }

    /// Writes the documents that were gone, and brings those up to date whose files came out differently: another program
    /// that has linked the prefix may write compiled modules, entry points and links in its own way, and a link script may
    /// have changed what was recorded.
    private func updateDocuments(
        _ paths: [[InstalledPath?]], _ scripts: [[InstalledPath?]], _ recompiled: [Int: InstalledPath]
    ) throws {
        for index in whole.sorted() {
            let plan = build.plan.packages[index]
            let compiled = modules.ofPackage[index].compactMap { recompiled[$0] }
            try replaceDocument(
                InstalledPackage(
                    record: plan.record, requestedSpecs: plan.package.requestedSpecs,
                    paths: paths[index].compactMap(\.self) + compiled + scripts[index].compactMap(\.self)))
        }
        let made = Array(recompiled.values) + scripts.joined().compactMap(\.self)
        let byPath = Dictionary(made.map { ($0.path, $0) }) { $1 }
        let gone = Set(superseded.map(\.documentPath))
        let places = Dictionary(
            build.plan.packages.enumerated().map { (InstalledPackage.documentPath(of: $1.record), $0) }
        ) { first, _ in first }
        for package in state.packages where !gone.contains(package.documentPath) {
            let linked = places[package.documentPath].map { paths[$0].compactMap(\.self) } ?? []
            let byLink = Dictionary(linked.map { ($0.path, $0) }) { $1 }
            var updated = package
            updated.paths = package.paths.map { path in
                if path.isMadeHere { return byPath[path.path] ?? path }
                guard let link = byLink[path.path], !path.tellsTheSame(as: link) else { return path }
                return link
            }
            if updated.paths != package.paths { try replaceDocument(updated) }
        }
        guard needsHistory else { return }
        let packages = build.plan.packages.map {
            InstalledPackage(record: $0.record, requestedSpecs: $0.package.requestedSpecs, paths: [])
        }
        try build.writeHistory(packages)
    }

    /// Writes each `RECORD` that was gone, and those whose compiled modules came out differently.
    private func updateRecords(
        _ paths: [[InstalledPath?]], _ recompiled: [Int: InstalledPath]
    ) throws(PrefixError) {
        let byPath = Dictionary(uniqueKeysWithValues: recompiled.values.map { ($0.path, $0) })
        for (index, wheel) in build.plan.wheels.enumerated() {
            var installed: InstalledWheel
            if wholeWheels.contains(index) {
                let compiled = modules.ofWheel[index].compactMap { recompiled[$0] }
                installed = InstalledWheel(
                    label: wheel.label, paths: paths[index].compactMap(\.self) + compiled,
                    recordPath: wheel.recordPath)
            } else {
                guard let known = state.wheels.first(where: { $0.recordPath == wheel.recordPath }) else { continue }
                installed = known
                installed.paths = known.paths.map { $0.kind == .compiledModule ? byPath[$0.path] ?? $0 : $0 }
                if installed.paths == known.paths { continue }
            }
            let text = installed.record(sitePackages: wheel.sitePackages)
            let place = wheel.tasks.first { $0.target == wheel.recordPath }?.place ?? wheel.recordPath
            try replace(place) { (temporary) throws(PrefixError) in
                try build.write(Array(text.utf8), to: temporary)
            }
        }
    }

    private func replaceDocument(_ package: InstalledPackage) throws(PrefixError) {
        try replace(try PrefixBuild.path(package.documentPath)) { (temporary) throws(PrefixError) in
            try build.writeDocument(package, path: temporary.string)
        }
    }

    /// Puts a file in place by renaming what `write` made.
    private func replace(
        _ place: RelativePath, _ write: (RelativePath) throws(PrefixError) -> Void
    ) throws(PrefixError) {
        let temporary = try PrefixBuild.path("conda-meta/.document")
        try PrefixError.writing { () throws(DirectoryError) in _ = try build.directory.removeFile(temporary) }
        try write(temporary)
        try PrefixError.writing { () throws(DirectoryError) in try build.directory.rename(temporary, to: place) }
    }
}

/// Which part of a plan makes a path.
private struct Makers {
    enum Maker {
        case task(package: Int, index: Int)
        case entryPoint(package: Int, index: Int)
        case wheel(Int, index: Int)
        case module(Int)
    }

    /// By the path's text, as differences have it.
    private(set) var paths: [String: Maker] = [:]

    /// The packages by the paths of their documents.
    private(set) var documents: [String: Int] = [:]

    /// The wheels by the paths of `RECORD`, and by their names where nobody knows its path.
    private var records: [String: Int] = [:]
    private var wheels: [String: Int] = [:]

    /// The wheel whose `RECORD` differs.
    func record(_ difference: PrefixDifference) -> Int? {
        if let wheel = records[difference.path] { return wheel }
        guard difference.kind == .missing, difference.path.hasSuffix(".dist-info/RECORD") else { return nil }
        return difference.package.flatMap { wheels[$0] }
    }

    init(_ plan: LinkPlan, _ modules: PrefixBuild.ModuleList) {
        for (package, plan) in plan.packages.enumerated() {
            documents[InstalledPackage.documentPath(of: plan.record)] = package
            for (index, task) in plan.tasks.enumerated() where task.isWritten {
                paths[task.target.string] = .task(package: package, index: index)
            }
            for (index, task) in plan.entryPoints.enumerated() where task.isWritten {
                paths[task.target.string] = .entryPoint(package: package, index: index)
            }
        }
        for (number, wheel) in plan.wheels.enumerated() {
            records[wheel.recordPath.string] = number
            wheels["\(wheel.wheel.name)-\(wheel.wheel.version)"] = number
            for (index, task) in wheel.tasks.enumerated() where task.isWritten {
                paths[task.target.string] = .wheel(number, index: index)
            }
        }
        for (index, module) in modules.modules.enumerated() { paths[module.compiled.string] = .module(index) }
    }
}
