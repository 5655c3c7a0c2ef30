/// The directories that come and go with a package's own files.
///
/// A directory above a file belongs to the package unless the base system or another package has it anyway. rpm
/// removes an owned directory only when the last owner goes and it is empty, so owning one too many in common is
/// harmless; owning a system's own directory is not, because installing would set its mode.
enum OwnedDirectories {
    /// The directories to own for `paths`, parents first.
    static func above(_ paths: [String]) -> [String] {
        let all = Set(paths.flatMap(ancestors))
        return all.filter { !isShared($0) }.sorted()
    }

    /// Every directory above a path, without `/`.
    private static func ancestors(_ path: String) -> [String] {
        let components = path.split(separator: "/").dropLast()
        return components.indices.map { "/" + components[...$0].joined(separator: "/") }
    }

    private static func isShared(_ directory: String) -> Bool {
        let depth = directory.split(separator: "/").count
        if depth == 1 || directory.hasSuffix(".d") { return true }
        if depth == 2, ["/usr/", "/var/", "/run/"].contains(where: directory.hasPrefix) { return true }
        return sharedTrees.contains { directory == $0 || directory.hasPrefix($0 + "/") } || shared.contains(directory)
    }

    /// Trees in which many packages put single files at depths of their own.
    private static let sharedTrees = [
        "/etc/systemd", "/etc/pki", "/etc/ssl", "/etc/security", "/etc/xdg", "/etc/selinux", "/usr/lib/systemd",
        "/usr/lib/firewalld", "/usr/share/man", "/usr/share/bash-completion", "/usr/share/zsh", "/usr/share/selinux",
        "/usr/local", "/var/spool/cron",
    ]

    private static let shared: Set<String> = [
        "/etc/sysconfig", "/etc/default", "/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly",
        "/etc/cron.monthly", "/etc/opt", "/etc/profile", "/etc/skel", "/usr/share/doc", "/usr/share/licenses",
        "/usr/share/applications", "/usr/share/icons", "/usr/share/locale", "/usr/share/pixmaps",
    ]
}
