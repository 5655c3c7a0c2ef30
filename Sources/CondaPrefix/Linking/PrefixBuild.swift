import CondaArchive
import CondaModel

/// The making of one prefix from a checked plan: what installing and repairing have in common.
struct PrefixBuild: Sendable {
    /// The absolute path that the files will live under.
    let prefix: String

    /// The directory that is written, as an absolute path.
    let destination: String

    /// The same directory, opened.
    let directory: SafeDirectory

    /// What is to be done.
    let plan: LinkPlan

    /// How it is done.
    let options: PrefixOptions

    /// Is told what happens.
    let events: @Sendable (PrefixEvent) -> Void

    /// Whether nothing is written.
    var isRehearsal = false

    /// The same work by another plan.
    func with(plan: LinkPlan) -> PrefixBuild {
        PrefixBuild(
            prefix: prefix, destination: destination, directory: directory, plan: plan, options: options,
            events: events)
    }

    /// The time of everything that has none of its own, in seconds since 1970: the source epoch, else that of the
    /// newest package.
    var time: Int64 {
        options.sourceEpoch ?? (plan.packages.compactMap(\.record.timestamp).max() ?? 0) / 1000
    }

    /// Writes the files of all packages, the most work first so that no archive is left for the end.
    ///
    /// - Parameter selection: the tasks to do by package; nil means all.
    /// - Returns: what is known about the paths of each package, in the order of the plan.
    func linkFiles(selection: [Int: Set<Int>]? = nil) throws -> [[InstalledPath?]] {
        let order = plan.packages.indices.filter { selection == nil || selection?[$0] != nil }
            .sorted { cost($0) == cost($1) ? $0 < $1 : cost($0) > cost($1) }
        let total = order.reduce(0) { $0 + cost($1) }
        let sharesFiles = !plan.hasLinkScripts
        let linked = try concurrently(order, limit: options.threads) { index in
            let package = plan.packages[index]
            let files = FileLinker(
                package: package.record.distribution, directory: directory, latestTime: options.sourceEpoch,
                checksContents: options.checksContents && !package.package.hasTrueList, sharesFiles: sharesFiles,
                isRehearsal: isRehearsal)
            var linker = PackageLinker(plan: package, files: files, selection: selection?[index], events: events)
            // Alone it would still be at it when everything else is done.
            if cost(index) * Int64(options.threads) > total { linker.threads = options.threads }
            let paths = try linker.link()
            report(index, paths)
            return paths
        }
        var paths = plan.packages.map { [InstalledPath?](repeating: nil, count: $0.tasks.count) }
        for (index, result) in zip(order, linked) { paths[index] = result }
        return paths
    }

    private func report(_ index: Int, _ paths: [InstalledPath?]) {
        let plan = plan.packages[index]
        let written = plan.tasks.indices.filter { paths[$0] != nil && plan.tasks[$0].isWritten }
        let bytes = written.reduce(Int64(0)) { $0 + (paths[$1]?.size ?? 0) }
        events(.linked(package: plan.record.distribution, files: written.count, bytes: bytes))
    }

    /// The time that an archive will take, in arbitrary units: bzip2 unpacks about ten times slower than Zstandard.
    private func cost(_ index: Int) -> Int64 {
        let plan = plan.packages[index]
        guard case .archive(let archive) = plan.contents, archive.format == .tarBzip2 else { return plan.bytes }
        return plan.bytes * 10
    }

    /// Writes the scripts of the entry points.
    ///
    /// - Parameter selection: the entry points to write by package; nil means all.
    func writeEntryPoints(selection: [Int: Set<Int>]? = nil) throws(PrefixError) -> [[InstalledPath?]] {
        var paths: [[InstalledPath?]] = []
        for (index, package) in plan.packages.enumerated() {
            var scripts: [InstalledPath?] = []
            for (number, task) in package.entryPoints.enumerated() {
                let isSelected = selection.map { $0[index]?.contains(number) ?? false } ?? true
                scripts.append(isSelected ? try writeEntryPoint(task) : nil)
            }
            paths.append(scripts)
        }
        return paths
    }

    private func writeEntryPoint(_ task: EntryPointTask) throws(PrefixError) -> InstalledPath? {
        guard let python = plan.python else { return nil }
        let script = Array(task.entryPoint.script(python: "\(prefix)/\(python.executable.string)").utf8)
        if task.isWritten { try write(script, to: task.place, mode: 0o755) }
        var path = InstalledPath(path: task.target, kind: .entryPoint)
        path.digestInPrefix = FileLinker.digest(of: script)
        path.size = Int64(script.count)
        return path
    }

    /// Writes a new file that is made here rather than taken from an archive.
    func write(_ bytes: [UInt8], to place: RelativePath, mode: UInt16 = 0o644) throws(PrefixError) {
        do throws(DirectoryError) {
            let file = try directory.createFile(place, mode: mode)
            try file.write(bytes)
            try file.setModificationTime(FileTime(seconds: time))
        } catch {
            throw .directory(error)
        }
    }
}

extension WritableFile {
    /// Appends bytes.
    borrowing func write(_ bytes: [UInt8]) throws(DirectoryError) {
        let result: Result<Void, DirectoryError> = bytes.withUnsafeBytes { buffer in
            do throws(DirectoryError) {
                return .success(try write(buffer))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }
}
