import CCurl
import CondaModel
import Glibc

/// The settings in libcurl's words; nothing else of the configuration knows them.
extension CurlHandle {
    func setLogin() throws(TransportError) {
        switch transfer.request.login {
        case .anonymous: break
        case .password(let login):
            try set(CURLOPT_HTTPAUTH, ccurl_basic_authentication())
            try set(CURLOPT_USERNAME, login.reveal().user ?? "")
            try set(CURLOPT_PASSWORD, login.reveal().password ?? "")
        case .netrc:
            guard let file = network.netrc else { return }
            try set(CURLOPT_NETRC, Int(CURL_NETRC_OPTIONAL.rawValue))
            try set(CURLOPT_NETRC_FILE, file)
        }
    }

    /// Limits for silence, none for size.
    func setPatience() throws(TransportError) {
        try set(CURLOPT_CONNECTTIMEOUT, network.connectSeconds)
        try set(CURLOPT_LOW_SPEED_LIMIT, 1)
        try set(CURLOPT_LOW_SPEED_TIME, network.readSeconds)
    }

    func setTrust() throws(TransportError) {
        switch network.trust {
        case .system: break
        case .path(let path): try trust(path)
        case .anything:
            for option in [
                CURLOPT_SSL_VERIFYPEER, CURLOPT_SSL_VERIFYHOST, CURLOPT_PROXY_SSL_VERIFYPEER,
                CURLOPT_PROXY_SSL_VERIFYHOST,
            ] { try set(option, 0) }
        }
        guard let client = network.clientCertificate else { return }
        try set(CURLOPT_SSLCERT, client.certificate)
        try set(CURLOPT_SSLKEY, client.key)
    }

    /// Trusts a file of certificates, or a folder of hashed ones, and nothing else.
    private func trust(_ path: String) throws(TransportError) {
        guard access(path, R_OK) == 0 else { throw .unreadable(certificates: path) }
        let isFolder = opendir(path).map { closedir($0) == 0 } ?? false
        for (file, folder) in [(CURLOPT_CAINFO, CURLOPT_CAPATH), (CURLOPT_PROXY_CAINFO, CURLOPT_PROXY_CAPATH)] {
            try set(file, isFolder ? nil : path)
            try set(folder, isFolder ? path : nil)
        }
    }

    func setProxy() throws(TransportError) {
        let choice = network.proxies.choice(for: transfer.request.url.reveal())
        // An empty text keeps libcurl from looking at the environment, where we have looked in conda's way.
        try set(CURLOPT_PROXY, choice?.server.reveal() ?? "")
        try set(CURLOPT_NOPROXY, choice?.exceptions ?? "")
        guard let choice else { return }
        try set(CURLOPT_PROXYPORT, choice.port)
        // Whatever the proxy asks for; Kerberos needs a name, however empty, to begin with.
        try set(CURLOPT_PROXYAUTH, ccurl_any_authentication())
        if !choice.hasLogin { try set(CURLOPT_PROXYUSERPWD, ":") }
    }
}
