import CondaArchive

extension PackagePlan {
    /// Visits the members of the archive that the package's list names, in the order of the archive.
    ///
    /// What the list does not name is not part of the package (CEP 34).
    /// - Parameters:
    ///   - threads: threads that unpack a `.tar.bz2` file.
    ///   - body: gets the member, its index in `tasks`, and its contents.
    func visit(
        threads: Int = 1, _ body: (ArchiveMember, Int, inout MemberContents) throws(PrefixError) -> Void
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
