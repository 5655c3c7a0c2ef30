/// Which proxy a request takes; the key of a client.
enum ProxyChoice: Hashable, Sendable {
    case direct
    case socks(host: String, port: Int)
    case server(host: String, port: Int, login: Redacted<Credentials>?)
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

    func choice(for url: String) -> ProxyChoice {
        guard let target = ResourceURL(url) else { return .direct }
        let configured = ["\(target.scheme)://\(target.host)", target.scheme, "all://\(target.host)", "all"].lazy
            .compactMap { servers[$0] }
        if let server = configured.first { return ProxySettings.parse(server.reveal()) }
        if isException(target) { return .direct }
        guard let server = environment[target.scheme] ?? environment["all"] else { return .direct }
        return ProxySettings.parse(server.reveal())
    }

    private func isException(_ target: ResourceURL) -> Bool {
        exceptions.contains { exception in
            if exception == "*" { return true }
            let name = exception.hasPrefix("*.") ? exception.dropFirst(2) : exception.drop { $0 == "." }
            return target.authority == name || target.host == name || target.host.hasSuffix(".\(name)")
        }
    }

    private static func parse(_ text: String) -> ProxyChoice {
        let isSocks = text.hasPrefix("socks")
        let rest = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        guard let server = ResourceURL("http://\(rest)") else { return .direct }
        if isSocks { return .socks(host: server.host, port: server.port ?? 1080) }
        let login = server.credentials.reveal().user == nil ? nil : server.credentials
        return .server(host: server.host, port: server.port ?? 8080, login: login)
    }
}
