import CondaModel
import HostSystem

/// A refusal of an archive: which file, which member, why, and what to do next.
package struct ArchiveError: ActionableError, Equatable {
    /// The path of the archive file.
    package let archive: String

    /// The member that was being read, if one was.
    package let member: String?

    /// What was expected and what was found.
    package let reason: ArchiveFault

    package init(archive: String, member: String? = nil, reason: ArchiveFault) {
        self.archive = archive
        self.member = member
        self.reason = reason
    }

    package var description: String {
        let place = member.map { "\(archive): \($0)" } ?? archive
        return "\(place): \(reason)"
    }

    package var hint: String? { reason.hint }
}
