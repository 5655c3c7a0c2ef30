import HostSystem

extension MatchSpecParser {
    /// The spec of an archive that is given by its URL or absolute path; nil for other texts.
    ///
    /// A URL in a channel's subdir names channel, subdir, name, version and build as well. A digest after `#` is one
    /// as in explicit files (CEP 23).
    func archive(_ range: Range<Int>) throws(TextProblem) -> MatchSpec? {
        let fragment = range.first { bytes[$0] == UInt8(ascii: "#") } ?? range.upperBound
        let location = bytes.trimmed(range.lowerBound..<fragment)
        guard isArchive(location) else { return nil }
        let url = try archiveURL(string(location), at: range.lowerBound)
        var spec = Self.spec(ofArchive: url)
        if fragment < range.upperBound {
            try addDigest(string(fragment + 1..<range.upperBound), at: fragment + 1, to: &spec)
        }
        return spec
    }

    /// Whether a text ends as archives do, and has neither brackets nor a channel before `::`.
    private func isArchive(_ range: Range<Int>) -> Bool {
        let isNamed = ArchiveName.Format.allCases.contains { format in
            let suffix = format.rawValue.utf8
            return range.count > suffix.count && bytes[range].suffix(suffix.count).elementsEqual(suffix)
        }
        guard isNamed, !range.contains(where: { bytes[$0] == UInt8(ascii: "[") }) else { return false }
        return !range.dropFirst().contains { bytes[$0] == UInt8(ascii: ":") && bytes[$0 - 1] == UInt8(ascii: ":") }
    }

    private func archiveURL(_ location: String, at offset: Int) throws(TextProblem) -> String {
        if !location.utf8.contains(where: { $0 < 0x20 || $0 == 0x7f }) {
            if let mark = location.firstRange(of: "://"), isScheme(location[..<mark.lowerBound]) {
                return ChannelName.withoutCredentials(location)
            }
            if location.hasPrefix("/") { return "file://" + location }
        }
        throw TextProblem(
            at: offset, expected: "the URL or absolute path of an archive", found: "'\(location)'",
            hint: "write the path from '/' on, or a file:// URL")
    }

    /// RFC 3986, section 3.1.
    private func isScheme(_ text: Substring) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
    }

    private func addDigest(_ text: String, at offset: Int, to spec: inout MatchSpec) throws(TextProblem) {
        let prefix = "sha256:"
        let isSHA256 = text.hasPrefix(prefix)
        let value = isSHA256 ? String(text.dropFirst(prefix.count)) : text
        let start = offset + (isSHA256 ? prefix.count : 0)
        // In brackets it may be a pattern; here it is the digest of one archive.
        guard !value.utf8.contains(where: { hexadecimalValue($0) == nil }) else {
            throw TextProblem(
                at: start, expected: "a digest of \(isSHA256 ? 64 : 32) hexadecimal digits", found: "'\(value)'")
        }
        do throws(TextProblem) {
            try MatchSpecField.apply(isSHA256 ? "sha256" : "md5", value, to: &spec)
        } catch {
            throw error.moved(by: start)
        }
    }

    /// Whether a text is a build string (CEP 26), which other tools read back in a spec.
    private static func isBuild(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || "_.+".utf8.contains($0) }
    }

    private static func spec(ofArchive url: String) -> MatchSpec {
        let components = url.split(separator: "/", omittingEmptySubsequences: false)
        let fileName = percentDecoded(components.last ?? "")
        var spec = MatchSpec(nameMatcher: .glob(Glob("*")))
        if components.count > 4, let subdir = components.dropLast().last.map(String.init),
            Subdir.known.contains(subdir),
            let archive = ArchiveName(fileName), let version = try? Version(archive.version),
            Identifier.problem(inPackageName: archive.name) == nil, isBuild(archive.build)
        {
            spec = MatchSpec(name: archive.name, version: .exactly(version), build: .exact(archive.build))
            spec.details.channel = .exact(components.dropLast(2).joined(separator: "/"))
            spec.details.subdir = .exact(subdir)
        }
        spec.details.url = .exact(url)
        return spec
    }
}
