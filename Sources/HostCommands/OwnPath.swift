import FoundationEssentials
import Glibc

/// Where this program stands.
///
/// Not the path that /proc/self/exe has: there may be no /proc, and directories that are links stay links this way. A
/// service whose home leads to another disk is addressed by the name that its files know.
enum OwnPath {
    /// The path that `execve` was given; a shell has looked it up on `PATH` before.
    @TaskLocal static var executed: String?

    /// The folders in which the program may stand, the likeliest first.
    static var folders: [String] {
        let paths = [executed.map(absolute), target(of: "/proc/self/exe")]
        return paths.compactMap(\.self).map { parent(of: file($0)) }
    }

    /// Follows a file that is a link, such as /usr/bin/orders-release, until it is none.
    static func file(_ path: String) -> String {
        var path = path
        // As many as the kernel follows.
        for _ in 0..<40 {
            guard let next = target(of: path) else { break }
            path = next.hasPrefix("/") ? next : "\(parent(of: path))/\(next)"
        }
        return path
    }

    /// The path from the root, without steps that stay where they are; only one that goes up has its links resolved, as
    /// what is above a link tells nothing of what is above its target.
    static func absolute(_ path: String) -> String {
        let whole = path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
        let parts = whole.split(separator: "/").filter { $0 != "." }
        guard parts.contains("..") else { return "/" + parts.joined(separator: "/") }
        guard let resolved = realpath(whole, nil) else { return whole }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    static func parent(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    private static func target(of path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }
}
