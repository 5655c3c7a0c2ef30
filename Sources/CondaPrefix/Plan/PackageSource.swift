import CondaArchive
import CondaModel

/// A package with what its archive says about itself.
struct PackageSource: Sendable {
    let package: PrefixPackage
    let contents: PackageContents
    let info: ArchiveInfo

    /// The record given, completed from `index.json`: repodata may have been corrected since the package was built.
    let record: PackageRecord

    init(_ package: PrefixPackage) throws(PrefixError) {
        self.package = package
        contents = try PackageContents(path: package.archivePath)
        info = try contents.readInfo()
        let index = try PrefixError.reading { [info] () throws(ArchiveError) in try info.index() }
        guard index.distribution == package.record.distribution else {
            throw .wrongPackage(
                archive: package.archivePath, expected: package.record.distribution, found: index.distribution)
        }
        var record = package.record
        record.noarch = record.noarch ?? index.noarch
        record.pythonSitePackagesPath = record.pythonSitePackagesPath ?? index.pythonSitePackagesPath
        record.timestamp = record.timestamp ?? index.timestamp
        record.license = record.license ?? index.license
        record.licenseFamily = record.licenseFamily ?? index.licenseFamily
        record.arch = record.arch ?? index.arch
        record.platform = record.platform ?? index.platform
        if record.subdir.isEmpty { record.subdir = index.subdir }
        if record.fileName.isEmpty {
            record.fileName = package.archivePath.split(separator: "/").last.map(String.init) ?? ""
        }
        self.record = record
    }

    /// Decides where each path goes.
    func plan(prefix: String, python: PythonLayout?) throws(PrefixError) -> PackagePlan {
        let link = try PrefixError.reading { () throws(ArchiveError) in try info.link() }
        let isPython = record.noarch == .python || record.noarch == nil && link?.noarchType == "python"
        if isPython, python == nil { throw .missingPython(package: record.distribution) }
        let layout = isPython ? python : nil
        var tasks: [LinkTask] = []
        var taskOfSource: [RelativePath: Int] = [:]
        var replacements: [PathEntry.Placeholder: PrefixReplacement] = [:]
        for listed in try PrefixError.reading({ () throws(ArchiveError) in try info.paths() }).entries {
            let target = layout?.target(of: listed.path) ?? listed.path
            if let problem = Self.refusal(target) { throw bad(listed.path, problem) }
            taskOfSource[listed.path] = tasks.count
            let replacement = Self.replacement(listed, prefix: prefix, known: &replacements)
            tasks.append(
                LinkTask(
                    source: listed.path, target: target, place: target, listed: listed, replacement: replacement))
        }
        return PackagePlan(
            package: package, record: record, contents: contents, tasks: tasks, taskOfSource: taskOfSource,
            entryPoints: layout == nil ? [] : try entryPoints(link), isNoarchPython: isPython)
    }

    /// Everything as it is in the archive, for a directory of its own.
    func plainPlan() throws(PrefixError) -> PackagePlan {
        let entries = try PrefixError.reading { () throws(ArchiveError) in try info.paths() }.entries
        var taskOfSource: [RelativePath: Int] = [:]
        for (index, listed) in entries.enumerated() { taskOfSource[listed.path] = index }
        let tasks = entries.map {
            LinkTask(source: $0.path, target: $0.path, place: $0.path, listed: $0, replacement: nil)
        }
        return PackagePlan(
            package: package, record: record, contents: contents, tasks: tasks, taskOfSource: taskOfSource,
            entryPoints: [], isNoarchPython: false)
    }

    private static func replacement(
        _ listed: PathEntry, prefix: String, known: inout [PathEntry.Placeholder: PrefixReplacement]
    ) -> PrefixReplacement? {
        guard let placeholder = listed.placeholder, listed.type == .hardlink else { return nil }
        if let replacement = known[placeholder] { return replacement }
        let replacement = PrefixReplacement(placeholder: placeholder.text, prefix: prefix, mode: placeholder.mode)
        known[placeholder] = replacement
        return replacement
    }

    /// Why a path must not be linked: `conda-meta` belongs to the installer (CEP 34), and every list of paths, rpm's among
    /// them, has one in a line.
    private static func refusal(_ target: RelativePath) -> String? {
        if target.isInside("conda-meta") { return "is in conda-meta, which belongs to the installer" }
        return target.hasControlCharacter ? RelativePath.controlCharacterProblem : nil
    }

    private func entryPoints(_ link: LinkJSON?) throws(PrefixError) -> [EntryPointTask] {
        var tasks: [EntryPointTask] = []
        for text in link?.entryPoints ?? [] {
            let entryPoint: EntryPoint
            do throws(EntryPoint.Malformed) {
                entryPoint = try EntryPoint(text)
            } catch {
                throw .badEntryPoint(package: record.distribution, expected: error.expected, found: error.found)
            }
            let target = try PrefixBuild.path("bin/\(entryPoint.command)")
            tasks.append(EntryPointTask(entryPoint: entryPoint, target: target, place: target))
        }
        return tasks
    }

    private func bad(_ path: RelativePath, _ problem: String) -> PrefixError {
        .badPath(package: record.distribution, path: path.description, problem: problem)
    }
}
