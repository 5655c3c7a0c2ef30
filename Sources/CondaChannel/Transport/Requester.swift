import CondaModel

/// Why one attempt gave nothing.
enum AttemptFailure: Error {
    /// Another attempt may succeed. `progressed` says that this one brought new bytes, so the count of attempts
    /// begins anew.
    case transient(reason: String, retryAfter: Int? = nil, progressed: Bool = false)
    case permanent(ChannelError)

    /// The error to end with.
    var permanentError: ChannelError {
        if case .permanent(let error) = self { error } else { .cancelled }
    }
}

/// Requests with everything that stands above a transport: credentials, mirrors, redirects, retries.
struct Requester: Sendable {
    let transport: any Transport
    let credentials: CredentialStore
    let mirrors: Mirrors
    let retry: RetryPolicy
    let events: ChannelEventHandler

    private static let redirectLimit = 10

    /// Calls `body` for each place that may serve `url`, and again after transient failures, until one attempt
    /// succeeds.
    ///
    /// - Throws: the first place's error when all fail.
    func attempting<Result>(
        _ url: ResourceURL, for work: ChannelEvent.Work,
        _ body: (ResourceURL) async throws(AttemptFailure) -> Result
    ) async throws(ChannelError) -> Result {
        var first: ChannelError?
        for place in mirrors.places(for: url) {
            do {
                return try await attempting(at: place, for: work, body)
            } catch .cancelled {
                throw .cancelled
            } catch {
                if case .diskFull = error { throw error }
                if case .fileSystem = error { throw error }
                first = first ?? error
            }
        }
        throw first ?? .notFound(url: url.description)
    }

    private func attempting<Result>(
        at place: ResourceURL, for work: ChannelEvent.Work, _ body: (ResourceURL) async throws(AttemptFailure) -> Result
    ) async throws(ChannelError) -> Result {
        var failures = 0
        var total = 0
        while true {
            if Task.isCancelled { throw .cancelled }
            let failure: AttemptFailure
            do throws(AttemptFailure) { return try await body(place) } catch { failure = error }
            guard case .transient(let reason, let retryAfter, let progressed) = failure else {
                throw failure.permanentError
            }
            failures = progressed ? 1 : failures + 1
            total += 1
            // A server that hands out a few bytes per connection must end too.
            if failures >= max(1, retry.attempts) || total >= 100 {
                throw .unreachable(url: place.description, attempts: total, reason: reason)
            }
            events(.retrying(work, attempt: total + 1, reason: reason))
            do {
                try await Task.sleep(for: retry.pause(after: failures, retryAfter: retryAfter))
            } catch {
                throw .cancelled
            }
        }
    }

    /// Sends one GET and follows redirects.
    ///
    /// Returns 2xx, 304, 404 and the like; transient statuses and refusals are failures.
    ///
    /// - Parameter compressed: whether the answer may be compressed for the wire; then it cannot be resumed.
    func get(
        _ url: ResourceURL, headers: [String: String] = [:], compressed: Bool = false
    ) async throws(AttemptFailure) -> TransportResponse {
        let (origin, login) = try known(url)
        var current = origin
        for _ in 0..<Requester.redirectLimit {
            var request = request(current, headers)
            request.allowsCompression = compressed
            // Credentials stay with the place that they were given for (RFC 9110, section 15.4).
            let isAtHome = current.scheme == origin.scheme && current.authority == origin.authority
            request.login = isAtHome ? login : current.ownLogin
            let response = try await send(request, for: url)
            guard [301, 302, 303, 307, 308].contains(response.status) else { return try judged(response, url) }
            guard let location = response.headers["location"],
                let next = current.resolving(location, takingToken: false),
                !next.isFile, !(current.scheme == "https" && next.scheme == "http")
            else {
                let reason = "it redirects to no usable place"
                throw .permanent(.unreachable(url: url.description, attempts: 1, reason: reason))
            }
            current = next
        }
        throw .permanent(.unreachable(url: url.description, attempts: 1, reason: "it redirects in circles"))
    }

    /// Sends a body to a place, which is asked for by its own name: redirects are not followed.
    func send(
        _ content: TransportRequest.Content, to url: ResourceURL, headers: [String: String]
    ) async throws(AttemptFailure) -> TransportResponse {
        let (place, login) = try known(url)
        var request = request(place, headers)
        (request.login, request.content) = (login, content)
        return try await send(request, for: url)
    }

    /// A URL as it goes over the wire, and who asks there.
    private func known(_ url: ResourceURL) throws(AttemptFailure) -> (place: ResourceURL, login: TransportLogin) {
        let known = credentials.authenticated(url)
        guard let place = ResourceURL(known.revealed(), takingToken: false) else {
            throw .permanent(.invalidChannel(url.description, reason: "it cannot be requested"))
        }
        return (place, known.credentials.reveal().login)
    }

    private func request(_ url: ResourceURL, _ headers: [String: String]) -> TransportRequest {
        var request = TransportRequest(url: Redacted(url.text), headers: headers.mapValues { Redacted($0) })
        request.headers["user-agent"] = Redacted("conda-rpm")
        return request
    }

    private func send(_ request: TransportRequest, for url: ResourceURL) async throws(AttemptFailure)
        -> TransportResponse
    {
        do {
            return try await transport.send(request)
        } catch {
            throw failure(error, url)
        }
    }

    /// A transport's error while a request or a body was under way.
    func failure(_ error: any Error, _ url: ResourceURL, progressed: Bool = false) -> AttemptFailure {
        if let known = error as? AttemptFailure { return known }
        if let known = error as? ChannelError { return .permanent(known) }
        if Task.isCancelled { return .permanent(.cancelled) }
        let cause = error as? TransportError ?? TransportError(reason: "\(type(of: error))", isTransient: true)
        if cause.isTrust { return .permanent(.untrusted(url: url.description, reason: cause.reason)) }
        if cause.isTransient { return .transient(reason: cause.reason, progressed: progressed) }
        return .permanent(.unreachable(url: url.description, attempts: 1, reason: cause.reason))
    }

    private func judged(_ response: TransportResponse, _ url: ResourceURL) throws(AttemptFailure) -> TransportResponse {
        switch response.status {
        case 200...299, 304, 404, 410, 416: return response
        case let status where RetryPolicy.isTransient(status):
            let wait = response.headers["retry-after"].flatMap { Int($0) }
            throw .transient(reason: "status \(status)", retryAfter: wait)
        default: throw .permanent(.refused(url: url.description, status: response.status))
        }
    }
}

extension ResourceURL {
    /// The login that stands in the URL itself, such as one of a redirect's target.
    fileprivate var ownLogin: TransportLogin {
        credentials.reveal().user == nil ? .anonymous : .password(credentials)
    }
}
