import CondaArchive
import CondaModel

extension PrefixBuild {
    /// Writes the files of all wheels but `RECORD`.
    ///
    /// - Parameter selection: the tasks to do by wheel; nil means all.
    /// - Returns: what is known about the paths of each wheel, in the order of the plan.
    func linkWheels(selection: [Int: Set<Int>]? = nil) throws -> [[InstalledPath?]] {
        guard let python = plan.python, !plan.wheels.isEmpty else { return [] }
        let line = Shebang.line(forPython: "\(prefix)/\(python.executable.string)")
        return try concurrently(Array(plan.wheels.indices), limit: options.threads) { index in
            let wheel = plan.wheels[index]
            if let selection, selection[index] == nil {
                return [InstalledPath?](repeating: nil, count: wheel.tasks.count)
            }
            let linker = WheelLinker(plan: wheel, build: self, interpreterLine: line)
            let paths = try linker.link(selection: selection?[index])
            let written = wheel.tasks.indices.filter { paths[$0] != nil && wheel.tasks[$0].isWritten }
            let bytes = written.reduce(Int64(0)) { $0 + (paths[$1]?.size ?? 0) }
            events(.linked(package: wheel.label, files: written.count, bytes: bytes))
            return paths
        }
    }

    /// Writes the `RECORD` of every wheel, which lists all that was made for it (PEP 627).
    func writeRecords(_ paths: [[InstalledPath?]], _ compiled: [[InstalledPath]]) throws(PrefixError) {
        for (index, wheel) in plan.wheels.enumerated() {
            let all = paths[index].compactMap(\.self) + compiled[index]
            let installed = InstalledWheel(label: wheel.label, paths: all, recordPath: wheel.recordPath)
            guard let task = wheel.tasks.first(where: { $0.target == wheel.recordPath }), task.isWritten else {
                continue
            }
            try write(Array(installed.record(sitePackages: wheel.sitePackages).utf8), to: task.place)
        }
    }
}
