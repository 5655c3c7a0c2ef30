import AsyncHTTPClient
import Glibc
import NIOCore
import NIOSSL

/// The settings in the words of async-http-client; nothing else of the configuration knows it.
extension NetworkSettings {
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
        configuration.proxy = proxy.described
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

extension ProxyChoice {
    /// The proxy as the client takes it; nil for none.
    fileprivate var described: HTTPClient.Configuration.Proxy? {
        switch self {
        case .direct: return nil
        case .socks(let host, let port): return .socksServer(host: host, port: port)
        case .server(let host, let port, let login):
            guard let login = login?.reveal() else { return .server(host: host, port: port) }
            return .server(
                host: host, port: port,
                authorization: .basic(username: login.user ?? "", password: login.password ?? ""))
        }
    }
}
