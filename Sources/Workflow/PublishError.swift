import CondaModel
import Glibc
import HostSystem

/// Why packages could not be published; the repository serves what it served before.
package enum PublishError: ActionableError, Hashable {
    case noProgram
    case noDirectory(path: String)
    case published(name: String, repository: String)
    /// The repository has the package under the name of another file.
    case taken(package: String, place: String, repository: String)
    /// Two of the packages to publish are one: the same file name, or the same name, version, release and architecture.
    case rivals(what: String, first: String, second: String)
    case lock(path: String, code: Int32)
    case metadataIsSigned(repository: String)
    case metadata(repository: String, said: String)
    case noRepository(text: String)

    package var description: String {
        switch self {
        case .noProgram: "publishing needs createrepo_c, which is not on PATH"
        case .noDirectory(let path): "there is no directory \(path)"
        case .published(let name, let repository):
            "\(repository) has \(name) already, with other contents: expected a package that is new"
        case .taken(let package, let place, let repository):
            "\(repository) has \(package) already as \(place), with other contents: expected a package that is new"
        case .rivals(let what, let first, let second):
            "expected one \(what), found two of different contents: \(first) and \(second)"
        case .lock(let path, let code): "cannot lock \(path): \(systemMessage(code))"
        case .metadataIsSigned(let repository):
            "the metadata of \(repository) is signed: expected a key to sign the new metadata with, found none"
        case .metadata(let repository, let said):
            "createrepo_c could not read \(repository):\n  \(said.replacing("\n", with: "\n  "))"
        case .noRepository(let text):
            "'\(text)' is no repository: expected a directory, or a URL of http, https, or of file without a host"
        }
    }

    package var hint: String? {
        switch self {
        case .noProgram: "install createrepo_c (createrepo-c on Debian)"
        case .noDirectory: "make it, and name it in the hosts' .repo file"
        case .published(let name, _) where name.hasPrefix("conda-"):
            "one of them is signed and the other is not: remove the published one, or publish it as it is"
        case .published, .taken: "hosts may have the other one: build it again under the next release"
        case .rivals: "nothing was published; publish the one that hosts are to have"
        case .lock(let path, _): "the lock's owner can make it everyone's: chmod 666 \(path)"
        case .metadataIsSigned: "pass --sign-key ID"
        case .metadata: "nothing was published; see what is in the directory"
        case .noRepository(let text) where text.lowercased().hasPrefix("file://"): "write file:///DIRECTORY"
        case .noRepository: nil
        }
    }
}
