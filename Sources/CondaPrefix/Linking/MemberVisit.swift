import CondaArchive

extension PackagePlan {
    /// Visits the symbolic links with their paths below the prefix and their texts.
    func forEachLink(_ body: (RelativePath, [UInt8]) -> Void) throws(PrefixError) {
        switch contents {
        case .archive(let archive):
            try visit(archive) { (member, index, _) throws(PrefixError) in
                if case .symlink(let target) = member.kind { body(tasks[index].target, target) }
            }
        case .directory(let package):
            for task in tasks {
                try PrefixError.writing { () throws(DirectoryError) in
                    guard try package.directory.status(task.source)?.kind == .symbolicLink else { return }
                    body(task.target, try package.directory.symbolicLinkTarget(task.source))
                }
            }
        }
    }

    /// Visits the members of the archive that the package's list names, in the order of the archive.
    ///
    /// What the list does not name is not part of the package (CEP 34).
    /// - Parameters:
    ///   - archive: the package's.
    ///   - threads: threads that unpack a `.tar.bz2` file.
    ///   - body: gets the member, its index in `tasks`, and its contents.
    func visit(
        _ archive: CondaArchive, threads: Int = 1,
        _ body: (ArchiveMember, Int, inout MemberContents) throws(PrefixError) -> Void
    ) throws(PrefixError) {
        do {
            try archive.forEachMember(threads: threads) { member, contents in
                guard let index = taskOfSource[member.location] else { return }
                try body(member, index, &contents)
            }
        } catch {
            throw PrefixError(error)
        }
    }
}
