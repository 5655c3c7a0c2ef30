import CondaModel
import FoundationEssentials

/// What the URL of an archive tells: the channel, the subdir, the file name.
package enum ArchiveLocation {
    /// The last part of a URL's path, without query and fragment, percent-decoded.
    package static func fileName(of url: String) -> String {
        let last = String(splitLast(path(of: url)).last)
        guard last.utf8.contains(UInt8(ascii: "%")) else { return last }
        return last.removingPercentEncoding ?? last
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

    /// Replaces `$NAME` and `${NAME}` by a variable's value; unknown variables stay as they are.
    package static func expandingVariables(in text: String, _ variables: [String: String]) -> String {
        guard text.contains("$") else { return text }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[dollar...]
            let (reference, name) = variableReference(at: rest)
            result += name.flatMap { variables[$0] } ?? String(rest.prefix(reference))
            rest = rest.dropFirst(reference)
        }
        return result + rest
    }

    /// The length and the name of the reference at a dollar sign; a lone dollar sign is one character without a name.
    private static func variableReference(at text: Substring) -> (length: Int, name: String?) {
        let afterDollar = text.dropFirst()
        let isBraced = afterDollar.first == "{"
        let name = (isBraced ? afterDollar.dropFirst() : afterDollar).prefix {
            $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber))
        }
        guard !name.isEmpty else { return (1, nil) }
        guard isBraced else { return (1 + name.count, String(name)) }
        guard afterDollar.dropFirst(1 + name.count).first == "}" else { return (1, nil) }
        return (name.count + 3, String(name))
    }
}
