extension MatchSpec: CustomStringConvertible {
    /// The canonical form (CEP 29, appendix A).
    ///
    /// Values in brackets are quoted where they need it, as in the examples of the CEP. Build strings keep their case:
    /// conda compares them by case, so a lower-case copy of one would match nothing there.
    package var description: String {
        var brackets: [(String, String)] = []
        let prefix = channelPrefix(&brackets)
        let positional = positionalVersion(&brackets)
        for (key, value) in otherConditions { brackets.append((key, value)) }
        let body = "\(prefix)\(nameMatcher)\(positional)"
        // Without brackets it would be read as the place of an archive.
        let endsAsArchive = ArchiveName.Format.allCases.contains { body.hasSuffix($0.rawValue) }
        if brackets.isEmpty, prefix.isEmpty, endsAsArchive { brackets.append(("name", "\(nameMatcher)")) }
        guard !brackets.isEmpty else { return body }
        return body + "[" + brackets.map { "\($0)=\(Self.quoted($1))" }.joined(separator: ",") + "]"
    }

    private func channelPrefix(_ brackets: inout [(String, String)]) -> String {
        let details = self.details
        guard let channel = details.channel?.exact else {
            if let channel = details.channel, !channel.matchesAll { brackets.append(("channel", "\(channel)")) }
            if let subdir = details.subdir { brackets.append(("subdir", "\(subdir)")) }
            return ""
        }
        guard let subdir = details.subdir else { return "\(channel)::" }
        if let subdir = subdir.exact, Subdir.known.contains(subdir) { return "\(channel)/\(subdir)::" }
        brackets.append(("subdir", "\(subdir)"))
        return "\(channel)::"
    }

    private func positionalVersion(_ brackets: inout [(String, String)]) -> String {
        var positional = ""
        switch version?.root {
        case nil, .clause(.any): break
        case .clause(.equal(let version)):
            positional = "==\(version)"
            if let build = build?.exact { return "\(positional)=\(build)" }
        case .clause(.prefix(let prefix)): positional = "=\(prefix.text)"
        case .some(let root): brackets.append(("version", "\(root)"))
        }
        if let build { brackets.append(("build", "\(build)")) }
        return positional
    }

    private var otherConditions: [(String, String)] {
        let details = self.details
        let conditions: [(String, String?)] = [
            ("build_number", details.buildNumber?.description),
            ("track_features", details.trackFeatures?.joined(separator: " ")),
            ("features", details.features?.joined(separator: " ")),
            ("url", details.url?.description),
            ("md5", details.md5?.description),
            ("sha256", details.sha256?.description),
            ("license", details.license?.description),
            ("license_family", details.licenseFamily?.description),
            ("fn", details.fileName?.description),
        ]
        return conditions.compactMap { key, value in value.map { (key, $0) } }
    }

    /// A value as it stands in brackets.
    private static func quoted(_ value: String) -> String {
        let isPlain = value.utf8.allSatisfy { byte in
            isLetter(byte) || isDigit(byte) || "_.-+*/:%@!".utf8.contains(byte)
        }
        if isPlain, !value.isEmpty, !value.hasPrefix("!") { return value }
        guard value.contains("'") || value.hasSuffix("\\") || value.contains("\\\\") else { return "'\(value)'" }
        let escaped = value.map { $0 == "'" || $0 == "\\" ? "\\\($0)" : String($0) }.joined()
        return "'\(escaped)'"
    }
}
