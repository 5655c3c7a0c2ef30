import CondaPrefix
import Glibc
import ServiceRelease

/// Whom checks and health run as: the service's user, an unprivileged one where there is none, root only where the manifest
/// says so (`rpm.check_user`); this program's own user where that is not root.
struct CheckUser: Sendable {
    /// The user's name, for messages; nil: whoever runs this program.
    let name: String?
    private let account: Account?
    /// Is told why it is another one than it should be.
    private let events: @Sendable (HostEvent) -> Void

    /// The unprivileged user of hosts without one of this name: systemd's and every distribution's number of today.
    private static let nobody = Account(name: "nobody", user: 65534, group: 65534)

    /// - Parameter caller: the user who runs this program.
    /// - Throws: `HostError.noSuchUser`.
    init(
        _ release: Release, caller: uid_t = geteuid(), events: @escaping @Sendable (HostEvent) -> Void = { _ in }
    ) throws(HostError) {
        self.events = events
        guard caller == 0, release.checkUser != "root" else {
            (name, account) = (nil, nil)
            return
        }
        let account: Account
        if let wanted = release.checkUser {
            guard let found = Account.find(wanted) else { throw .noSuchUser(name: wanted, isRoot: false) }
            account = found
        } else {
            account = Account.find("nobody") ?? Self.nobody
        }
        guard account.user != 0 else { throw .noSuchUser(name: account.name, isRoot: true) }
        (name, self.account) = (account.name, account)
    }

    /// Whether it has all of root's powers.
    var isRoot: Bool { account == nil && geteuid() == 0 }

    /// The variables that a login sets, below those of the activation.
    var variables: [String: String] {
        guard let account else { return ["HOME": "/"] }
        return ["HOME": account.home, "USER": account.name, "LOGNAME": account.name]
    }

    /// Runs a command as this user.
    ///
    /// Root of a user namespace that has no such user is an ordinary user outside of it, and runs the command himself.
    func run(_ command: Command) throws -> Command.Result {
        guard let account else { return try command.run() }
        var own = command
        own.identity = ChildIdentity(user: account.user, group: account.group, groups: account.groups)
        do {
            return try own.run()
        } catch let error as PrefixError where error.isOfUnmappedUser {
            events(.warning("this user namespace has no user \(account.name): checks run as its root"))
            return try command.run()
        } catch PrefixError.cannotRun(let program, let problem) {
            throw PrefixError.cannotRun(program, problem: "\(problem), as \(account.name)")
        }
    }
}
