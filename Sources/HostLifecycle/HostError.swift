import CondaModel
import CondaPrefix
import Glibc
import HostSystem
import ServiceRelease

/// What keeps the host tool from doing its work.
package enum HostError: ActionableError {
    case system(operation: String, path: String, code: Int32)
    case archiveMissing(path: String)
    case archiveDamaged(path: String, expected: String, found: String)
    case bootstrapMissing(path: String)
    case installerWithoutConda
    case bootstrapFailed(step: String, status: String, output: String)
    /// `user`: whom it ran as, where that is not whoever runs this program.
    case checkFailed(check: String, user: String?, status: String, output: String)
    case unhealthy(release: String, check: String, user: String?, seconds: Int, status: String, output: String)
    /// The user whom the checks should run as: there is none of the name, or he is root by another name.
    case noSuchUser(name: String, isRoot: Bool)
    /// Somebody else could change what root reads or runs.
    case untrusted(path: String, owner: String, mode: String, remedy: String)
    case rolledBack(from: String, to: String, reason: String)
    case noReleaseServes(root: String)
    case noSuchRelease(identifier: String, available: [String])
    case damaged(release: String, differences: [String], total: Int, layout: Layout)
    case notInService(release: String, step: String, serving: String)
    case notABundle(path: String)
    case notInAHome(path: String)
    case commandNotFound(command: String, release: String, searchPath: String)
    /// A release was not made the one that serves, because of what a look at it showed.
    case notFit(release: String, reason: String, remedy: String)
    case notWentBack(from: String, to: String, reason: String, problem: String)
    /// Something lies in the home that this tool and rpm have not made.
    case foreign(root: String, paths: [String])
    case busy(root: String, seconds: Int)
    case interrupted(signal: Int32)

    /// What the ground's functions say, in this target's words.
    static func of<Result>(_ work: () throws(SystemFailure) -> Result) throws(HostError) -> Result {
        do { return try work() } catch { throw .system(operation: error.operation, path: error.path, code: error.code) }
    }

    package var description: String {
        switch self {
        case .system(let operation, let path, let code):
            "cannot \(operation) \(path): \(systemMessage(code))"
        case .archiveMissing(let path): "\(path) is missing"
        case .archiveDamaged(let path, let expected, let found):
            "\(path) is damaged: expected sha256 \(expected), found \(found)"
        case .bootstrapMissing(let path): "the bootstrap \(path) is missing"
        case .installerWithoutConda:
            "the installer miniconda.sh brings no conda: expected bin/conda in what it installed"
        case .bootstrapFailed(let step, let status, let output): "\(step) failed with \(status)\(Self.quoted(output))"
        case .checkFailed(let check, let user, let status, let output):
            "the check '\(check)' failed\(Self.name(user)) with \(status)\(Self.quoted(output))"
        case .noSuchUser(let name, false): "the checks run as '\(name)', and this host has no such user"
        case .noSuchUser(let name, true):
            "the checks run as '\(name)', who is root on this host: expected a user with a number of his own"
        case .untrusted(let path, let owner, let mode, _):
            "\(path) belongs to \(owner), mode \(mode): others could change what root runs. "
                + "Expected an owner root, and no write permission for group and others, from / down"
        case .unhealthy(let release, let check, let user, let seconds, let status, let output):
            "\(release) serves and does not answer: '\(check)' failed\(Self.name(user)) with \(status)"
                + (seconds > 0 ? " for \(seconds) s" : "") + Self.quoted(output)
        case .rolledBack(let from, let to, let reason): "went back from \(from) to \(to): \(reason)"
        case .noReleaseServes(let root): "no release serves below \(root)"
        case .noSuchRelease(let identifier, let available):
            "there is no complete release \(identifier); complete: \(available.isEmpty ? "none" : available.joined(separator: ", "))"
        case .damaged(let release, let differences, let total, _):
            "\(release) is not as it was installed in \(total) place\(total == 1 ? "" : "s")"
                + differences.map { "\n  \($0)" }.joined()
        case .notInService(let release, let step, let serving):
            "\(release) was not put into service: it stopped at the step '\(step)'; \(serving) serves"
        case .notABundle(let path): "\(path) is no bundle: it has no release.json"
        case .notInAHome(let path): "expected a bundle at HOME/bundle/RELEASE, found \(path)"
        case .commandNotFound(let command, _, _) where command.contains("/"): "there is no \(command)"
        case .commandNotFound(let command, let release, let searchPath):
            "neither \(release) nor this host has a program \(command): looked in \(searchPath)"
        case .notFit(let release, let reason, _):
            "\(release) is not fit to serve, and was not put into service: \(reason)"
        case .notWentBack(let from, let to, let reason, let problem):
            "\(from) serves on, though \(reason); \(to) cannot take its place: \(problem)"
        case .foreign(let root, let paths):
            "no document or marker of this package names what is in its home \(root):"
                + paths.prefix(20).map { "\n  \($0)" }.joined()
                + (paths.count > 20 ? "\n  and \(paths.count - 20) more" : "")
        case .busy(let root, let seconds):
            "another process has been working on \(root) for \(seconds / 60) minutes, and holds its lock"
        case .interrupted(let signal): "interrupted by \(Interruption.name(signal))"
        }
    }

    package var hint: String? {
        switch self {
        case .system(_, _, ENOSPC): "free some space, then run: NAME-release repair"
        case .system: nil
        case .archiveMissing(let path) where path.hasPrefix(SharedPackage.root + "/"):
            "put it back with: dnf install conda-\(path.dropFirst(SharedPackage.root.count + 1))"
        case .archiveMissing, .archiveDamaged, .bootstrapMissing: "put the bundle back with: dnf reinstall NAME"
        case .installerWithoutConda: "build the RPM with an installer that has conda, such as Miniconda or Miniforge"
        case .bootstrapFailed: nil
        case .checkFailed(_, let user, _, _):
            "mend what the check needs, then run: NAME-release repair" + Self.keyNote(user)
        case .unhealthy(_, _, let user, _, _, _): "mend it, or go back with: NAME-release rollback" + Self.keyNote(user)
        case .noSuchUser: "make that user, or name another one by rpm.check_user in the manifest"
        case .untrusted(_, _, _, let remedy): remedy
        case .rolledBack: "mend what the check needs, then run: NAME-release repair"
        case .noReleaseServes: "NAME-release status tells why; NAME-release repair installs the bundle again"
        case .noSuchRelease: nil
        case .damaged(_, _, _, .archives), .damaged(_, _, _, .split): "NAME-release repair relinks what differs"
        case .damaged(_, _, _, .prefix): "put the package's files back with: dnf reinstall NAME"
        case .notInService: "NAME-release status tells why; NAME-release repair tries again"
        case .notABundle: "call the tool by its NAME-release link, or with --bundle DIR"
        case .notInAHome: "say where the service lives with --root HOME"
        case .commandNotFound(let command, _, _) where command.contains("/"):
            "give an absolute path, or a name that NAME-release looks for in the activated environment"
        case .commandNotFound: "what the release brings: NAME-release run sh -c 'ls \"$CONDA_PREFIX/bin\"'"
        case .notFit(_, _, let remedy): remedy
        case .notWentBack: "mend what the check needs, then run: NAME-release repair"
        case .foreign: "it is not removed, and must not stay there: move it elsewhere, and try again"
        case .busy(let root, _): "see which one with: fuser -v \(root)/.lock"
        case .interrupted: nil
        }
    }

    /// The exit status that tells it to a caller: as shells have it for a program that there is none of, or that does not
    /// start.
    package var exitStatus: Int32 {
        switch self {
        case .commandNotFound: 127
        case .system(operation: "run", _, _): 126
        default: 1
        }
    }

    private static func name(_ user: String?) -> String { user.map { " as \($0)" } ?? "" }

    /// A check that only root can pass fails as anybody else.
    private static func keyNote(_ user: String?) -> String {
        user.map { "; it ran as \($0): with 'check_user: root' in the manifest's rpm section it runs as root" } ?? ""
    }

    /// The last lines of a program's output, indented below the message.
    private static func quoted(_ output: String) -> String {
        let lines = output.split(separator: "\n").suffix(20)
        return lines.isEmpty ? "" : ":\n" + lines.map { "  \($0)" }.joined(separator: "\n")
    }
}

extension HostError {
    init(_ offence: Ownership.Offence) {
        let path = offence.path
        let mode = offence.isDirectory ? "go-w" : "ug-s,go-w"
        self = .untrusted(
            path: path, owner: Account.name(of: offence.owner) ?? "user \(offence.owner)", mode: offence.octalMode,
            remedy: "if it is this service's alone, see what is in it, then: "
                + "chown -h root:root '\(path)' && chmod \(mode) '\(path)'; otherwise move the home elsewhere")
    }
}

extension Ownership.Offence {
    /// The mode as `ls` and `chmod` users know it: 0775.
    var octalMode: String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
