import CondaArchive
import CondaModel

/// One path of a package and what becomes of it.
struct LinkTask: Sendable {
    /// The path in the archive.
    let source: RelativePath

    /// The path below the prefix, as the package's document in `conda-meta` names it.
    let target: RelativePath

    /// Where the file really goes: `target`, unless a directory of it is a link of another package.
    var place: RelativePath

    /// What the package's own list says.
    let listed: PathEntry

    /// How the contents change on the way; nil when they do not.
    let replacement: PrefixReplacement?

    /// Whether the file is written; false when another package's file is in its place.
    var isWritten = true
}

/// An entry point and where its script goes.
struct EntryPointTask: Sendable {
    let entryPoint: EntryPoint
    let target: RelativePath
    var place: RelativePath
    var isWritten = true
}

/// All that one package will do to the prefix.
struct PackagePlan: Sendable {
    /// What was asked for.
    let package: PrefixPackage

    /// The record, completed from the archive's own `index.json`.
    let record: PackageRecord

    /// Where the files come from.
    let contents: PackageContents

    /// The paths in the order of the package's own list.
    var tasks: [LinkTask]

    /// Where in `tasks` a path of the archive is.
    let taskOfSource: [RelativePath: Int]

    /// The entry points of a `noarch: python` package.
    var entryPoints: [EntryPointTask]

    /// Whether conda would byte-compile the package.
    let isNoarchPython: Bool

    /// Bytes that the package's list promises.
    var bytes: Int64 { tasks.reduce(0) { $0 + ($1.listed.size ?? 0) } }

    /// Whether the package brings a script of a kind.
    func hasScript(_ kind: LinkScript.Kind) -> Bool {
        guard let path = try? RelativePath(kind.path(package: record.name)) else { return false }
        return tasks.contains { $0.target == path }
    }
}

/// All that an installation will do, checked before anything is written.
struct LinkPlan: Sendable {
    /// The packages in topological order, dependencies first.
    var packages: [PackagePlan]

    /// The wheels in the order of their names; they come after the packages.
    var wheels: [WheelPlan] = []

    /// The environment's Python, if it has one.
    let python: PythonLayout?

    /// Paths that several packages or wheels have, in the order of paths.
    var clobbers: [PathClobber] = []

    /// Files that will be written.
    var fileCount: Int {
        packages.reduce(0) { sum, package in
            sum + package.tasks.count(where: \.isWritten) + package.entryPoints.count(where: \.isWritten)
        } + wheels.reduce(0) { $0 + $1.tasks.count(where: \.isWritten) }
    }

    /// Whether scripts of packages run in the prefix; what one of them writes into must be the prefix's own.
    var hasLinkScripts: Bool { packages.contains { $0.hasScript(.preLink) || $0.hasScript(.postLink) } }

    /// Bytes that packages and wheels promise.
    var bytes: Int64 { packages.reduce(0) { $0 + $1.bytes } + wheels.reduce(0) { $0 + $1.bytes } }
}
