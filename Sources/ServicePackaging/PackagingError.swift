import CondaModel
import FoundationEssentials
import Glibc
import HostSystem

/// What keeps a manifest and its archives from becoming an RPM.
package enum PackagingError: ActionableError {
    case bootstrapUnreadable(path: String, reason: String)
    case bootstrapDigest(path: String, expected: String, found: String)
    case bootstrapNotScript(path: String)
    case bootstrapNotConstructor(path: String)
    case bootstrapNotProgram(path: String, problem: String)
    case bootstrapLineEnds(path: String)
    case bootstrapCutHeader(path: String, found: Int)
    case bootstrapPlatform(path: String, platform: String, expected: String)
    case bootstrapGlibc(path: String, needed: String, target: String, found: String)
    case bootstrapShell(path: String, target: String)
    case bootstrapTruncated(path: String, expected: Int, found: Int)
    case prefixTooLong(prefix: String, package: String, file: String, placeholder: Int)
    case fileUnreadable(path: String, key: String, reason: String)
    case fileTooLarge(path: String, key: String, size: Int64, target: String)
    case fileTwice(path: String, keys: [String])
    case fileReserved(path: String, key: String, owner: String)
    case linkAstray(key: String, path: String, target: String, problem: String)
    case noSuchProgram(key: String, program: String, nearest: String?)
    case unsupported(feature: String, key: String, remedy: String)
    case unsupportedScript(key: String, interpreter: String)
    /// A script that its shell cannot read; `place` is the file and the line, as far as they are known.
    case badScript(key: String, place: String?, problem: String)
    case noArchitecture(subdir: String)
    case release(reason: String)

    package var description: String {
        switch self {
        case .bootstrapUnreadable(let path, let reason): "cannot read the bootstrap \(path): \(reason)"
        case .bootstrapDigest(let path, let expected, let found):
            "the bootstrap \(path) is not the one expected: expected digest \(expected), found \(found)"
        case .bootstrapNotScript(let path):
            "\(path) is no constructor-made installer: expected a shell script, which starts with #!"
        case .bootstrapNotConstructor(let path):
            "\(path) is no constructor-made installer: expected lines '# NAME:', '# PLAT:' and '# MD5:' in its head"
        case .bootstrapNotProgram(let path, let problem): "\(path) is no micromamba for these hosts: \(problem)"
        case .bootstrapLineEnds(let path):
            "\(path) has the line ends of Windows (CRLF): expected the bytes of the installer, found them changed as text"
        case .bootstrapCutHeader(let path, let found):
            "\(path) is cut short: it has \(found) bytes, and not all of its head, which ends with @@END_HEADER@@"
        case .bootstrapPlatform(let path, let platform, let expected):
            "\(path) is an installer for \(platform): expected one for \(expected)"
        case .bootstrapGlibc(let path, let needed, let target, let found):
            "\(path) needs glibc \(needed): hosts of the target \(target) may have \(found)"
        case .bootstrapShell(let path, let target):
            "\(path) is written for bash: /bin/sh of the target \(target) is not known to be one"
        case .bootstrapTruncated(let path, let expected, let found):
            "\(path) is \(found < expected ? "cut short" : "too long"): its header states \(expected) bytes, found \(found)"
        case .prefixTooLong(let prefix, let package, let file, let placeholder):
            "the prefix \(prefix) has \(prefix.utf8.count) bytes, but the placeholder in \(file) of \(package) has room for \(placeholder)"
        case .fileUnreadable(let path, let key, let reason): "\(key): cannot read \(path): \(reason)"
        case .fileTooLarge(let path, let key, let size, let target):
            "\(key): \(path) has \(size) bytes: expected at most 4294967294, which is what rpm of \(target) reads"
        case .fileTwice(let path, let keys):
            "\(path) has two sources: \(keys.joined(separator: " and "))"
        case .fileReserved(let path, let key, let owner): "\(key): \(path) is the place of \(owner)"
        case .linkAstray(let key, let path, let target, let problem):
            "\(key): the link \(path) -> \(target) leads to \(problem)"
        case .noSuchProgram(let key, let program, let nearest):
            "\(key): no package brings a program '\(program)'"
                + (nearest.map { "; the nearest name is '\($0)'" } ?? "")
        case .unsupported(let feature, let key, _): "\(key): \(feature) is not supported by this version"
        case .unsupportedScript(let key, let interpreter):
            "\(key): expected the interpreter /bin/sh, found \(interpreter)"
        case .badScript(let key, let place, let problem):
            (place.map { "\($0): " } ?? "") + "\(key): expected a script that the shell can read, found \(problem)"
        case .noArchitecture(let subdir): "no RPM architecture corresponds to the platform \(subdir)"
        case .release(let reason): "the release document cannot be written: \(reason)"
        }
    }

    package var hint: String? {
        switch self {
        case .bootstrapUnreadable, .fileUnreadable: "check the path; relative ones start at the manifest's folder"
        case .bootstrapDigest, .bootstrapTruncated, .bootstrapCutHeader, .bootstrapLineEnds:
            "download the file again, and compare with the digest its site publishes"
        case .bootstrapNotScript: "name a micromamba binary with 'micromamba:' instead"
        case .bootstrapNotConstructor: "name the .sh file of Miniconda, Miniforge or one that constructor made"
        case .bootstrapNotProgram: "name the file bin/micromamba of the archive that its site serves"
        case .bootstrapPlatform: "download the installer for the platform of the hosts"
        case .bootstrapGlibc: "take an older release of the installer, or raise the target's glibc"
        case .bootstrapShell: "take an installer of constructor 2 or newer, or name the family: 'target: {base: el9}'"
        case .prefixTooLong: "choose a shorter rpm.prefix, or a shorter version"
        case .fileTooLarge: "choose a target of rpm 4.12 or later (el8), or bring the file to hosts in another way"
        case .fileTwice: "give one of them another destination"
        case .fileReserved: "choose another destination"
        case .linkAstray:
            "bring its target too, link to a place inside the folder, or to an absolute path that hosts have"
        case .noSuchProgram: "require the package that has it, or correct the name"
        case .unsupported(_, _, let remedy): remedy
        case .unsupportedScript: "write it for /bin/sh: it runs inside the package's own scriptlet"
        case .badScript: "try it with: bash --posix -n FILE"
        case .noArchitecture: "build for linux-64, linux-aarch64, linux-ppc64le or linux-s390x"
        case .release: nil
        }
    }
}

extension Error {
    /// Why the system would not read or write, in its own words ("Is a directory"); Foundation's name many reasons by a number.
    package var systemReason: String {
        guard let cause = (self as? CocoaError)?.underlying as? POSIXError else { return "\(self)" }
        return systemMessage(cause.code.rawValue)
    }
}
