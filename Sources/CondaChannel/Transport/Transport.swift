import NIOCore

/// Bytes of a response as they arrive, with back-pressure: the next piece is read when it is asked for.
typealias ResponseBody = any AsyncSequence<ByteBuffer, any Error> & Sendable

/// One request, ready for the wire: token and authorization included.
struct TransportRequest: Sendable {
    /// Secret, because it may hold a token.
    let url: Redacted<String>
    /// Lower-case names; may hold an authorization.
    var headers: [String: Redacted<String>] = [:]
}

/// Status and headers, and a body still to be read.
struct TransportResponse: Sendable {
    let status: Int
    /// Lower-case names; of repeated headers the values are joined by `, `.
    let headers: [String: String]
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
}

/// Performs single HTTP requests: no redirects, retries or caching, which stand above it and are the same for every
/// transport.
protocol Transport: Sendable {
    /// Sends a GET and returns when the headers are there.
    func get(_ request: TransportRequest) async throws(TransportError) -> TransportResponse
    /// Sends a PUT with a body and returns when the headers of the answer are there.
    func put(_ request: TransportRequest, _ body: UploadBody) async throws(TransportError) -> TransportResponse
    /// Translates an error thrown while a body was read.
    func failure(whileReading error: any Error) -> TransportError
    /// Closes connections. Call once, when nothing is under way.
    func close() async
}
