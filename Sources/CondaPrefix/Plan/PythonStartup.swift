import CondaArchive
import CondaModel

/// What Python runs before anything that it is asked to run: its interpreter, its standard library, and the files that tell
/// it where those are.
///
/// They are the package `python`'s alone. A build byte-compiles with them, as the user who may hold the signing key, and so
/// does root on every host.
struct PythonStartup {
    /// Where modules of packages go.
    private let packages: [UInt8]

    /// The standard library, with a slash behind it: `lib/python3.12/`.
    private let library: [UInt8]

    /// The standard library as an archive, which comes before the folder: `lib/python312.zip`.
    private let zip: String

    private init(_ python: PythonLayout) {
        let usual = "lib/python\(python.major).\(python.minor)"
        packages = python.sitePackages.bytes + [UInt8(ascii: "/")]
        library = (python.sitePackages.parent?.bytes ?? Array(usual.utf8)) + [UInt8(ascii: "/")]
        zip = "lib/python\(python.major)\(python.minor).zip"
    }

    /// Refuses a plan that gives one of these files to another package, or to a wheel.
    ///
    /// - Throws: ``PrefixError/badPath(package:path:problem:)``, ``PrefixError/badWheel(wheel:member:problem:)``.
    static func check(_ plan: LinkPlan) throws(PrefixError) {
        guard let python = plan.python else { return }
        let startup = PythonStartup(python)
        try startup.checkWheels(plan)
        for package in plan.packages {
            if package.record.name == "python" {
                try startup.checkReplaced(package, plan)
            } else {
                try startup.checkAdded(package)
            }
        }
    }

    private func checkWheels(_ plan: LinkPlan) throws(PrefixError) {
        for wheel in plan.wheels {
            for task in wheel.tasks where decides(task.place) || isInterpreter(task.place) || isLibrary(task.place) {
                throw .badWheel(wheel: wheel.wheel.path, member: task.target.description, problem: Self.problem)
            }
        }
    }

    private func checkAdded(_ package: PackagePlan) throws(PrefixError) {
        for task in package.tasks where task.listed.type != .directory && decides(task.place) {
            throw bad(package.record.distribution, task.target)
        }
        for task in package.entryPoints where isInterpreter(task.place) {
            throw bad(package.record.distribution, task.target)
        }
    }

    /// Finds files of the package `python` in whose place something else would be.
    private func checkReplaced(_ python: PackagePlan, _ plan: LinkPlan) throws(PrefixError) {
        for task in python.tasks where !task.isWritten && (isInterpreter(task.place) || isLibrary(task.place)) {
            let others = plan.packages.flatMap(\.tasks).filter { $0.place == task.place && $0.isWritten }
            if let digest = task.listed.sha256, !others.isEmpty, others.allSatisfy({ $0.listed.sha256 == digest }) {
                continue
            }
            let winner = plan.clobbers.first { $0.path == task.place.string }?.winner
            throw bad(winner ?? python.record.distribution, task.target)
        }
    }

    private static let problem = "is a part of Python itself, which only the package python may bring"

    private func bad(_ package: String, _ path: RelativePath) -> PrefixError {
        .badPath(package: package, path: path.description, problem: Self.problem)
    }

    /// Whether a file tells Python where its library is; a prefix of conda has none of them.
    ///
    /// They are `pyvenv.cfg` (3.3), `NAME._pth` beside a program or its library (3.11), and the archive that comes first.
    private func decides(_ place: RelativePath) -> Bool {
        switch place.bytes.first {
        case UInt8(ascii: "p"): place.string == "pyvenv.cfg"
        case UInt8(ascii: "b"): place.string == "bin/pyvenv.cfg" || isPathList(place)
        case UInt8(ascii: "l"): place.string == zip || isPathList(place)
        default: false
        }
    }

    private func isPathList(_ place: RelativePath) -> Bool {
        place.bytes.suffix(5).elementsEqual("._pth".utf8) && ["bin", "lib"].contains(place.parent?.string)
    }

    /// `bin/python`, `bin/python3`, `bin/python3.12` and the library that they may be linked to.
    private func isInterpreter(_ place: RelativePath) -> Bool {
        if place.bytes.starts(with: "lib/libpython".utf8) { return true }
        guard place.bytes.starts(with: "bin/python".utf8) else { return false }
        return place.bytes.dropFirst("bin/python".utf8.count).allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
    }

    private func isLibrary(_ place: RelativePath) -> Bool {
        place.bytes.starts(with: library) && !place.bytes.starts(with: packages)
    }
}
