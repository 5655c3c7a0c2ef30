import FoundationEssentials
import RPMFormat
import ServiceManifest

/// A system user that a service runs as, made before the package's files come where it does not exist.
///
/// It is stated in a file of sysusers.d(5), which systemd reads when an image boots for the first time and from which
/// rpmbuild since 4.19 derives what the package provides; `%pre` makes it on every other host.
struct ServiceUser: Hashable {
    let name: String
    let group: String

    /// The lines of sysusers.d(5).
    ///
    /// Old versions of systemd know no `-:GROUP`; a user alone is in the group of its name everywhere.
    var lines: [String] {
        let line = "u \(name) \(name == group ? "-" : "-:\(group)") \"service user\" /"
        switch (name, group) {
        case ("root", "root"): return []
        case ("root", _): return ["g \(group) -"]
        default: return ["g \(group) -", line]
        }
    }

    /// The lines of all users; the first of a name counts, as for systemd.
    static func lines(_ users: [ServiceUser]) -> [String] {
        var seen: Set<[Substring]> = []
        return users.flatMap(\.lines).filter { seen.insert($0.split(separator: " ").prefix(2).map { $0 }).inserted }
    }

    /// What rpm's own generator provides for these lines: `group(NAME) = ...` and `user(NAME) = ...`.
    ///
    /// rpm 4.19 and later require them of the packages that own a user's files, and make users out of the version, which
    /// is the line itself in base64, filled up with NUL bytes so that no `=` stands at its end (`%add_sysuser`). That
    /// `group(USER)`, too, which it adds whether the user is in such a group or not, is left out.
    static func provides(_ users: [ServiceUser]) -> [RPMDependency] {
        lines(users).map { line in
            let words = line.split(separator: " ", maxSplits: 2)
            return RPMDependency("\(words[0] == "u" ? "user" : "group")(\(words[1]))", .equal, Self.version(line))
        }
    }

    private static func version(_ line: String) -> String {
        let bytes = Array(line.utf8)
        let padding = [UInt8](repeating: 0, count: (3 - bytes.count % 3) % 3)
        return Data(bytes + padding).base64EncodedString()
    }

    /// The shell commands of `%pre`, which may run where there is no /dev/null.
    var commands: String {
        guard !lines.isEmpty else { return "" }
        let words = lines.map { "'\($0)'" }.joined(separator: " ")
        let sysusers = """
            if has_program systemd-sysusers; then
            printf '%s\\n' \(words) | systemd-sysusers - || true
            fi
            [ -n "$(getent group '\(group)')" ] || groupadd --system '\(group)'
            """
        let user = """
            [ -n "$(getent passwd '\(name)')" ] || useradd --system --gid '\(group)' --no-create-home \
            --home-dir / --shell /sbin/nologin --comment 'service user' '\(name)'
            """
        return name == "root" ? sysusers : "\(sysusers)\n\(user)"
    }

    /// The users of a manifest's services, each once, in order, without `root`, which always exists.
    static func of(_ services: [Service], package: String) -> [ServiceUser] {
        var seen: Set<ServiceUser> = []
        return
            services
            .map { ServiceUser(name: $0.user ?? package, group: $0.group ?? $0.user ?? package) }
            .filter { !$0.lines.isEmpty && seen.insert($0).inserted }
    }

    /// The file of sysusers.d(5); nil where there is no user.
    static func unit(_ users: [ServiceUser], package: String) -> UnitFile.Unit? {
        let lines = lines(users)
        guard !lines.isEmpty else { return nil }
        return UnitFile.Unit(
            path: "/usr/lib/sysusers.d/\(package).conf", text: lines.map { $0 + "\n" }.joined())
    }
}
