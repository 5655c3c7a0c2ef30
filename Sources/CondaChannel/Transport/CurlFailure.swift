import CCurl
import CondaModel
import HostSystem

/// What libcurl's codes mean for whoever has to do something about them.
extension CurlHandle {
    /// nil for a transfer that ended well.
    func failure(_ result: CURLcode) -> TransportError? {
        if result == CURLE_OK { return nil }
        if let refusal = proxyRefusal { return refusal }
        if let trust = trustFailure(result) { return trust }
        switch result {
        case CURLE_COULDNT_RESOLVE_HOST:
            return TransportError(reason: "the host name \(host) is not known", isTransient: false)
        case CURLE_COULDNT_RESOLVE_PROXY:
            return TransportError(reason: "the proxy's host name is not known", isTransient: false)
        case CURLE_COULDNT_CONNECT: return TransportError(reason: unconnected, isTransient: true)
        case CURLE_OPERATION_TIMEDOUT: return TransportError(reason: silence, isTransient: true)
        case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_HTTP2,
            CURLE_HTTP2_STREAM, CURLE_SSL_CONNECT_ERROR:
            return TransportError(reason: "the connection was closed early", isTransient: true)
        case CURLE_ABORTED_BY_CALLBACK:
            return TransportError(reason: "the file became shorter while it was sent", isTransient: false)
        case CURLE_READ_ERROR:
            return TransportError(reason: "the netrc file \(network.netrc ?? "") cannot be read", isTransient: false)
        case CURLE_BAD_CONTENT_ENCODING:
            return TransportError(reason: "its Content-Encoding is damaged or not known", isTransient: true)
        default: return TransportError(reason: String(cString: curl_easy_strerror(result)), isTransient: true)
        }
    }

    /// What the proxy answered, when it made no connection for us.
    private var proxyRefusal: TransportError? {
        let status = number(CURLINFO_HTTP_CONNECTCODE)
        guard status >= 400 else { return nil }
        if status == 407 { return TransportError(reason: "the proxy wants credentials", isTransient: false) }
        return TransportError(reason: "the proxy makes no connection (status \(status))", isTransient: status >= 500)
    }

    private func trustFailure(_ result: CURLcode) -> TransportError? {
        let reason: String? =
            switch result {
            case CURLE_PEER_FAILED_VERIFICATION: distrust
            case CURLE_SSL_CERTPROBLEM: clientProblem
            case CURLE_SSL_CACERT_BADFILE: "the file of trusted certificates cannot be used"
            case CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
                "the TLS handshake failed"
            // A server that wants another certificate says so in the handshake, or with the first bytes after it.
            case CURLE_SSL_CONNECT_ERROR where text.contains("alert"), CURLE_RECV_ERROR where text.contains("alert"):
                text.contains("protocol version")
                    ? "it speaks another version of TLS" : "it wants a client certificate that it trusts"
            case CURLE_SSL_CONNECT_ERROR where !text.contains("syscall") && !text.contains("reset"):
                "the TLS handshake failed"
            default: nil
            }
        return reason.map { TransportError(reason: $0, isTransient: false, isTrust: true) }
    }

    private var distrust: String {
        // Names are compared by libcurl itself, after the chain of signatures was found good.
        if text.contains("subject name") { return "its certificate is for another host" }
        // X509_V_ERR_CERT_HAS_EXPIRED
        if number(CURLINFO_SSL_VERIFYRESULT) == 10 { return "its certificate has expired" }
        return "its certificate is not signed by a trusted authority"
    }

    private var clientProblem: String {
        "the client certificate \(network.clientCertificate?.certificate ?? "") or its key cannot be used"
    }

    private var unconnected: String {
        let code = number(CURLINFO_OS_ERRNO)
        let cause = code == 0 ? "no connection could be made" : systemMessage(Int32(code))
        guard let proxy = network.proxies.choice(for: transfer.request.url.reveal()),
            text.contains("to \(proxy.host) port \(proxy.port) ")
        else { return cause }
        return "\(cause) by the proxy \(proxy.host):\(proxy.port)"
    }

    private var silence: String {
        var microseconds: curl_off_t = 0
        guard ccurl_get_size(pointer, CURLINFO_PRETRANSFER_TIME_T, &microseconds) == CURLE_OK, microseconds > 0 else {
            return "the connection timed out"
        }
        return "no data arrived for \(network.readSeconds) s"
    }

    private func number(_ info: CURLINFO) -> Int {
        var value = 0
        return ccurl_get_number(pointer, info, &value) == CURLE_OK ? value : 0
    }

    private var host: String { ResourceURL(transfer.request.url.reveal())?.host ?? "" }

    /// libcurl's own words, in lower case.
    private var text: String { String(cString: problem).lowercased() }
}

extension TransportError {
    static func unreadable(certificates path: String) -> TransportError {
        TransportError(
            reason: "the file \(path) of trusted certificates cannot be read", isTransient: false, isTrust: true)
    }
}
