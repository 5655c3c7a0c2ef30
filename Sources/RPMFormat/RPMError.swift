/// What can go wrong when an RPM is described, written or read.
///
/// ``description`` says what was expected, what was found and where; ``hint`` says what to do next.
package enum RPMError: Error, Sendable, Hashable {
    /// A field of the description holds something that an RPM cannot hold.
    case invalid(field: String, value: String, problem: String, hint: String)
    /// Two entries of the description exclude each other.
    case conflict(path: String, problem: String)
    /// A file of the payload could not be read; `reason` is the system's message.
    case unreadable(path: String, reason: String)
    /// A file of the payload is not as long as described (bytes).
    case sizeChanged(path: String, expected: Int64, found: Int64)
    /// A file of the payload does not have the SHA-256 that the description promised.
    case digestMismatch(path: String, expected: String, found: String)
    /// The package does not fit what its target's rpm can read.
    case unsupported(what: String, limit: String)
    /// librpm has no such compressor.
    case compressorUnavailable(name: String, reason: String)
    /// The output could not be written; `reason` is the system's message.
    case unwritable(path: String, reason: String)
    /// librpm refused to build a header.
    case header(reason: String)
    /// The file is not an RPM at all.
    case notAnRPM(path: String, found: String)
    /// The file ends too early, or goes on too long (sizes in bytes).
    case wrongSize(path: String, expected: Int64, found: Int64)
    /// The file starts as an RPM does, but its inside is damaged.
    case corrupt(path: String, reason: String)
    /// The package has no such file.
    case noSuchFile(path: String, package: String)
    /// A file in a package is larger than the caller allows (bytes).
    case tooLarge(path: String, size: Int64, limit: Int64)
    /// A path in a package would leave the directory that it is extracted to.
    case unsafePath(path: String, package: String, reason: String)
}

extension RPMError: CustomStringConvertible {
    /// What was expected and what was found.
    package var description: String {
        switch self {
        case .invalid(let field, let value, let problem, _):
            "\(field) \"\(value)\": \(problem)"
        case .conflict(let path, let problem):
            "\(path): \(problem)"
        case .unreadable(let path, let reason):
            "cannot read \(path): \(reason)"
        case .sizeChanged(let path, let expected, let found):
            "\(path) has another size than when it was described: expected \(expected) bytes, found \(found)"
        case .digestMismatch(let path, let expected, let found):
            "\(path) has other contents than described: expected sha256 \(expected), found \(found)"
        case .unsupported(let what, let limit):
            "\(what): \(limit)"
        case .compressorUnavailable(let name, let reason):
            "librpm cannot compress with \(name): \(reason)"
        case .unwritable(let path, let reason):
            "cannot write \(path): \(reason)"
        case .header(let reason):
            "librpm refused a header: \(reason)"
        case .notAnRPM(let path, let found):
            "\(path) is not an RPM: expected the bytes edabeedb at its start, found \(found)"
        case .wrongSize(let path, let expected, let found):
            "\(path) is \(found < expected ? "truncated" : "too long"): its header promises \(expected) bytes, "
                + "found \(found)"
        case .corrupt(let path, let reason):
            "\(path) is damaged: \(reason)"
        case .noSuchFile(let path, let package):
            "\(package) has no file \(path)"
        case .tooLarge(let path, let size, let limit):
            "\(path) is larger than allowed: expected at most \(limit) bytes, found \(size)"
        case .unsafePath(let path, let package, let reason):
            "\(package) holds an unsafe path \(path): \(reason)"
        }
    }

    /// What to do next, where there is something to do.
    package var hint: String? {
        switch self {
        case .invalid(_, _, _, let hint): hint
        case .sizeChanged, .digestMismatch: "remove the file, so that it is fetched or made again, and repeat the build"
        case .unsupported: "choose a newer target, or make the package smaller"
        case .compressorUnavailable: "choose another payload compression"
        case .unwritable: "free some space or choose another output directory"
        case .notAnRPM, .wrongSize, .corrupt: "fetch or build the package again"
        case .unsafePath: "do not install this package"
        case .conflict, .unreadable, .header, .noSuchFile, .tooLarge: nil
        }
    }
}
