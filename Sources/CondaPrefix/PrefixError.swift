import CondaArchive
import CondaModel
import HostSystem

/// Why a prefix could not be made, read, verified or repaired.
package enum PrefixError: ActionableError {
    /// The prefix cannot be written into scripts and search paths.
    case unusablePrefix(String, problem: String)
    /// There is something where a new prefix is to be made.
    case notEmpty(String, found: String)
    /// An archive was refused.
    case archive(ArchiveError)
    /// A file or directory of the prefix could not be made or read.
    case directory(DirectoryError)
    /// The archive holds another package than its record says.
    case wrongPackage(archive: String, expected: String, found: String)
    /// Two packages of one name.
    case duplicatePackage(String)
    /// A binary file has less room for the prefix than the prefix needs; lengths in bytes.
    case prefixTooLong(package: String, file: String, prefix: String, prefixLength: Int, placeholderLength: Int)
    /// A `noarch: python` package without a Python to link it for.
    case missingPython(package: String)
    /// The python package does not tell where modules go.
    case unusablePython(version: String, problem: String)
    /// A path in a package's own list that must not be linked.
    case badPath(package: String, path: String, problem: String)
    /// A line of `entry_points` that is not one.
    case badEntryPoint(package: String, expected: String, found: String)
    /// A wheel that is not what it says, or that must not be linked; `member` is the file of it that is wrong.
    case badWheel(wheel: String, member: String?, problem: String)
    /// A distribution that is given twice: as two wheels, or as a wheel and in a package.
    case distributionTwice(name: String, first: String, second: String)
    /// A file in the package's list that its archive does not hold.
    case missingMember(archive: String, path: String)
    /// A file of an archive that its package's own list describes otherwise.
    case listWrong(archive: String, path: String)
    /// A file of an unpacked package that is not what the package's list says; SHA-256 digests in hexadecimal.
    case packageDamaged(directory: String, path: String, expected: String, found: String)
    /// A link script failed; `output` is what it printed, `messages` what it left for the user.
    case scriptFailed(package: String, script: String, status: String, output: String, messages: String)
    /// A program could not be started.
    case cannotRun(String, problem: String)
    /// The work was given up because a signal asked this program to end.
    case interrupted(signal: Int32)
    /// Python was ended, or gave up, before it had byte-compiled all modules.
    case notCompiled(status: String, output: String)
    /// A document in the prefix does not decode.
    case badDocument(path: String, problem: String)
    /// An activation script ended the shell.
    case activationFailed(script: String, output: String)
    /// Repair was asked for a package whose archive was not given.
    case archiveNotGiven(package: String, path: String)
    /// A failure of another kind, such as cancellation.
    case unexpected(String)

    package var description: String {
        switch self {
        case .unusablePrefix(let prefix, let problem): "the prefix '\(prefix)' cannot be used: \(problem)"
        case .notEmpty(let path, let found): "expected an empty or absent directory at \(path), found '\(found)' in it"
        case .archive(let error): error.description
        case .directory(let error): error.description
        case .wrongPackage(let archive, let expected, let found):
            "\(archive): expected the package \(expected), found \(found)"
        case .duplicatePackage(let name): "the package '\(name)' is given twice"
        case .prefixTooLong(let package, let file, let prefix, let length, let room):
            "\(package): '\(file)' has room for a prefix of \(room) bytes, found one of \(length): \(prefix)"
        case .missingPython(let package): "\(package) needs a python package to be linked for, found none"
        case .unusablePython(let version, let problem): "the package python \(version) cannot be used: \(problem)"
        case .badPath(let package, let path, let problem): "\(package): the path '\(path)' \(problem)"
        case .badEntryPoint(let package, let expected, let found):
            "\(package): bad entry point: expected \(expected), found '\(found)'"
        case .badWheel(let wheel, let member, let problem):
            ([wheel] + (member.map { [$0] } ?? []) + [problem]).joined(separator: ": ")
        case .distributionTwice(let name, let first, let second):
            "the Python distribution '\(name)' is in \(first) and in \(second)"
        case .missingMember(let archive, let path):
            "\(archive): expected the member '\(path)' that the package lists, found none"
        case .listWrong(let archive, let path):
            "\(archive): expected '\(path)' as the package's own list says, found another size or digest"
        case .packageDamaged(let directory, let path, let expected, let found):
            "\(directory)/\(path) is damaged: expected sha256 \(expected), found \(found)"
        case .scriptFailed(let package, let script, let status, let output, let messages):
            Self.scriptFailure(package, script, status, output: output, messages: messages)
        case .cannotRun(let program, let problem): "cannot run \(program): \(problem)"
        case .notCompiled(let status, let output):
            "Python modules were not byte-compiled: \(status)" + Self.indented("its output", output)
        case .interrupted(let signal): "interrupted by \(Interruption.name(signal))"
        case .badDocument(let path, let problem): "\(path): \(problem)"
        case .activationFailed(let script, let output):
            "the activation script \(script) ended the shell" + Self.indented("its output", output)
        case .archiveNotGiven(let package, let path):
            "'\(path)' belongs to \(package), whose archive was not given"
        case .unexpected(let problem): problem
        }
    }

    package var hint: String? {
        switch self {
        case .unusablePrefix, .prefixTooLong: "choose a shorter prefix made of letters, digits and /._+-"
        case .notEmpty: "remove it, or repair the prefix that is there"
        case .archive(let error): error.hint
        case .directory(let error): error.hint
        case .wrongPackage: "check the lock against the archive; fetch the archive again"
        case .duplicatePackage: "lock again"
        case .missingPython: "add python to the dependencies"
        case .badWheel: "report it to whoever publishes the wheel, or choose another version"
        case .distributionTwice: "take it from conda or from wheels, not from both; lock again"
        case .unusablePython, .badPath, .badEntryPoint, .missingMember:
            "report it to the channel, or choose another build of the package"
        case .listWrong: "use 'layout: archives', or choose another build of the package"
        case .packageDamaged(let directory, _, _, _): "put it back with: dnf reinstall $(rpm -qf \(directory))"
        case .scriptFailed, .activationFailed: "read what the script printed; it is part of the package"
        case .cannotRun(_, let problem) where problem.hasPrefix(ChildStart.noFurtherProcess):
            "raise the limit of processes: TasksMax of the unit, pids.max of the control group, ulimit -u"
        case .notCompiled: "mend what Python lacked, or build with rpm.compile: false"
        case .cannotRun, .interrupted, .unexpected: nil
        case .badDocument: "repair the prefix"
        case .archiveNotGiven:
            "a package that conda has added is put back by 'conda install --force-reinstall --override-frozen', or removed by "
                + "'conda remove --override-frozen'"
        }
    }

    private static func scriptFailure(
        _ package: String, _ script: String, _ status: String, output: String, messages: String
    ) -> String {
        "the \(script) script of \(package) failed: \(status)"
            + indented("its messages", messages) + indented("its output", output)
    }

    /// A titled block below a message; nothing for an empty text.
    private static func indented(_ title: String, _ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        return lines.isEmpty ? "" : "\n\(title):" + lines.map { "\n    \($0)" }.joined()
    }
}

extension PrefixError {
    /// Gives an error of a lower module its place here.
    init(_ error: any Error) {
        switch error {
        case let error as PrefixError: self = error
        case let error as ArchiveError: self = .archive(error)
        case let error as DirectoryError: self = .directory(error)
        default: self = .unexpected("\(error)")
        }
    }

    /// Runs work on an archive, whose refusals become errors of this module.
    static func reading<Value>(_ work: () throws(ArchiveError) -> Value) throws(PrefixError) -> Value {
        do throws(ArchiveError) { return try work() } catch { throw .archive(error) }
    }

    /// Runs work below a directory, whose failures become errors of this module.
    static func writing<Value>(_ work: () throws(DirectoryError) -> Value) throws(PrefixError) -> Value {
        do throws(DirectoryError) { return try work() } catch { throw .directory(error) }
    }
}
