/// Reads the channel of a MatchSpec, with a subdir at its end.
struct MatchSpecChannel {
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// Adds the channel and the subdir in `range` to a spec.
    func parse(_ range: Range<Int>, into spec: inout MatchSpec) throws(TextProblem) {
        guard let first = range.first else { return }
        if let offset = range.first(where: { isBlank(bytes[$0]) || "[]=<>".utf8.contains(bytes[$0]) }) {
            throw TextProblem(
                at: offset, expected: "a channel name or URL before '::'",
                found: String(decoding: bytes[offset...], as: UTF8.self).quoted(at: 0))
        }
        do throws(TextProblem) {
            try Self.set(String(decoding: bytes[range], as: UTF8.self), in: &spec)
        } catch {
            throw error.moved(by: first)
        }
    }

    /// Adds `channel` or `channel/subdir` to a spec, without credentials.
    ///
    /// The last component is a subdir only when it is a known one: it could be part of the channel's name.
    static func set(_ text: String, in spec: inout MatchSpec) throws(TextProblem) {
        var channel = ChannelName.withoutCredentials(text)[...]
        while channel.count > 1, channel.last == "/" { channel.removeLast() }
        if !channel.hasPrefix("^"), let slash = channel.lastIndex(of: "/") {
            let subdir = String(channel[channel.index(after: slash)...])
            if Subdir.known.contains(subdir) {
                spec.details.subdir = .exact(subdir)
                channel = channel[..<slash]
            }
        }
        let matcher = try StringMatcher(String(channel))
        // A star stands for characters of a name; a regular expression was checked when it was compiled.
        let name = String(channel.map { $0 == "*" ? "a" : $0 })
        if isName(name), let problem = Identifier.problem(inChannelName: name) { throw problem }
        // Any channel is no condition; `*/linux-64::name` is how a subdir alone is written in front.
        spec.details.channel = matcher.matchesAll ? nil : matcher
    }

    /// Whether a channel is given by its name, not by a URL or a path.
    private static func isName(_ channel: String) -> Bool {
        guard let first = channel.utf8.first else { return false }
        return !channel.contains("://") && !"./~^\\".utf8.contains(first)
    }
}
