import CondaArchive
import CondaModel

extension PrefixRepair {
    /// Removes other versions of the packages that the prefix should have, as `conda install` leaves them there: their
    /// documents, and those of their files that no other package has.
    ///
    /// Packages of other names stay: nobody asked for them to go.
    func removeSuperseded() throws(PrefixError) {
        let superseded = superseded
        guard !superseded.isEmpty else { return }
        let documents = Set(superseded.map(\.documentPath))
        var kept = Set(state.packages.filter { !documents.contains($0.documentPath) }.flatMap(\.paths).map(\.path))
        for package in build.plan.packages {
            kept.formUnion(package.tasks.map(\.target.string) + package.entryPoints.map(\.target.string))
        }
        for wheel in build.plan.wheels { kept.formUnion(wheel.tasks.map(\.target.string)) }
        kept.formUnion(modules.modules.map(\.compiled.string))
        for package in superseded {
            for path in package.paths where path.kind != .directory && !kept.contains(path.path) {
                try remove(path.location(in: package.record.distribution))
            }
            try remove(PrefixBuild.path(package.documentPath))
        }
    }

    /// The packages in the prefix that stand where another version should.
    var superseded: [InstalledPackage] {
        let wanted = Dictionary(
            build.plan.packages.map { ($0.record.name, InstalledPackage.documentPath(of: $0.record)) }
        ) { first, _ in first }
        return state.packages.filter { package in
            wanted[package.record.name].map { $0 != package.documentPath } ?? false
        }
    }

    private func remove(_ path: RelativePath) throws(PrefixError) {
        try PrefixError.writing { () throws(DirectoryError) in
            guard let found = try build.directory.status(path)?.kind, found != .directory else { return }
            _ = try build.directory.removeFile(path)
        }
    }
}
