import Glibc

/// A user that a child runs as, for good and without any of this program's powers.
package struct ChildIdentity: Sendable, Hashable {
    package let user: uid_t
    package let group: gid_t
    /// All groups that the child is in, its own among them.
    package let groups: [gid_t]

    package init(user: uid_t, group: gid_t, groups: [gid_t] = []) {
        self.user = user
        self.group = group
        self.groups = groups.contains(group) ? groups : [group] + groups
    }

    /// The problem of a child that could not become a user whom its user namespace does not have.
    ///
    /// Root of such a namespace is an ordinary user outside of it.
    static let notMapped = "this user namespace has no such user"
}

extension PrefixError {
    /// Whether a child could not start because the user namespace has no such user.
    package var isOfUnmappedUser: Bool {
        if case .cannotRun(_, ChildIdentity.notMapped) = self { true } else { false }
    }
}
