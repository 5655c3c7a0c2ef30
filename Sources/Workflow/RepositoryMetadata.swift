import CLinux
import FoundationEssentials
import Glibc
import ServicePackaging

/// The `repodata` directory of a repository.
struct RepositoryMetadata {
    let path: String

    /// Copies the metadata for createrepo_c to bring up to date, so that what others have added (`modifyrepo_c`: groups,
    /// advisories, modules) stays in it.
    ///
    /// Generations before the one that `repomd.xml` names stay behind, and so does the signature of the old index.
    /// Copies and no links: the files may be another user's, and createrepo_c may write into what it finds.
    func copy(to new: String) throws(WorkflowError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let parts = parts
        guard !names.isEmpty else { return }
        guard mkdir(new, 0o755) == 0 else { throw .unwritable(path: new, code: errno) }
        for name in names where name != "repomd.xml.asc" && (parts.contains(name) || !Self.isGenerated(name)) {
            try copy(name, to: new)
        }
    }

    /// The options of createrepo_c that say again what the index has as tags.
    var tagOptions: [String] {
        (try? FileContents.read("\(path)/repomd.xml")).map(RepositoryTags.options) ?? []
    }

    /// Copies what the metadata consists of now into the new.
    ///
    /// A host that has read the old `repomd.xml` still finds what it names. The names hold digests, so none stands for
    /// two contents.
    func keepPreviousGeneration(in new: String) throws(WorkflowError) {
        for name in parts where access("\(new)/\(name)", F_OK) != 0 && access("\(path)/\(name)", F_OK) == 0 {
            try copy(name, to: new)
        }
    }

    /// Lets everyone read it, whatever the umask was.
    func makeReadable() throws(WorkflowError) {
        for place in [path] + FolderTree.paths(below: path).map({ "\(path)/\($0)" }) {
            var status = stat()
            guard lstat(place, &status) == 0 else { throw .unwritable(path: place, code: errno) }
            let kind = status.st_mode & S_IFMT
            guard kind == S_IFDIR || kind == S_IFREG else { continue }
            guard chmod(place, kind == S_IFDIR ? 0o755 : 0o644) == 0 else {
                throw .unwritable(path: place, code: errno)
            }
        }
    }

    /// Exchanges this directory with another in one step, or gives the other its name where there is none yet.
    ///
    /// The other has to stand beside this one: a directory of another user's cannot be given another parent.
    func replace(with new: String) throws(WorkflowError) {
        /// `RENAME_EXCHANGE` of `linux/fs.h`.
        let exchange: UInt32 = 2
        if rename(new, path) == 0 { return }
        guard errno == ENOTEMPTY || errno == EEXIST else { throw .unwritable(path: path, code: errno) }
        if renameat2(AT_FDCWD, new, AT_FDCWD, path, exchange) == 0 { return }
        guard errno == EINVAL || errno == ENOSYS else { throw .unwritable(path: path, code: errno) }
        // A file system that cannot exchange (NFS): for a moment there is no metadata.
        let old = "\(new).old"
        guard rename(path, old) == 0 else { throw .unwritable(path: path, code: errno) }
        guard rename(new, path) == 0 else {
            let code = errno
            rename(old, path)
            throw .unwritable(path: path, code: code)
        }
    }

    private func copy(_ name: String, to new: String) throws(WorkflowError) {
        do {
            try FileManager.default.copyItem(atPath: "\(path)/\(name)", toPath: "\(new)/\(name)")
        } catch {
            throw .unreadable(path: "\(path)/\(name)", reason: error.systemReason)
        }
    }

    /// The names of the files that `repomd.xml` names.
    private var parts: Set<String> {
        guard let index = try? String(contentsOfFile: "\(path)/repomd.xml", encoding: .utf8) else { return [] }
        let names = index.split(separator: "href=\"repodata/", omittingEmptySubsequences: false).dropFirst()
            .map { String($0.prefix { $0 != "\"" }) }
        return Set(names.filter { !$0.isEmpty && !$0.contains("/") })
    }

    /// Whether a file is part of a generation, by its name: a digest before it, or one of those that are always made.
    private static func isGenerated(_ name: String) -> Bool {
        let digest = name.prefix { $0.isHexDigit }
        if digest.count >= 32, name.dropFirst(digest.count).first == "-" { return true }
        return ["primary", "filelists", "other"].contains { name.hasPrefix("\($0).") || name.hasPrefix("\($0)_") }
    }
}

/// The tags of `repomd.xml`, which createrepo_c forgets unless it is told them again.
private enum RepositoryTags {
    /// The options that say them; none where the document is no XML.
    static func options(_ index: [UInt8]) -> [String] {
        var options: [String] = []
        var platform: String?
        let isWhole = XMLDocument.read(index) { event in
            switch event {
            case .start(_, let attributes): platform = attributes["cpeid"]
            case .end("content", let text): options.append("--content=\(text)")
            case .end("repo", let text): options.append("--repo=\(text)")
            case .end("distro", let text): options.append("--distro=\(platform.map { "\($0)," } ?? "")\(text)")
            case .end: break
            }
        }
        return isWhole ? options : []
    }
}

/// Keeps publishers of one repository apart; released when it goes, and by the system when its process does.
final class RepositoryLock {
    private let descriptor: Int32

    /// Waits for the lock; calls `waiting` once where somebody else has it.
    init(_ repository: String, waiting: () -> Void) throws {
        guard access(repository, F_OK) == 0 else { throw PublishError.noDirectory(path: repository) }
        let path = "\(repository)/.conda-rpm.lock"
        descriptor = try Self.opened(path)
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        waiting()
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw PublishError.lock(path: path, code: errno) }
        }
    }

    /// Opens the lock, which belongs to everyone who may write the directory: publishers may be several users.
    private static func opened(_ path: String) throws(PublishError) -> Int32 {
        let made = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        if made >= 0 {
            // The umask has taken from it.
            fchmod(made, 0o666)
            return made
        }
        guard errno == EEXIST else { throw .lock(path: path, code: errno) }
        // Without O_CREAT, which the kernel refuses for another user's file in a directory with the sticky bit.
        var found = open(path, O_RDWR | O_CLOEXEC)
        if found < 0, errno == EACCES || errno == EPERM || errno == EROFS { found = open(path, O_RDONLY | O_CLOEXEC) }
        guard found >= 0 else { throw .lock(path: path, code: errno) }
        return found
    }

    deinit { close(descriptor) }
}
