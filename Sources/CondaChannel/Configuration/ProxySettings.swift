/// The proxy of a request, in libcurl's words.
struct ProxyChoice: Sendable {
    /// Scheme, login, host and port; secret, because of the login.
    let server: Redacted<String>
    /// Hosts that need none, `no_proxy` as libcurl reads it; empty for none.
    let exceptions: String
    let host: String
    let port: Int
    let hasLogin: Bool

    /// Reads `SCHEME://USER:PASSWORD@HOST:PORT`, of which only the host has to be there; nil without one.
    ///
    /// The scheme is `http` and the port the scheme's own unless they are told, as in conda. `socks` lets the proxy look up
    /// names, as `socks5h` does.
    fileprivate init?(_ text: String, exceptions: String) {
        let mark = text.firstRange(of: "://")
        let scheme = mark.map { text[..<$0.lowerBound].lowercased() } ?? "http"
        let rest = mark.map { text[$0.upperBound...] } ?? text[...]
        guard let server = ResourceURL("http://\(rest)", takingToken: false) else { return nil }
        self.server = Redacted("\(scheme == "socks" ? "socks5h" : scheme)://\(rest)")
        self.exceptions = exceptions
        host = server.host
        port = server.port ?? (scheme.hasPrefix("socks") ? 1080 : scheme == "https" ? 443 : 80)
        hasLogin = server.credentials.reveal().user != nil
    }
}

/// Proxies by scheme or by scheme and host, with the hosts that need none.
///
/// `proxy_servers` of `.condarc` wins over `http_proxy`, `https_proxy` and `all_proxy`; `no_proxy` holds for the
/// variables only, as in conda.
package struct ProxySettings: Sendable, Hashable {
    /// From `.condarc`: keys are `http`, `https`, `all`, or one of them with `://HOST`.
    var servers: [String: Redacted<String>] = [:]
    var environment: [String: Redacted<String>] = [:]
    var exceptions: [String] = []

    /// No proxies at all.
    package init() {}

    /// Reads `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, the upper-case forms second.
    ///
    /// `HTTP_PROXY` is left alone inside CGI (`REQUEST_METHOD` is set), where the client of a request could set it.
    package init(environment variables: [String: String]) {
        for scheme in ["http", "https", "all"] {
            let lower = variables["\(scheme)_proxy"]
            let upper =
                scheme == "http" && variables["REQUEST_METHOD"] != nil ? nil : variables["\(scheme.uppercased())_PROXY"]
            if let value = lower ?? upper, !value.isEmpty { environment[scheme] = Redacted(value) }
        }
        let list = variables["no_proxy"] ?? variables["NO_PROXY"] ?? ""
        exceptions = list.split(separator: ",").map { $0.filter { $0 != " " }.lowercased() }.filter { !$0.isEmpty }
    }

    /// The proxy for a URL; nil for none.
    func choice(for url: String) -> ProxyChoice? {
        guard let target = ResourceURL(url, takingToken: false) else { return nil }
        let configured = ["\(target.scheme)://\(target.host)", target.scheme, "all://\(target.host)", "all"].lazy
            .compactMap { servers[$0] }
        if let server = configured.first { return ProxyChoice(server.reveal(), exceptions: "") }
        guard let server = environment[target.scheme] ?? environment["all"] else { return nil }
        return ProxyChoice(server.reveal(), exceptions: exceptions(for: target))
    }

    /// libcurl compares names, domains and, from 7.86 on, networks; it knows no `*.DOMAIN`, and no ports, which are
    /// compared here.
    private func exceptions(for target: ResourceURL) -> String {
        let port = target.port ?? (target.scheme == "https" ? 443 : 80)
        return exceptions.compactMap { written -> String? in
            let name = written.hasPrefix("*.") ? String(written.dropFirst()) : written
            guard let colon = name.lastIndex(of: ":"), !isAddressOfVersion6(name),
                let wanted = Int(name[name.index(after: colon)...])
            else { return name }
            return wanted == port ? String(name[..<colon]) : nil
        }.joined(separator: ",")
    }

    /// `::1`, without brackets and so without a port, or `[::1]`.
    private func isAddressOfVersion6(_ name: String) -> Bool {
        name.hasSuffix("]") || (!name.hasPrefix("[") && name.count { $0 == ":" } > 1)
    }
}
