import CondaModel

/// From what a user writes to a place, and back to the shortest name that says the same.
extension ChannelConfiguration {
    func expand(_ written: String, depth: Int) throws(ChannelError) -> [Channel] {
        let text = expandingVariables(in: written, environment)
        guard depth < 8 else { throw .invalidChannel(written, reason: "its multichannels name each other") }
        if let several = customMultichannels[text] ?? (text == "defaults" ? defaultChannels : nil) {
            var channels: [Channel] = []
            for name in several { channels += try expand(name, depth: depth + 1) }
            return channels
        }
        let location = try location(of: text, written: written)
        return [Channel(name: canonicalName(of: location), location: location)]
    }

    private func location(of text: String, written: String) throws(ChannelError) -> ResourceURL {
        if text.contains("://") {
            guard let url = ResourceURL(text) else {
                throw .invalidChannel(redacting(written), reason: "it is no http, https or file URL")
            }
            return withoutSubdir(url.isFile ? ResourceURL(filePath: url.filePath) : trimmed(url))
        }
        if text.hasPrefix("/") || text.hasPrefix("./") || text.hasPrefix("../") || text == "." || text == ".." {
            return withoutSubdir(ResourceURL(filePath: text.hasPrefix("/") ? text : "\(workingDirectory)/\(text)"))
        }
        if text.hasPrefix("~/"), let home = environment["HOME"] {
            return ResourceURL(filePath: home + text.dropFirst())
        }
        try validate(text, written: written)
        // A slash at the end of a name says nothing.
        guard !text.hasSuffix("/") || text.count == 1 else {
            return try location(of: String(text.dropLast()), written: written)
        }
        let first = String(text.prefix { $0 != "/" })
        for key in [text, first] {
            guard let place = customChannels[key] else { continue }
            let base = try configuredURL(place, key: key)
            return trimmed(base).appending(text)
        }
        return trimmed(channelAlias).appending(text)
    }

    private func configuredURL(_ place: String, key: String) throws(ChannelError) -> ResourceURL {
        if place.hasPrefix("/") { return ResourceURL(filePath: place) }
        guard let url = ResourceURL(place) else {
            throw .invalidChannel(key, reason: "its place in the configuration is no http, https or file URL")
        }
        return url
    }

    /// CEP 26: letters, digits, `_ . -`, and `/` for labels.
    private func validate(_ text: String, written: String) throws(ChannelError) {
        let allowed = text.utf8.allSatisfy { byte in
            switch UInt8(byte) {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "_.-/:+".utf8.contains(byte)
            }
        }
        guard !text.isEmpty, allowed else {
            throw .invalidChannel(written, reason: "a name has letters, digits, '_', '.', '-' and '/' only")
        }
    }

    /// The text after the alias or a custom channel's place, else the URL without credentials.
    func canonicalName(of location: ResourceURL) -> String {
        let url = location.description
        for (name, place) in customChannels.sorted(by: { $0.key < $1.key }) {
            guard let base = ResourceURL(place) ?? (place.hasPrefix("/") ? ResourceURL(filePath: place) : nil) else {
                continue
            }
            let full = trimmed(base).appending(name).description
            if url == full || url.hasPrefix(full + "/") { return name + url.dropFirst(full.count) }
        }
        let alias = trimmed(channelAlias).description + "/"
        return url.hasPrefix(alias) ? String(url.dropFirst(alias.count)) : url
    }

    private func trimmed(_ url: ResourceURL) -> ResourceURL {
        var path = url.path[...]
        while path.hasSuffix("/") { path = path.dropLast() }
        return url.with(path: String(path))
    }

    /// A channel URL that ends in a subdirectory means the channel itself.
    private func withoutSubdir(_ url: ResourceURL) -> ResourceURL {
        guard let slash = url.path.lastIndex(of: "/"),
            Subdir.known.contains(String(url.path[url.path.index(after: slash)...]))
        else { return url }
        return url.with(path: String(url.path[..<slash]))
    }

    /// What may be shown of a text that might hold credentials but does not parse.
    private func redacting(_ text: String) -> String {
        guard let mark = text.firstRange(of: "://") else { return text }
        return text[..<mark.upperBound] + "..."
    }
}
