/// Timeouts, retries, TLS and proxies, from `.condarc` and the environment.
package struct NetworkSettings: Sendable {
    /// What a server's certificate is checked against.
    package enum Trust: Sendable, Hashable {
        /// The system's certificates.
        case system
        /// A PEM file or a folder of hashed certificates.
        case path(String)
        /// Nothing is checked (`ssl_verify: false`).
        case anything
    }

    /// Client certificate and key, PEM files; one file may hold both.
    package struct ClientCertificate: Sendable, Hashable {
        let certificate: String
        let key: String
    }

    /// `ssl_verify`.
    package var trust: Trust = .system
    /// `client_ssl_cert` and `client_ssl_cert_key`.
    package var clientCertificate: ClientCertificate?
    /// The file of logins by host, `$NETRC` or `~/.netrc`; nil for none.
    package var netrc: String?
    /// `proxy_servers` and the `*_proxy` variables.
    package var proxies = ProxySettings()
    /// Seconds to connect, `remote_connect_timeout_secs`.
    package var connectSeconds = 10
    /// Seconds without a byte, `remote_read_timeout_secs`.
    package var readSeconds = 60
    /// How transient failures are retried, `remote_max_retries`.
    package var retry = RetryPolicy()
}
