import CondaModel

/// An absolute `http`, `https` or `file` URL whose printed form has no credentials.
///
/// `user:pass@`, `/t/TOKEN/` and the query are taken apart when the text is parsed. ``description`` and ``text``
/// are built without credentials, so an error or a lock that holds them cannot leak any; a query, which may be a
/// signature, is in ``text`` only.
package struct ResourceURL: Hashable, Sendable, CustomStringConvertible {
    /// Lower-case `http`, `https` or `file`.
    package let scheme: String
    /// `host` or `host:port`; empty for `file`.
    package let authority: String
    /// Percent-encoded as written, begins with `/` or is empty, without token.
    package let path: String
    let query: String?
    let credentials: Redacted<Credentials>

    package var description: String { "\(scheme)://\(authority)\(path)" }

    /// The credential-free URL, with its query.
    package var text: String { query.map { "\(description)?\($0)" } ?? description }

    /// Whether this names a local file.
    package var isFile: Bool { scheme == "file" }

    /// Host without port and without IPv6 brackets.
    var host: String { splitAuthority().host }

    /// The port as written, nil for the scheme's own.
    var port: Int? { splitAuthority().port }

    /// The last component of the path, percent-decoded.
    var fileName: String {
        let slash = path.lastIndex(of: "/")
        return percentDecoded(String(path[(slash.map { path.index(after: $0) } ?? path.startIndex)...]))
    }

    /// The local path that a `file` URL names.
    var filePath: String { percentDecoded(path) }

    init(
        scheme: String, authority: String, path: String, query: String? = nil, credentials: Credentials = Credentials()
    ) {
        self.scheme = scheme
        self.authority = authority
        self.path = path
        self.query = query
        self.credentials = Redacted(credentials)
    }

    /// The URL of an absolute local path.
    init(filePath: String) { self.init(scheme: "file", authority: "", path: percentEncoded(normalizedPath(filePath))) }

    /// Parses an absolute URL; nil when it is none of the three schemes or holds bytes that no URL may hold.
    package init?(_ text: String) { self.init(text, takingToken: true) }

    /// `takingToken` is false for a URL that is about to be requested as it stands, such as the target of a redirect.
    init?(_ text: String, takingToken: Bool) {
        guard let mark = text.firstRange(of: "://"), text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            return nil
        }
        let scheme = text[..<mark.lowerBound].lowercased()
        guard ["http", "https", "file"].contains(scheme) else { return nil }
        var rest = text[mark.upperBound...]
        if let fragment = rest.firstIndex(of: "#") { rest = rest[..<fragment] }
        let question = rest.firstIndex(of: "?")
        let query = question.map { String(rest[rest.index(after: $0)...]) }
        rest = rest[..<(question ?? rest.endIndex)]
        let slash = rest.firstIndex(of: "/") ?? rest.endIndex
        var credentials = Credentials()
        var authority = rest[..<slash]
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            credentials.user = percentDecoded(String(user[0]))
            credentials.password = user.count > 1 ? percentDecoded(String(user[1])) : nil
            authority = authority[authority.index(after: at)...]
        }
        if scheme == "file" {
            guard authority.isEmpty || authority == "localhost", slash != rest.endIndex else { return nil }
            authority = ""
        } else if authority.isEmpty {
            return nil
        }
        var path = String(rest[slash...])
        if takingToken && scheme != "file" { path = ResourceURL.takeToken(from: path, into: &credentials) }
        self.init(
            scheme: scheme, authority: authority.lowercased(), path: path, query: query, credentials: credentials)
    }

    /// Removes the first `/t/TOKEN` from a path; where there are more, because a mirror has a token of its own, all from the
    /// first to the last.
    private static func takeToken(from path: String, into credentials: inout Credentials) -> String {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let markers = parts.indices.dropLast().filter { $0 > 0 && parts[$0] == "t" }
        guard let first = markers.first, let last = markers.last else { return path }
        credentials.token = Credentials.Token(
            value: parts[first + 1...last + 1].joined(separator: "/"), prefix: parts[..<first].joined(separator: "/"))
        return (parts[..<first] + parts[(last + 2)...]).joined(separator: "/")
    }

    /// This URL with one more path component, which is percent-encoded.
    func appending(_ component: String) -> ResourceURL {
        let base = path.hasSuffix("/") ? String(path.dropLast()) : path
        return with(path: "\(base)/\(percentEncoded(component))")
    }

    /// This URL without its last path component.
    var parent: ResourceURL { with(path: String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])) }

    func with(path: String) -> ResourceURL {
        ResourceURL(scheme: scheme, authority: authority, path: path, credentials: credentials.reveal())
    }

    func with(credentials: Credentials) -> ResourceURL {
        ResourceURL(scheme: scheme, authority: authority, path: path, query: query, credentials: credentials)
    }

    /// Resolves a reference as RFC 3986 section 5 does, for redirects and `base_url` (CEP 15): relative to the last
    /// `/`.
    func resolving(_ reference: String, takingToken: Bool = true) -> ResourceURL? {
        if let mark = reference.firstRange(of: "://"),
            !reference[..<mark.lowerBound].contains(where: { "/?#".contains($0) })
        {
            return ResourceURL(reference, takingToken: takingToken)
        }
        if reference.hasPrefix("//") { return ResourceURL("\(scheme):\(reference)", takingToken: takingToken) }
        guard reference.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return nil }
        let parts = reference.prefix { $0 != "#" }
            .split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? String(parts[1]) : nil
        let target = String(parts.first ?? "")
        let slash = path.lastIndex(of: "/")
        let directory = String(path[..<(slash.map { path.index(after: $0) } ?? path.startIndex)])
        var components: [Substring] = []
        let absolute = target.hasPrefix("/") ? target : (path.isEmpty ? "/" : directory) + target
        let pieces = absolute.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (index, piece) in zip(0..., pieces) {
            let last = index == pieces.count - 1
            if piece == ".." { _ = components.popLast() }
            if piece == "." || piece == ".." {
                if last { components.append("") }
            } else {
                components.append(piece)
            }
        }
        var resolved = "/" + components.joined(separator: "/")
        var known = credentials.reveal()
        if takingToken && !isFile { resolved = ResourceURL.takeToken(from: resolved, into: &known) }
        return ResourceURL(scheme: scheme, authority: authority, path: resolved, query: query, credentials: known)
    }

    /// The URL to put on the wire, token included.
    ///
    /// Never print it.
    func revealed() -> String {
        let known = credentials.reveal()
        guard let token = known.token, path.hasPrefix(token.prefix) else { return text }
        let tail = path.dropFirst(token.prefix.count) + (query.map { "?\($0)" } ?? "")
        return "\(scheme)://\(authority)\(token.prefix)/t/\(token.value)\(tail)"
    }

    private func splitAuthority() -> (host: String, port: Int?) {
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            let port = authority[authority.index(after: end)...].dropFirst()
            return (String(authority[authority.index(after: authority.startIndex)..<end]), Int(port))
        }
        let parts = authority.split(separator: ":", maxSplits: 1)
        return (String(parts.first ?? ""), parts.count > 1 ? Int(parts[1]) : nil)
    }
}
