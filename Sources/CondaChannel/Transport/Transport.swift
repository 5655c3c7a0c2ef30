/// One request, ready for the wire: token and login included.
struct TransportRequest: Sendable {
    /// What goes along with a request, and by which method.
    enum Content: Sendable {
        /// GET, with nothing.
        case none
        /// PUT of one body.
        case put(UploadBody)
        /// POST of one body.
        case post(UploadBody)
        /// POST of a form, as `multipart/form-data` (RFC 7578).
        case form([FormPart])
    }

    /// Secret, because it may hold a token.
    let url: Redacted<String>
    /// Lower-case names; may hold a secret.
    var headers: [String: Redacted<String>] = [:]
    /// Who asks.
    var login = TransportLogin.anonymous
    var content = Content.none
    /// Whether the server may compress its answer for the wire (`Content-Encoding`).
    ///
    /// What is compressed already gains nothing by it, and only what is not can be taken up again in the middle.
    var allowsCompression = false
}

/// Who a request comes from, as far as the server itself wants to know (RFC 7617); a proxy's login is the proxy's own.
enum TransportLogin: Sendable {
    case anonymous
    case password(Redacted<Credentials>)
    /// Whom the netrc file has for the host, if any.
    case netrc
}

extension Credentials {
    /// For a server: the user's password; where there is only a token, nobody; else whom the netrc file has.
    var login: TransportLogin {
        if user != nil { return .password(Redacted(self)) }
        return token == nil ? .netrc : .anonymous
    }
}

/// Status and headers, and a body still to be read.
struct TransportResponse: Sendable {
    let status: Int
    /// Lower-case names; of repeated headers the values are joined by `, `.
    let headers: [String: String]
    /// Whether what `Content-Encoding` says has been undone: `Content-Length` is not there then, and ranges count other bytes.
    let isDecoded: Bool
    let body: ResponseBody
}

/// A request got no usable response; `reason` holds no URL and no credentials.
struct TransportError: Error, Hashable {
    /// What a person can act on: refused, timed out, certificate, closed in the middle.
    let reason: String
    /// Whether another attempt may succeed.
    let isTransient: Bool
    /// Whether certificates are the reason, the server's or the client's.
    var isTrust = false

    static let cancelled = TransportError(reason: "cancelled", isTransient: false)
}

/// Performs single HTTP requests: no redirects, retries or caching, which stand above it and are the same for every
/// transport.
protocol Transport: Sendable {
    /// Sends a request and returns when the headers of the answer are there.
    func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse
    /// Closes connections. Call once, when nothing is under way.
    func close() async
}
