import CondaModel

/// What the URL of an archive tells: the channel, the subdir, the file name.
package enum ArchiveLocation {
    /// The last part of a URL's path, without query and fragment, percent-decoded.
    package static func fileName(of url: String) -> String {
        percentDecoded(splitLast(path(of: url)).last)
    }

    /// The channel and the subdir of `CHANNEL/SUBDIR/FILE`; `nil` when the folder is not named like a subdir.
    package static func channel(of url: String) -> (channel: String, subdir: Subdir)? {
        let (folder, file) = splitLast(path(of: url))
        let (channel, name) = splitLast(folder)
        guard !file.isEmpty, !channel.isEmpty, let subdir = Subdir(rawValue: String(name)) else { return nil }
        return (String(channel), subdir)
    }

    /// A URL up to its query or fragment.
    private static func path(of url: String) -> Substring {
        let end = url.utf8.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }
        return url[..<(end ?? url.endIndex)]
    }

    /// A path's last part and what stands before its slash.
    private static func splitLast(_ path: Substring) -> (rest: Substring, last: Substring) {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return ("", path) }
        return (path[..<slash], path[path.utf8.index(after: slash)...])
    }
}
