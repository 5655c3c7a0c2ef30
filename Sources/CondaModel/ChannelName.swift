/// How the channel of a MatchSpec relates to the channel of a record, and what of a URL may be shown.
package enum ChannelName {
    /// Where channels without a scheme are looked for when nothing else is configured (CEP 26).
    package static let defaultAlias = "https://conda.anaconda.org"

    /// The channels that the name `defaults` stands for on Linux.
    package static let defaultsMembers = ["pkgs/main", "pkgs/r", "pkgs/msys2"]

    /// A URL without `user:password@` and without `/t/TOKEN`, wherever in the path it stands.
    ///
    /// Other texts and the paths of `file://` stay as they are.
    package static func withoutCredentials(_ url: String) -> String {
        guard let scheme = url.firstRange(of: "://") else { return url }
        let afterScheme = url[scheme.upperBound...]
        let hostEnd = afterScheme.firstIndex { "/?#".contains($0) } ?? afterScheme.endIndex
        let authority = afterScheme[..<hostEnd]
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        let path = afterScheme[hostEnd...]
        let isLocal = url.lowercased().hasPrefix("file://")
        return url[..<scheme.upperBound] + host + (isLocal ? String(path) : withoutToken(path))
    }

    /// What an RPM says of a channel in a folder, of a package in one, or of a requirement that names one.
    ///
    /// The folders above the channel are the build machine's affair: of `file:///home/me/chan/noarch/a-1-0.conda` it says
    /// `file:///chan/noarch/a-1-0.conda`. Other texts stay as they are.
    package static func withoutFolders(_ text: String) -> String {
        guard text.lowercased().hasPrefix("file://") else { return text }
        if let end = text.firstRange(of: "::") {
            return withoutFolders(String(text[..<end.lowerBound])) + text[end.lowerBound...]
        }
        let parts = text.dropFirst("file://".count).split(separator: "/")
        let isPackage = parts.last.map { $0.hasSuffix(".conda") || $0.hasSuffix(".tar.bz2") } ?? false
        return "file:///" + parts.suffix(isPackage ? 3 : 1).joined(separator: "/")
    }

    /// Removes the token of anaconda.org and its kin: the part after a path's first `t`.
    ///
    /// A mirror with a token of its own stands before another server's path and token; then all from the first to the last
    /// token goes, so that what is left has none.
    private static func withoutToken(_ path: Substring) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let markers = parts.indices.dropLast().filter { parts[$0] == "t" }
        guard let first = markers.first, let last = markers.last else { return String(path) }
        return (parts[..<first] + parts[(last + 2)...]).joined(separator: "/")
    }

    /// Whether a record's channel, a canonical name or URL, is the one that a spec names.
    ///
    /// A URL names one place. A bare name matches the channel of that name below any host, as in conda: people write
    /// `conda-forge::numpy` and fetch from a mirror. The name `defaults` matches its members.
    package static func matches(spec: String, channel: String) -> Bool {
        if spec == channel { return true }
        let wanted = shortened(spec)
        let candidate = shortened(channel)
        if wanted == candidate { return true }
        if wanted.contains("://") { return false }
        let name = pathName(candidate)
        return name == wanted || (wanted == "defaults" && defaultsMembers.contains(String(name)))
    }

    /// The URL and the names that a record's channel goes by; an expression may be about any of them.
    static func forms(of channel: String) -> [String] {
        let short = shortened(channel)
        return [channel, String(short), String(pathName(short))]
    }

    /// The name of a channel below the default alias, or the text itself without slashes at its end.
    private static func shortened(_ text: String) -> Substring {
        var rest = text[...]
        while rest.last == "/" { rest.removeLast() }
        guard rest.hasPrefix(defaultAlias + "/") else { return rest }
        return rest.dropFirst(defaultAlias.count + 1)
    }

    /// What conda takes for the name of a channel that is given as a URL: the path, of a local one its last component.
    private static func pathName(_ channel: Substring) -> Substring {
        guard let scheme = channel.firstRange(of: "://") else { return channel }
        let rest = channel[scheme.upperBound...]
        guard let slash = channel[..<scheme.lowerBound] == "file" ? rest.lastIndex(of: "/") : rest.firstIndex(of: "/")
        else { return "" }
        return rest[rest.index(after: slash)...]
    }
}

extension StringProtocol {
    /// The first place where a short text stands.
    func firstRange(of needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
