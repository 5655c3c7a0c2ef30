import FoundationEssentials
import Glibc

/// What lies in a folder and in the folders below it.
package enum FolderTree {
    /// The paths from the folder on, sorted: `a`, `a/b`, `c`; links are not followed, and what cannot be read is empty.
    package static func paths(below folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.sorted().flatMap { name in
            let place = "\(folder)/\(name)"
            return [name] + (isFolder(place) ? paths(below: place).map { "\(name)/\($0)" } : [])
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }
}
