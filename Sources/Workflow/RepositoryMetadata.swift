import CLinux
import Foundation

/// The `repodata` directory of a repository.
struct RepositoryMetadata {
    let path: String

    /// Links what the metadata consists of now into the new.
    ///
    /// A host that has read the old `repomd.xml` still finds what it names. The names hold digests, so none stands for
    /// two contents.
    func keepPreviousGeneration(in new: String) throws(WorkflowError) {
        guard let index = try? String(contentsOfFile: "\(path)/repomd.xml", encoding: .utf8) else { return }
        for part in index.components(separatedBy: "href=\"repodata/").dropFirst() {
            let name = String(part.prefix { $0 != "\"" })
            guard !name.contains("/"), access("\(new)/\(name)", F_OK) != 0 else { continue }
            guard link("\(path)/\(name)", "\(new)/\(name)") == 0 || errno == ENOENT else {
                throw .unwritable(path: "\(new)/\(name)", code: errno)
            }
        }
    }

    /// Exchanges this directory with another in one step, or gives the other its name where there is none yet.
    func replace(with new: String) throws(WorkflowError) {
        /// `RENAME_EXCHANGE` of `linux/fs.h`.
        let exchange: UInt32 = 2
        if rename(new, path) == 0 { return }
        guard errno == ENOTEMPTY || errno == EEXIST else { throw .unwritable(path: path, code: errno) }
        if renameat2(AT_FDCWD, new, AT_FDCWD, path, exchange) == 0 { return }
        guard errno == EINVAL || errno == ENOSYS else { throw .unwritable(path: path, code: errno) }
        // A file system that cannot exchange (NFS): for a moment there is no metadata.
        let old = "\(new).old"
        guard rename(path, old) == 0, rename(new, path) == 0 else { throw .unwritable(path: path, code: errno) }
    }
}

/// Keeps publishers of one repository apart; released when it goes, and by the system when its process does.
final class RepositoryLock {
    private let descriptor: Int32

    /// Waits for the lock; calls `waiting` once where somebody else has it.
    init(_ repository: String, waiting: () -> Void) throws {
        guard access(repository, F_OK) == 0 else { throw PublishError.noDirectory(path: repository) }
        let path = "\(repository)/.conda-rpm.lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw WorkflowError.unwritable(path: path, code: errno) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        waiting()
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw WorkflowError.unwritable(path: path, code: errno) }
        }
    }

    deinit { close(descriptor) }
}
