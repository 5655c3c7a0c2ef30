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

    static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    }

    static func parent(of path: String) -> String {
        String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    }

    private static func target(of path: String) -> String? {
        try? FileManager.default.destinationOfSymbolicLink(atPath: path)
    }
}
