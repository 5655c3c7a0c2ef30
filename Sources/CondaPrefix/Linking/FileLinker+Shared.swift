import CondaArchive
import CondaModel
import Glibc

extension FileLinker {
    /// Brings one file of an unpacked package into the prefix: by a second name; as a copy where its prefix is replaced,
    /// where it must not be shared, and where the file system cannot share it.
    ///
    /// The directory may have lain there for years and several services use it, so each file is digested first.
    /// - Throws: ``PrefixError/packageDamaged(directory:path:expected:found:)``.
    func link(_ task: LinkTask, from source: SafeDirectory, _ status: FileStatus?) throws(PrefixError) -> LinkedContents
    {
        let origin = Origin(
            mode: ArchiveMember.safe(status?.mode ?? 0o644),
            time: status?.modificationTime ?? FileTime(seconds: 0))
        if let replacement = task.replacement {
            let bytes = try PrefixError.writing { () throws(DirectoryError) in
                try source.read(task.source, limit: Int.max)
            }
            let digest = Self.digest(of: bytes)
            try check(digest, task, source)
            return try linkReplaced(task, bytes, origin, replacement, digest: digest)
        }
        let (digest, size) = try FileDigest.sha256(of: task.source, in: source)
        try check(digest, task, source)
        if task.isWritten {
            let isShared = sharesFiles && !task.listed.noLink ? try share(task, source) : false
            if !isShared { try copy(task, source, origin) }
        }
        return LinkedContents(digest: digest, digestInPrefix: digest, size: size)
    }

    private func check(_ digest: String, _ task: LinkTask, _ source: SafeDirectory) throws(PrefixError) {
        guard let listed = task.listed.sha256, listed != digest else { return }
        throw .packageDamaged(
            directory: source.path, path: task.source.description, expected: listed, found: digest)
    }

    /// What `link(2)` says where a file cannot have another name there: another file system, one without hard links, too
    /// many names already, a file that the kernel protects.
    private static let unshareable: Set<Int32> = [EXDEV, EPERM, EMLINK, ENOTSUP]

    /// - Returns: whether the file has got its second name.
    private func share(_ task: LinkTask, _ source: SafeDirectory) throws(PrefixError) -> Bool {
        do throws(DirectoryError) {
            try directory.createHardLink(task.place, to: task.source, in: source)
            return true
        } catch {
            if case .system(let code) = error.reason, Self.unshareable.contains(code) { return false }
            throw .directory(error)
        }
    }

    private func copy(_ task: LinkTask, _ source: SafeDirectory, _ origin: Origin) throws(PrefixError) {
        try PrefixError.writing { () throws(DirectoryError) in
            let file = try directory.createFile(task.place, mode: origin.mode)
            if try !file.clone(source.openFile(task.source)) {
                try source.read(task.source) { (chunk) throws(DirectoryError) in try file.write(chunk) }
            }
            try file.setModificationTime(clamped(origin.time))
        }
    }
}
