import CZstd
import Testing

@testable import CondaChannel

/// What libcurl is asked to do, against servers that look at what arrives.
@Suite struct TransportTests {
    /// Sends one request over a transport of its own, and reads the answer to its end.
    private func send(
        _ url: String, _ settings: NetworkSettings = NetworkSettings(),
        _ change: (inout TransportRequest) -> Void = { _ in }
    ) async throws -> (response: TransportResponse, body: [UInt8]) {
        let transport = CurlTransport(network: settings)
        var request = TransportRequest(url: Redacted(url))
        change(&request)
        let outcome: Result<(TransportResponse, [UInt8]), any Error>
        do {
            let response = try await transport.send(request)
            var body: [UInt8] = []
            for try await piece in response.body { body += piece }
            outcome = .success((response, body))
        } catch {
            outcome = .failure(error)
        }
        await transport.close()
        return try outcome.get()
    }

    private func error(
        _ url: String, _ settings: NetworkSettings, _ change: (inout TransportRequest) -> Void = { _ in }
    ) async throws -> TransportError {
        try await #require(throws: TransportError.self) { try await send(url, settings, change) }
    }

    @Test(
        "the netrc file knows its hosts and nobody else's",
        arguments: [
            ("machine 127.0.0.1 login u password p", "Basic dTpw"),
            ("machine 127.0.0.1\n  login u\n  password p\n", "Basic dTpw"),
            ("machine x login no password no\ndefault login u password p", "Basic dTpw"),
            ("macdef m\nmachine 127.0.0.1 login no password no\n\nmachine 127.0.0.1 login u password p", "Basic dTpw"),
            ("machine other login u password p", nil), ("", nil),
        ])
    func netrc(_ text: String, sent: String?) async throws {
        try await LoopbackServer.run { server in
            let folder = try TemporaryFolder()
            var settings = NetworkSettings()
            settings.netrc = try folder.file("netrc", text)
            server.on("/x", .text("yes"))
            _ = try await send("\(server.url)/x", settings) { $0.login = .netrc }
            _ = try await send("\(server.url)/x", settings)
            settings.netrc = "\(folder.path)/nowhere"
            _ = try await send("\(server.url)/x", settings) { $0.login = .netrc }
            #expect(server.requests.map { $0.headers["authorization"] } == [sent, nil, nil])
        }
    }

    /// `hello` as gzip writes it.
    private let gzipped: [UInt8] = [
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 7, 0, 0x86, 0xa6, 0x10, 0x36, 5, 0, 0, 0,
    ]

    @Test("what a server compresses for the wire, asked or not, arrives as it was")
    func undoesEncodings() async throws {
        try await LoopbackServer.run { server in
            server.on("/x.conda", LoopbackServer.Reply(headers: ["Content-Encoding": "gzip"], body: gzipped))
            for allowed in [false, true] {
                let answer = try await send("\(server.url)/x.conda") { $0.allowsCompression = allowed }
                #expect(answer.body == Array("hello".utf8) && answer.response.isDecoded)
                #expect(answer.response.headers["content-length"] == nil)
            }
            let asked = server.requests.map { $0.headers["accept-encoding"] ?? "" }
            #expect(asked[0] == "identity" && asked[1].contains("gzip"))
        }
    }

    @Test("what a file is anyway is no encoding, whatever a server calls it")
    func leavesFilesAlone() async throws {
        try await LoopbackServer.run { server in
            let files = [
                ("/r.json.zst", "zstd", zstd(Array("hello".utf8))), ("/a.tar.bz2", "x-bzip2", [1, 2, 3]),
                ("/a.tar.bz2?sig=1", "bzip2", [1, 2, 3]), ("/a.gz", "gzip", gzipped),
            ]
            for (path, encoding, bytes) in files {
                server.on(path, LoopbackServer.Reply(headers: ["Content-Encoding": encoding], body: bytes))
                let answer = try await send(server.url + path)
                #expect(answer.body == bytes && !answer.response.isDecoded)
            }
            server.on("/x", LoopbackServer.Reply(headers: ["Content-Encoding": "rot13"], body: [1]))
            let error = try await error("\(server.url)/x", NetworkSettings())
            #expect(error.reason == "its Content-Encoding is damaged or not known")
        }
    }

    @Test("a proxy gets its password, and hosts of no_proxy need none")
    func proxies() async throws {
        try await LoopbackServer.run { proxy in
            try await LoopbackServer.run { server in
                server.on("/x", .text("direct"))
                proxy.on("http://h.example/x") { request in
                    request.headers["proxy-authorization"] == "Basic dTpwQA=="
                        ? .text("by proxy") : .status(407, headers: ["Proxy-Authenticate": "Basic realm=\"p\""])
                }
                func settings(_ login: String, except: String = "") -> NetworkSettings {
                    var settings = NetworkSettings()
                    settings.proxies = ProxySettings(environment: [
                        "http_proxy": "http://\(login)127.0.0.1:\(proxy.port)", "no_proxy": except,
                    ])
                    return settings
                }
                let answer = try await send("http://h.example/x", settings("u:p%40@"))
                #expect(answer.body == Array("by proxy".utf8) && answer.response.status == 200)
                #expect(answer.response.headers["proxy-authenticate"] == nil)
                #expect(try await send("http://h.example/x", settings("u:no@")).response.status == 407)
                #expect(try await send("http://h.example/x", settings("")).response.status == 407)
                for except in ["127.0.0.1", "127.0.0.0/8", "x, 127.0.0.1:\(server.port)", "*"] {
                    let body = try await send("\(server.url)/x", settings("", except: except)).body
                    #expect(body == Array("direct".utf8), "no_proxy=\(except)")
                }
                proxy.on("\(server.url)/x", .text("by proxy"))
                for except in ["10.0.0.0/8", "127.0.0.1:1", "x"] {
                    let body = try await send("\(server.url)/x", settings("", except: except)).body
                    #expect(body == Array("by proxy".utf8), "no_proxy=\(except)")
                }
            }
        }
    }

