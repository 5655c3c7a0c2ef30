import FoundationEssentials
import Glibc

/// A user of this host, as passwd(5) and group(5) have it.
///
/// The tool is linked statically and has no name service: it reads the files, and for users who are elsewhere (LDAP) it
/// asks the host's own `getent`.
struct Account: Sendable, Hashable {
    let name: String
    let user: uid_t
    let group: gid_t
    /// All groups of the user that /etc/group names, beside his own.
    var groups: [gid_t] = []
    let home: String

    init(name: String, user: uid_t, group: gid_t, home: String = "/") {
        self.name = name
        self.user = user
        self.group = group
        self.home = home
    }

    /// Reads a line of passwd(5); nil for what is none.
    init?(_ line: Substring) {
        let fields = line.split(separator: ":", omittingEmptySubsequences: false)
        guard fields.count == 7, !fields[0].isEmpty, let user = uid_t(fields[2]), let group = gid_t(fields[3]) else {
            return nil
        }
        self.init(
            name: String(fields[0]), user: user, group: group, home: fields[5].hasPrefix("/") ? String(fields[5]) : "/")
    }

    /// Finds a user by his name.
    ///
    /// - Parameter folder: where `passwd` and `group` are.
    static func find(_ name: String, in folder: String = "/etc") -> Account? {
        guard
            var account = lines("\(folder)/passwd").lazy.compactMap(Account.init).first(where: { $0.name == name })
                ?? asked(for: name)
        else { return nil }
        account.groups = lines("\(folder)/group").compactMap { line in
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count == 4, fields[3].split(separator: ",").contains(where: { $0 == name }) else { return nil }
            return gid_t(fields[2])
        }
        return account
    }

    /// The name of a user, as far as /etc/passwd has it.
    static func name(of user: uid_t, in folder: String = "/etc") -> String? {
        lines("\(folder)/passwd").lazy.compactMap(Account.init).first { $0.user == user }?.name
    }

    /// What `getent` says of a user, where the host has one.
    private static func asked(for name: String) -> Account? {
        let question = Command("getent", ["passwd", name])
        guard question.isThere, let answer = try? question.run(), answer.succeeded else { return nil }
        return answer.output.split(separator: "\n").lazy.compactMap(Account.init).first { $0.name == name }
    }

    private static func lines(_ path: String) -> [Substring] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
    }
}
