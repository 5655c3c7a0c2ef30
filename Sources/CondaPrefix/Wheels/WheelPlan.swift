import CondaArchive
import CondaModel

/// One file that a wheel brings or that is made for it.
struct WheelTask: Sendable {
    /// Where the contents come from.
    enum Origin: Sendable {
        /// A member of the archive, with the digest that `RECORD` has of it.
        case member(ZipArchive.Member, digest: String)
        /// A command of `entry_points.txt`.
        case command(EntryPoint)
        /// A text that the installer adds, such as `INSTALLER`.
        case text(String)
        /// `RECORD` itself, which is written when everything else is known.
        case record
    }

    /// Where the contents come from.
    let origin: Origin

    /// The path below the prefix.
    let target: RelativePath

    /// Where the file really goes: `target`, unless a directory of it is a link of a package.
    var place: RelativePath

    /// Whether it is a script: executable, and a first line `#!python` is replaced.
    var isScript = false

    /// Whether it is a module that Python would compile.
    var isModule = false

    /// Whether the file is written; false when another wheel's file is in its place.
    var isWritten = true

    init(_ origin: Origin, at target: RelativePath, isScript: Bool = false, isModule: Bool = false) {
        self.origin = origin
        self.target = target
        place = target
        self.isScript = isScript
        self.isModule = isModule
    }
}

/// All that one wheel will do to the prefix.
struct WheelPlan: Sendable {
    /// What was asked for.
    let wheel: PrefixWheel

    /// `NAME-VERSION` as the `.dist-info` directory spells it, for messages.
    let label: String

    /// The archive.
    let archive: ZipArchive

    /// The directory with modules, below the prefix.
    let sitePackages: RelativePath

    /// The files in the order of their paths.
    var tasks: [WheelTask]

    /// `RECORD`, below the prefix.
    let recordPath: RelativePath

    /// Bytes that the archive promises.
    var bytes: Int64 {
        tasks.reduce(0) { sum, task in
            if case .member(let member, _) = task.origin { sum + member.size } else { sum }
        }
    }
}
