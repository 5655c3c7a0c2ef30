import Foundation
import Synchronization
import Testing

/// An HTTP/1.1 server on a free port of the loopback, which answers exactly what a test tells it to, lies included.
///
/// A path that no test has set up is answered with 599 and recorded as a failure of the test.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        let path: String
        var headers: [String: String]
        var method = "GET"
        var body: [UInt8] = []
    }

    struct Reply: Sendable {
        var status = 200
        var headers: [String: String] = [:]
        var body: [UInt8] = []
        /// What the head claims; nil says the truth.
        var claimedLength: Int?
        /// Closes the connection after so many bytes of the body.
        var cutAfter: Int?
        /// Waits before every piece of 8 KiB.
        var pause = Duration.zero
        /// Says nothing more after the body, however much was claimed.
        var stalls = false

        static func text(_ text: String, headers: [String: String] = [:]) -> Reply {
            Reply(headers: headers, body: Array(text.utf8))
        }
        static func status(_ status: Int, headers: [String: String] = [:]) -> Reply {
            Reply(status: status, headers: headers)
        }
    }

    typealias Handler = @Sendable (Request) -> Reply

    private struct State {
        var handlers: [String: Handler] = [:]
        var requests: [Request] = []
        var unexpected: [String] = []
        /// Open sockets, for the end.
        var connections: Set<Int32> = []
    }

    private let state = Mutex(State())
    private let listener: Int32
    let port: Int

    private init() throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 128) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        guard listener >= 0, isBound else { throw POSIXError(.EADDRNOTAVAIL) }
    }

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { state.withLock { $0.requests } }
    func requests(for path: String) -> [Request] { requests.filter { $0.path == path } }

    /// Sets what a path is answered with.
    func on(_ path: String, _ handler: @escaping Handler) { state.withLock { $0.handlers[path] = handler } }
    func on(_ path: String, _ reply: Reply) { on(path) { _ in reply } }

    /// Runs a test with a server and checks afterwards that nothing unexpected was asked for.
    static func run<Value>(_ body: (LoopbackServer) async throws -> Value) async throws -> Value {
        let server = try LoopbackServer()
        Thread.detachNewThread { server.accept() }
        defer { server.close() }
        let value = try await body(server)
        let unexpected = server.state.withLock { $0.unexpected }
        #expect(unexpected.isEmpty, "requests that no test set up: \(unexpected)")
        return value
    }

    private func accept() {
        while true {
            let connection = Glibc.accept(listener, nil, nil)
            guard connection >= 0 else { return }
            state.withLock { _ = $0.connections.insert(connection) }
            Thread.detachNewThread { [self] in
                Connection(server: self, socket: connection).serve()
                state.withLock { _ = $0.connections.remove(connection) }
                Glibc.close(connection)
            }
        }
    }

    private func close() {
        state.withLock { for connection in $0.connections { shutdown(connection, Int32(SHUT_RDWR)) } }
        shutdown(listener, Int32(SHUT_RDWR))
        Glibc.close(listener)
    }

    fileprivate func reply(to request: Request) -> Reply {
        let handler = state.withLock { state in
            state.requests.append(request)
            if state.handlers[request.path] == nil { state.unexpected.append(request.path) }
            return state.handlers[request.path]
        }
        return handler?(request) ?? .status(599)
    }

    /// Answers a file with `Range`, `If-Range`, `ETag` and conditional requests as a good server does.
    static func file(_ bytes: [UInt8], etag: String? = "\"v1\"", headers: [String: String] = [:]) -> Handler {
        { request in
            var reply = Reply(headers: headers, body: bytes)
            if let etag {
                reply.headers["ETag"] = etag
                if request.headers["if-none-match"] == etag { return .status(304, headers: reply.headers) }
            }
            guard let range = request.headers["range"], request.headers["if-range"].map({ $0 == etag }) ?? true,
                let start = Int(range.dropFirst("bytes=".count).prefix { $0 != "-" })
            else { return reply }
            if start >= bytes.count { return .status(416) }
            reply.status = 206
            reply.headers["Content-Range"] = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
            reply.body = Array(bytes[start...])
            return reply
        }
    }
}

/// Reads requests, with bodies of a stated length or in chunks, and writes replies byte by byte as told.
private final class Connection {
    private let server: LoopbackServer
    private let socket: Int32
    private var received: [UInt8] = []

    init(server: LoopbackServer, socket: Int32) { (self.server, self.socket) = (server, socket) }

    /// Until one of both sides has enough.
    func serve() {
        while let request = request(), send(server.reply(to: request)) {}
    }

    private func request() -> LoopbackServer.Request? {
        let blank = Array("\r\n\r\n".utf8)
        while received.firstRange(of: blank) == nil { guard receive() else { return nil } }
        guard let end = received.firstRange(of: blank) else { return nil }
        let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self).split(separator: "\r\n")
        received.removeFirst(end.upperBound)
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        var request = LoopbackServer.Request(path: words.count > 1 ? words[1] : "", headers: [:])
        request.method = words.first ?? ""
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            request.headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        let length = request.headers["content-length"].flatMap { Int($0) } ?? 0
        while received.count < length { guard receive() else { return nil } }
        request.body = Array(received.prefix(length))
        received.removeFirst(length)
        return request
    }

    private func receive() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        let count = recv(socket, &buffer, buffer.count, 0)
        received += buffer.prefix(max(0, count))
        return count > 0
    }

    /// Gives false when the connection is to be closed, or is.
    private func send(_ reply: LoopbackServer.Reply) -> Bool {
        var head = "HTTP/1.1 \(reply.status) Status\r\n"
        for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
        if reply.status != 304 { head += "Content-Length: \(reply.claimedLength ?? reply.body.count)\r\n" }
        guard send(Array((head + "\r\n").utf8)[...]) else { return false }
        if reply.status == 304 { return true }
        var rest = reply.body.prefix(reply.cutAfter ?? .max)
        while !rest.isEmpty {
            let piece = reply.pause == .zero ? rest : rest.prefix(8192)
            guard send(piece) else { return false }
            rest = rest.dropFirst(piece.count)
            if reply.pause != .zero { usleep(UInt32(reply.pause / .microseconds(1))) }
        }
        return reply.stalls || (reply.cutAfter == nil && (reply.claimedLength ?? 0) <= reply.body.count)
    }

    private func send(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
