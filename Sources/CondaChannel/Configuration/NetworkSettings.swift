import AsyncHTTPClient
import Glibc
import NIOCore
import NIOSSL

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
    /// `proxy_servers` and the `*_proxy` variables.
    package var proxies = ProxySettings()
    /// Seconds to connect, `remote_connect_timeout_secs`.
    package var connectSeconds = 10
    /// Seconds without a byte, `remote_read_timeout_secs`.
    package var readSeconds = 60
    /// How transient failures are retried, `remote_max_retries`.
    package var retry = RetryPolicy()

    func client(proxy: ProxyChoice) throws(TransportError) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(Int64(connectSeconds)), read: .seconds(Int64(readSeconds))),
            decompression: .disabled)
        configuration.tlsConfiguration = try tls()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16
        configuration.connectionPool.idleTimeout = .seconds(20)
        // Retrying is done above, where resuming and the bound on attempts are known.
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.proxy = proxy.proxy
        return configuration
    }

    private func tls() throws(TransportError) -> TLSConfiguration {
        var tls = TLSConfiguration.makeClientConfiguration()
        switch trust {
        case .system: break
        case .path(let path):
            guard access(path, R_OK) == 0 else {
                throw unusable("the file \(path) of trusted certificates cannot be read")
            }
            tls.trustRoots = .file(path)
        case .anything: tls.certificateVerification = .none
        }
        guard let clientCertificate else { return tls }
        do {
            tls.certificateChain = try NIOSSLCertificate.fromPEMFile(clientCertificate.certificate).map {
                .certificate($0)
            }
            tls.privateKey = .privateKey(try NIOSSLPrivateKey(file: clientCertificate.key, format: .pem))
        } catch {
            throw unusable("the client certificate \(clientCertificate.certificate) or its key cannot be used")
        }
        return tls
    }

    private func unusable(_ reason: String) -> TransportError {
        TransportError(reason: reason, isTransient: false, isTrust: true)
    }
}
