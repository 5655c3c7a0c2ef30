import CondaModel
import Glibc
import HostSystem

/// A refusal or failure of work below a root directory.
package struct DirectoryError: ActionableError, Equatable {
    /// What stood in the way.
    package enum Reason: Sendable, Equatable {
        /// A system call failed with this `errno`.
        case system(Int32)
        /// A directory on the way is a symbolic link, which is not followed here.
        case symbolicLinkOnTheWay(String)
        /// Something on the way, or the thing itself, is not a directory.
        case notADirectory(String)
        /// Expected a regular file, found something else.
        case notARegularFile
        /// A link whose text leads out of the root.
        case leavesRoot(target: String)
        /// More bytes than the caller is willing to hold.
        case overLimit(limit: Int, found: Int64)
    }

    /// The root directory.
    package let root: String

    /// The path below the root, empty for the root itself.
    package let path: String

    /// What was attempted, as a verb: "create file".
    package let operation: String

    /// What stood in the way.
    package let reason: Reason

    package var description: String {
        let place = path.isEmpty ? root : "\(root)/\(path)"
        return "cannot \(operation) \(place): \(explanation)"
    }

    private var explanation: String {
        switch reason {
        case .system(let code): systemMessage(code)
        case .symbolicLinkOnTheWay(let link): "expected a directory, found the symbolic link '\(link)'"
        case .notADirectory(let place): "expected a directory, found '\(place)'"
        case .notARegularFile: "expected a regular file, found something else"
        case .leavesRoot(let target): "the link's target '\(target)' leads out of the root"
        case .overLimit(let limit, let found): "expected at most \(limit) bytes, found \(found)"
        }
    }

    package var hint: String? {
        switch reason {
        case .system(ENOSPC), .system(EDQUOT): "free some space, then repeat"
        case .system(EACCES), .system(EPERM): "check the owner and the mode of the directory"
        case .system(EROFS): "the file system is mounted read-only"
        case .system(EEXIST): "remove what is there, or choose an empty directory"
        case .system: nil
        case .symbolicLinkOnTheWay, .leavesRoot: "do not install this package; report it to the channel it came from"
        case .notADirectory, .notARegularFile, .overLimit: "remove what is there, then repeat"
        }
    }
}
