import NIOCore
import NIOPosix
import Synchronization
import Testing

/// An HTTP/1.1 server on a free port of the loopback, which answers exactly what a test tells it to, lies included.
///
/// A path that no test has set up is answered with 599 and recorded as a failure of the test.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        let path: String
        let headers: [String: String]
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
        var pause: TimeAmount = .zero
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
    }

    private let state = Mutex(State())
    private let channel: any NIOCore.Channel

    private init(channel: any NIOCore.Channel) { self.channel = channel }

    var port: Int { channel.localAddress?.port ?? 0 }
    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { state.withLock { $0.requests } }
    func requests(for path: String) -> [Request] { requests.filter { $0.path == path } }

    /// Sets what a path is answered with.
    func on(_ path: String, _ handler: @escaping Handler) { state.withLock { $0.handlers[path] = handler } }
    func on(_ path: String, _ reply: Reply) { on(path) { _ in reply } }

    /// Runs a test with a server and checks afterwards that nothing unexpected was asked for.
    static func run<Value>(_ body: (LoopbackServer) async throws -> Value) async throws -> Value {
        let box = Box()
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Connection(server: box))
                }
            }
        let server = LoopbackServer(channel: try await bootstrap.bind(host: "127.0.0.1", port: 0).get())
        box.server.withLock { $0 = server }
        do {
            let value = try await body(server)
            try await server.channel.close()
            let unexpected = server.state.withLock { $0.unexpected }
            #expect(unexpected.isEmpty, "requests that no test set up: \(unexpected)")
            return value
        } catch {
            try? await server.channel.close()
            throw error
        }
    }

    fileprivate func reply(to request: Request) -> Reply {
        let handler = state.withLock { state in
            state.requests.append(request)
            if state.handlers[request.path] == nil { state.unexpected.append(request.path) }
            return state.handlers[request.path]
        }
        return handler?(request) ?? .status(599)
    }

    fileprivate final class Box: Sendable {
        let server = Mutex<LoopbackServer?>(nil)
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

/// Reads requests, with bodies of a stated length, and writes replies byte by byte as told.
private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let server: LoopbackServer.Box
    private var received: [UInt8] = []

    init(server: LoopbackServer.Box) { self.server = server }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += unwrapInboundIn(data).readableBytesView
        while let end = received.firstRange(of: Array("\r\n\r\n".utf8)) {
            let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
            let length = head.lowercased().firstRange(of: "content-length: ").flatMap {
                Int(head[$0.upperBound...].prefix { $0.isNumber })
            }
            guard received.count >= end.upperBound + (length ?? 0) else { return }
            let body = Array(received[end.upperBound...].prefix(length ?? 0))
            received.removeFirst(end.upperBound + body.count)
            answer(head, body, context)
        }
    }

    private func answer(_ head: String, _ body: [UInt8], _ context: ChannelHandlerContext) {
        let lines = head.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ").map(String.init) ?? []
        let path = words.count > 1 ? words[1] : ""
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        guard let server = server.server.withLock({ $0 }) else { return }
        let request = LoopbackServer.Request(path: path, headers: headers, method: words.first ?? "", body: body)
        send(server.reply(to: request), context)
    }

    private func send(_ reply: LoopbackServer.Reply, _ context: ChannelHandlerContext) {
        var head = "HTTP/1.1 \(reply.status) Status\r\n"
        for (name, value) in reply.headers { head += "\(name): \(value)\r\n" }
        if reply.status != 304 { head += "Content-Length: \(reply.claimedLength ?? reply.body.count)\r\n" }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head + "\r\n")), promise: nil)
        guard reply.status != 304 else { return }
        let body = Array(reply.body.prefix(reply.cutAfter ?? .max))
        let isCut = !reply.stalls && (reply.cutAfter != nil || (reply.claimedLength ?? 0) > reply.body.count)
        send(body[...], pause: reply.pause, closing: isCut, context)
    }

    private func send(_ rest: ArraySlice<UInt8>, pause: TimeAmount, closing: Bool, _ context: ChannelHandlerContext) {
        guard !rest.isEmpty else {
            if closing { context.close(promise: nil) }
            return
        }
        let piece = pause == .zero ? rest : rest.prefix(8192)
        let written = context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: piece)))
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let remaining = rest.dropFirst(piece.count)
        written.whenSuccess {
            let (connection, context) = bound.value
            guard pause != .zero else { return connection.send(remaining, pause: pause, closing: closing, context) }
            context.eventLoop.scheduleTask(in: pause) {
                bound.value.0.send(remaining, pause: pause, closing: closing, bound.value.1)
            }
        }
    }
}