    @Test("a proxy that is not there, or lets nobody through, is named as the reason")
    func deafProxies() async throws {
        var settings = NetworkSettings()
        settings.proxies = ProxySettings(environment: ["HTTPS_PROXY": "http://127.0.0.1:9"])
        #expect(
            try await error("https://h.example/x", settings)
                == TransportError(reason: "Connection refused by the proxy 127.0.0.1:9", isTransient: true))
        try await LoopbackServer.run { proxy in
            settings.proxies = ProxySettings(environment: ["https_proxy": "127.0.0.1:\(proxy.port)"])
            proxy.on("h.example:443", .status(407, headers: ["Proxy-Authenticate": "Basic realm=\"p\""]))
            let locked = try await error("https://h.example/x", settings)
            #expect(locked == TransportError(reason: "the proxy wants credentials", isTransient: false))
            proxy.on("h.example:443", .status(403))
            let closed = try await error("https://h.example/x", settings)
            let reason = "the proxy makes no connection (status 403)"
            #expect(closed == TransportError(reason: reason, isTransient: false))
        }
    }

    @Test("bodies go by PUT, by POST and as forms")
    func sendsBodies() async throws {
        try await LoopbackServer.run { server in
            let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            server.on("/x", .text("thanks"))
            _ = try await send("\(server.url)/x") { $0.content = .put(UploadBody(bytes)) }
            _ = try await send("\(server.url)/x") {
                $0.content = .post(UploadBody(bytes))
                $0.headers["content-type"] = Redacted("application/json")
            }
            _ = try await send("\(server.url)/x") {
                $0.content = .form([
                    FormPart(name: "sha256", body: UploadBody(Array("abc".utf8))),
                    FormPart(name: "file", body: UploadBody(bytes), fileName: "a.rpm", type: "application/x-rpm"),
                ])
            }
            let requests = server.requests
            #expect(requests.map(\.method) == ["PUT", "POST", "POST"])
            #expect(requests[0].body == bytes && requests[1].body == bytes)
            #expect(requests[1].headers["content-type"] == "application/json")
            #expect(requests.allSatisfy { $0.headers["expect"] == nil })
            #expect(requests[2].headers["content-type"]?.hasPrefix("multipart/form-data; boundary=") == true)
            let form = requests[2].body
            #expect(form.firstRange(of: bytes) != nil)
            let head = String(decoding: form.prefix(400), as: UTF8.self)
            #expect(head.contains("name=\"sha256\"\r\n\r\nabc\r\n"))
            #expect(head.contains("name=\"file\"; filename=\"a.rpm\"\r\nContent-Type: application/x-rpm"))
        }
    }

    @Test("a file that becomes shorter while it is sent is not sent")
    func shorterFile() async throws {
        try await LoopbackServer.run { server in
            let folder = try TemporaryFolder()
            let file = try File.writing(folder.file("x", [UInt8](repeating: 1, count: 10)), empty: false)
            let body = try UploadBody(file: file)
            try file.truncate(to: 5)
            let error = try await error("\(server.url)/x", NetworkSettings()) { $0.content = .put(body) }
            #expect(error == TransportError(reason: "the file became shorter while it was sent", isTransient: false))
        }
    }

    @Test("cancelling ends at once, whatever the server does")
    func cancelsAtOnce() async throws {
        try await LoopbackServer.run { server in
            server.on("/x", LoopbackServer.Reply(body: [1], claimedLength: 2, stalls: true))
            let running = Task { try await send("\(server.url)/x") }
            while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            try await Task.sleep(for: .milliseconds(50))
            let took = await ContinuousClock().measure {
                running.cancel()
                await #expect(throws: TransportError.cancelled) { try await running.value }
            }
            #expect(took < .milliseconds(500))
        }
    }

    @Test("a large answer waits for who reads it, and who lets go of it ends it")
    func backPressure() async throws {
        try await LoopbackServer.run { server in
            let bytes = [UInt8](repeating: 7, count: 24 << 20)
            server.on("/x", LoopbackServer.Reply(body: bytes))
            server.on("/y", .text("y"))
            let transport = CurlTransport(network: NetworkSettings())
            do {
                let response = try await transport.send(TransportRequest(url: Redacted("\(server.url)/x")))
                try await Task.sleep(for: .milliseconds(100))
                var count = 0
                for try await piece in response.body {
                    #expect(piece.count <= 2 << 20)
                    count += piece.count
                    if count > 4 << 20 { break }
                }
            }
            let next = try await transport.send(TransportRequest(url: Redacted("\(server.url)/y")))
            #expect(next.status == 200)
            await transport.close()
            await #expect(throws: Never.self) { await transport.close() }
        }
    }

    @Test("certificates and keys that cannot be used are told before anything is sent")
    func unusableCertificates() async throws {
        var settings = NetworkSettings()
        settings.trust = .path("/nowhere/ca.pem")
        #expect(
            try await error("https://127.0.0.1:9/x", settings)
                == TransportError(
                    reason: "the file /nowhere/ca.pem of trusted certificates cannot be read", isTransient: false,
                    isTrust: true))
    }

    @Test("a host name that nobody knows is not asked for again")
    func unknownHost() async throws {
        let error = try await error("http://nowhere.invalid/x", NetworkSettings())
        #expect(error == TransportError(reason: "the host name nowhere.invalid is not known", isTransient: false))
    }
}
