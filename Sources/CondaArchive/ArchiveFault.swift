import Glibc
import HostSystem

/// The layer of an archive in which a fault was found, from the file inwards.
package enum ArchiveLayer: String, Sendable {
    case file = "file"
    case zip = "ZIP"
    case zstandard = "Zstandard"
    case bzip2 = "bzip2"
    case deflate = "deflate"
    case tar = "tar"
}

/// Why an archive or one of its members was refused.
package enum ArchiveFault: Error, Sendable, Equatable {
    /// A system call on the archive file failed; `code` is its `errno`.
    case unreadable(operation: String, code: Int32)
    /// The file starts like neither format.
    case unknownFormat(found: String)
    /// The data of a layer ends before the layer does.
    case truncated(ArchiveLayer, String)
    /// The data of a layer contradicts the layer's format or its checksum.
    case corrupt(ArchiveLayer, String)
    /// The data is well-formed but uses something that conda packages must not or need not use.
    case unsupported(ArchiveLayer, String)
    /// A path that cannot be trusted below an installation root.
    case unsafePath(String, problem: PathProblem)
    /// A member of a kind or at a place that a package must not have.
    case forbidden(String)
    /// A second member with the path of an earlier one.
    case duplicate(String)
    /// More than a bound of ``ArchiveLimits`` allows.
    case overLimit(String, limit: Int64, found: Int64)
    /// A member that every package must have is not there.
    case missing(String)
    /// A metadata document does not decode.
    case invalidDocument(String)
    /// The file is not the one that was asked for.
    case digestMismatch(algorithm: String, expected: String, found: String)
}

/// What makes a path untrustworthy.
package enum PathProblem: String, Sendable {
    case empty = "is empty"
    case absolute = "is absolute"
    case parentReference = "has a `..` component"
    case containsNUL = "contains a NUL byte"
    case tooLong = "is too long"
}

extension ArchiveFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let operation, let code):
            "\(operation) failed: \(systemMessage(code))"
        case .unknownFormat(let found):
            "expected a .conda (ZIP) or .tar.bz2 file, found one that starts with \(found)"
        case .truncated(let layer, let detail): "truncated \(layer.rawValue) data: \(detail)"
        case .corrupt(let layer, let detail): "corrupt \(layer.rawValue) data: \(detail)"
        case .unsupported(let layer, let detail): "unsupported \(layer.rawValue) data: \(detail)"
        case .unsafePath(let path, let problem): "the path '\(path)' \(problem.rawValue)"
        case .forbidden(let detail): detail
        case .duplicate(let path): "a second member has the path '\(path)'"
        case .overLimit(let what, let limit, let found): "\(what): at most \(limit) allowed, found \(found)"
        case .missing(let member): "expected a member '\(member)', found none"
        case .invalidDocument(let detail): detail
        case .digestMismatch(let algorithm, let expected, let found):
            "expected \(algorithm) \(expected), found \(found)"
        }
    }

    /// What the reader of the message can do about it.
    var hint: String {
        switch self {
        case .unreadable: "check that the file exists and can be read"
        case .unknownFormat: "check the address it came from: a proxy or login page may have been saved in its place"
        case .truncated, .corrupt, .digestMismatch: "remove the file and fetch it again"
        case .unsupported, .missing, .invalidDocument:
            "report it to the channel, or choose another build of the package"
        case .unsafePath, .forbidden, .duplicate, .overLimit:
            "do not install this package; report it to the channel it came from"
        }
    }
}
