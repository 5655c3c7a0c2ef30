extension MatchSpecParser {
    /// The spec of an archive that is given by its URL or absolute path; nil for other texts.
    ///
    /// A URL in a channel's subdir names channel, subdir, name, version and build as well. A digest after `#` is one
    /// as in explicit files (CEP 23).
    func archive(_ range: Range<Int>) throws(TextProblem) -> MatchSpec? {
        let text = string(range)
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard let location = parts.first.map({ trailingBlanksDropped($0) }),
            ArchiveName.Format.allCases.contains(where: { location.hasSuffix($0.rawValue) }),
            !location.contains("["), !location.contains("::")
        else { return nil }
        let url = try archiveURL(location, at: range.lowerBound)
        var spec = Self.spec(ofArchive: url)
        if parts.count == 2 { try addDigest(parts[1], at: range.lowerBound + parts[0].utf8.count + 1, to: &spec) }
        return spec
    }

    private func trailingBlanksDropped(_ text: Substring) -> Substring {
        var text = text
        while text.last == " " { text.removeLast() }
        return text
    }

    private func archiveURL(_ location: Substring, at offset: Int) throws(TextProblem) -> String {
        if location.contains("://") { return ChannelName.withoutCredentials(String(location)) }
        if location.hasPrefix("/") { return "file://" + location }
        throw TextProblem(
            at: offset, expected: "the URL or absolute path of an archive", found: "'\(location)'",
            hint: "write the path from '/' on, or a file:// URL")
    }

    private func addDigest(_ text: Substring, at offset: Int, to spec: inout MatchSpec) throws(TextProblem) {
        let prefix = "sha256:"
        let isSHA256 = text.hasPrefix(prefix)
        let value = isSHA256 ? String(text.dropFirst(prefix.count)) : String(text)
        do throws(TextProblem) {
            try MatchSpecField.apply(isSHA256 ? "sha256" : "md5", value, to: &spec)
        } catch {
            throw error.moved(by: offset + (isSHA256 ? prefix.count : 0))
        }
    }

    private static func spec(ofArchive url: String) -> MatchSpec {
        let components = url.split(separator: "/", omittingEmptySubsequences: false)
        let fileName = percentDecoded(components.last ?? "")
        var spec = MatchSpec(nameMatcher: .glob(Glob("*")))
        if components.count > 4, let subdir = components.dropLast().last.map(String.init),
            Subdir.known.contains(subdir),
            let archive = ArchiveName(fileName), let version = try? Version(archive.version),
            Identifier.problem(inPackageName: archive.name) == nil
        {
            spec = MatchSpec(name: archive.name, version: .exactly(version), build: .exact(archive.build))
            spec.details.channel = .exact(components.dropLast(2).joined(separator: "/"))
            spec.details.subdir = .exact(subdir)
        }
        spec.details.url = .exact(url)
        return spec
    }

    /// A path component with `%21` and the like replaced by what they stand for.
    private static func percentDecoded(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2, digits.allSatisfy({ isDigit($0) || isLetter($0) }),
                let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
