/// Logins by host, from `$NETRC` or `~/.netrc`.
package struct Netrc: Sendable {
    private var hosts: [String: Credentials] = [:]
    private var fallback: Credentials?

    /// Knows no host.
    package init() {}

    static func load(environment: [String: String]) throws(ChannelError) -> Netrc {
        let named = environment["NETRC"].flatMap { $0.isEmpty ? nil : $0 }
        guard let path = named ?? environment["HOME"].map({ "\($0)/.netrc" }), let stamp = try stampOfFile(path),
            stamp.size < 1 << 20
        else { return Netrc() }
        // A netrc that this user may not read is one that was not meant for this program.
        guard let file = try? File.reading(path), let bytes = try? file.bytes(at: 0, count: Int(stamp.size)) else {
            return Netrc()
        }
        return Netrc(String(decoding: bytes, as: UTF8.self))
    }

    /// Reads `machine HOST login USER password SECRET` and `default`; macros are skipped.
    init(_ text: String) {
        var words = tokens(of: text)[...]
        var host: String?
        var entry: Credentials?
        func store(into netrc: inout Netrc) {
            guard let entry else { return }
            if let host { if netrc.hosts[host] == nil { netrc.hosts[host] = entry } } else { netrc.fallback = entry }
        }
        while let word = words.popFirst() {
            switch word {
            case "machine":
                store(into: &self)
                (host, entry) = (words.popFirst()?.lowercased(), Credentials())
            case "default":
                store(into: &self)
                (host, entry) = (nil, Credentials())
            case "login": entry?.user = words.popFirst()
            case "password": entry?.password = words.popFirst()
            case "account": _ = words.popFirst()
            default: break
            }
        }
        store(into: &self)
    }

    func credentials(for host: String) -> Credentials? {
        let found = hosts[host.lowercased()] ?? fallback
        return found?.isEmpty == false ? found : nil
    }

    /// Words between blanks; double quotes hold a word together; `#` at a word's beginning starts a comment; a
    /// macro ends at a blank line.
    private func tokens(of text: String) -> [String] {
        var words: [String] = []
        var inMacro = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if inMacro {
                inMacro = !line.allSatisfy(\.isWhitespace)
                continue
            }
            var rest = line.drop(while: \.isWhitespace)
            while let first = rest.first, first != "#" || words.last == "password" {
                if first == "\"" {
                    words.append(String(rest.dropFirst().prefix { $0 != "\"" }))
                    rest = rest.dropFirst().drop { $0 != "\"" }.dropFirst()
                } else {
                    words.append(String(rest.prefix { !$0.isWhitespace }))
                    rest = rest.drop { !$0.isWhitespace }
                }
                if words.last == "macdef" {
                    inMacro = true
                    break
                }
                rest = rest.drop(while: \.isWhitespace)
            }
        }
        return words
    }
}
