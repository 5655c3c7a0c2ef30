import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// The real transport: async-http-client, one client per proxy, made when first needed so that `file://` costs no
/// threads.
final class HTTPTransport: Transport {
    private let network: NetworkSettings
    private let clients = Mutex<[ProxyChoice: HTTPClient]>([:])

    init(network: NetworkSettings) { self.network = network }

    func get(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        try await send(request, HTTPClientRequest(url: request.url.reveal()))
    }

    func put(_ request: TransportRequest, _ body: UploadBody) async throws(TransportError) -> TransportResponse {
        var outgoing = HTTPClientRequest(url: request.url.reveal())
        outgoing.method = .PUT
        outgoing.body = .stream(body, length: .known(body.size))
        return try await send(request, outgoing)
    }

    private func send(
        _ request: TransportRequest, _ prepared: HTTPClientRequest
    ) async throws(TransportError) -> TransportResponse {
        var outgoing = prepared
        for (name, value) in request.headers { outgoing.headers.add(name: name, value: value.reveal()) }
        do {
            let proxy = network.proxies.choice(for: request.url.reveal())
            let response = try await client(for: proxy).execute(outgoing, timeout: .hours(24))
            var headers: [String: String] = [:]
            for (name, value) in response.headers {
                headers[name.lowercased(), default: ""] += (headers[name.lowercased()] == nil ? "" : ", ") + value
            }
            return TransportResponse(status: Int(response.status.code), headers: headers, body: response.body)
        } catch {
            throw failure(whileReading: error)
        }
    }

    func failure(whileReading error: any Error) -> TransportError {
        if let known = error as? TransportError { return known }
        if error is CancellationError { return TransportError(reason: "cancelled", isTransient: false) }
        if let client = error as? HTTPClientError { return describe(client) }
        if let trust = trustFailure(error) { return trust }
        if let connection = error as? NIOConnectionError {
            if let cause = connection.connectionErrors.first?.error { return failure(whileReading: cause) }
            return TransportError(reason: "the host name \(connection.host) is not known", isTransient: false)
        }
        if let input = error as? IOError {
            return TransportError(reason: systemMessage(input.errnoCode), isTransient: true)
        }
        return TransportError(reason: "\(type(of: error))", isTransient: true)
    }

    /// BoringSSL tells its reasons only as text.
    private func trustFailure(_ error: any Error) -> TransportError? {
        guard error is NIOSSLError || error is BoringSSLError || error is NIOSSLExtraError else { return nil }
        let text = "\(error)"
        let reason =
            if text.contains("CERTIFICATE_VERIFY_FAILED") {
                "its certificate is not signed by a trusted authority"
            } else if error is NIOSSLExtraError {
                "its certificate is for another host"
            } else if text.contains("CERTIFICATE_REQUIRED") || text.contains("HANDSHAKE_FAILURE") {
                "it wants a client certificate that it trusts"
            } else {
                "the TLS handshake failed"
            }
        return TransportError(reason: reason, isTransient: false, isTrust: true)
    }

    private func describe(_ error: HTTPClientError) -> TransportError {
        switch error {
        case .connectTimeout: TransportError(reason: "the connection timed out", isTransient: true)
        case .readTimeout: TransportError(reason: "no data arrived for \(network.readSeconds) s", isTransient: true)
        case .remoteConnectionClosed: TransportError(reason: "the connection was closed early", isTransient: true)
        case .cancelled: TransportError(reason: "cancelled", isTransient: false)
        case .proxyAuthenticationRequired: TransportError(reason: "the proxy wants credentials", isTransient: false)
        case .httpProxyHandshakeTimeout: TransportError(reason: "the proxy did not answer in time", isTransient: true)
        default: TransportError(reason: error.shortDescription, isTransient: true)
        }
    }

    private func client(for proxy: ProxyChoice) throws(TransportError) -> HTTPClient {
        let network = network
        let made = clients.withLock { clients -> Result<HTTPClient, TransportError> in
            if let client = clients[proxy] { return .success(client) }
            do throws(TransportError) {
                let client = HTTPClient(
                    eventLoopGroupProvider: .singleton, configuration: try network.client(proxy: proxy))
                clients[proxy] = client
                return .success(client)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    func close() async {
        let open = clients.withLock { clients in
            defer { clients = [:] }
            return Array(clients.values)
        }
        for client in open { try? await client.shutdown() }
    }
}
