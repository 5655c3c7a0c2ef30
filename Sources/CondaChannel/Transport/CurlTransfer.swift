import Synchronization

/// One request on its way, where two sides meet: libcurl's thread, which brings the answer, and the task that takes it.
final class CurlTransfer: Sendable {
    let request: TransportRequest
    /// Whether `Content-Encoding` is undone.
    let decodes: Bool
    private let state = Mutex(State())

    /// Bytes that wait to be taken before libcurl pauses.
    private static let limit = 1 << 20
    /// Bytes of an answer that nobody wants which are let through, so that the connection can serve the next request.
    private static let spared = 64 << 10

    private struct State {
        var status = 0
        var headers: [String: String] = [:]
        var received: [UInt8] = []
        /// Whether the last header was followed by the body, or the end.
        var hasHead = false
        var outcome: Result<Void, TransportError>?
        var isPaused = false
        var spared: Int?
        /// The loop that this transfer is in.
        var loop: CurlLoop?
        /// Whether something came since the task looked.
        var hasNews = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    init(_ request: TransportRequest, decodes: Bool = true) {
        self.request = request
        self.decodes = decodes
    }

    /// The `Content-Encoding` of the answer; nil as long as there is none, and where nothing is undone.
    var encoding: String? { decodes ? state.withLock { $0.headers["content-encoding"] } : nil }

    // MARK: The task's side

    /// Waits for status and headers.
    func response() async throws(TransportError) -> TransportResponse {
        try await awaited { state in
            if case .failure(let error) = state.outcome, !state.hasHead { return .failure(error) }
            guard state.hasHead || state.outcome != nil else { return nil }
            return .success(self.response(state))
        }
    }

    private func response(_ state: State) -> TransportResponse {
        var headers = state.headers
        let isDecoded = decodes && !["", "identity"].contains(headers["content-encoding", default: ""].lowercased())
        if isDecoded { headers["content-length"] = nil }
        return TransportResponse(
            status: state.status, headers: headers, isDecoded: isDecoded, body: ResponseBody(self))
    }

    /// Waits for bytes of the body; nil at its end.
    func piece() async throws(TransportError) -> [UInt8]? {
        try await awaited { state in
            if !state.received.isEmpty {
                let piece = state.received
                state.received = []
                if state.isPaused { state.loop?.resume(self) }
                state.isPaused = false
                return .success(piece)
            }
            return state.outcome.map { $0.map { nil } }
        }
    }

    /// Ends the transfer, if it is not ended.
    func cancel() {
        let loop = state.withLock { state in
            if state.outcome == nil { state.outcome = .failure(.cancelled) }
            return state.loop
        }
        signal()
        loop?.end(self)
    }

    /// Nobody wants more of the answer.
    func abandon() {
        let (isPaused, loop) = state.withLock { state in
            state.received = []
            state.spared = CurlTransfer.spared
            defer { state.isPaused = false }
            return (state.isPaused, state.outcome == nil ? state.loop : nil)
        }
        if isPaused { loop?.resume(self) }
    }

    /// Looks at the state again whenever something came, until `look` gives an answer or the task is cancelled.
    private func awaited<Value: Sendable>(
        _ look: @Sendable (inout State) -> Result<Value, TransportError>?
    ) async throws(TransportError) -> Value {
        let found = await withTaskCancellationHandler {
            while true {
                if let found = state.withLock({ look(&$0) }) { return found }
                await news()
            }
        } onCancel: {
            cancel()
        }
        return try found.get()
    }

    private func news() async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if !state.hasNews { state.waiting = continuation }
                defer { state.hasNews = false }
                return state.hasNews
            }
            if isThere { continuation.resume() }
        }
    }

    private func signal() {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            if state.waiting == nil { state.hasNews = true }
            return state.waiting
        }
        waiting?.resume()
    }

    // MARK: The loop's side

    func isAdded(to loop: CurlLoop) { state.withLock { $0.loop = loop } }

    /// Takes one line of the headers.
    ///
    /// A proxy's answer, or one that asks for a login, may come before the one that counts.
    func receive(header line: String) {
        state.withLock { state in
            if line.hasPrefix("HTTP/") {
                state.status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
                state.headers = [:]
            } else if let colon = line.firstIndex(of: ":") {
                let name = line[..<colon].lowercased()
                let value = String(line[line.index(after: colon)...].trimmed)
                state.headers[name] = state.headers[name].map { "\($0), \(value)" } ?? value
            }
        }
    }

    /// What becomes of bytes of the body.
    enum Reception { case taken, paused, unwanted }

    func receive(_ bytes: UnsafeRawBufferPointer) -> Reception {
        let reception = state.withLock { state -> Reception in
            state.hasHead = true
            if state.outcome != nil { return .unwanted }
            if let spared = state.spared {
                state.spared = spared - bytes.count
                return bytes.count > spared ? .unwanted : .taken
            }
            if state.received.count >= CurlTransfer.limit {
                state.isPaused = true
                return .paused
            }
            if state.received.isEmpty { state.received.reserveCapacity(bytes.count) }
            state.received.append(contentsOf: bytes)
            return .taken
        }
        signal()
        return reception
    }

    /// Says how it ended; what was said before stays.
    func finish(_ outcome: Result<Void, TransportError>) {
        state.withLock { state in
            if case .success = outcome { state.hasHead = true }
            if state.outcome == nil { state.outcome = outcome }
            state.loop = nil
        }
        signal()
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var rest = drop(while: \.isWhitespace)
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
