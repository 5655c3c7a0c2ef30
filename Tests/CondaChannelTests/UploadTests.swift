import Testing

@testable import CondaChannel

@Suite struct UploadTests {
    private func upload(
        _ server: LoopbackServer, _ bytes: [UInt8], user: String = "", log: EventLog = EventLog()
    ) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("orders-1-1.x86_64.rpm", bytes)
        let place = try #require(ResourceURL(server.url.replacing("://", with: "://\(user)") + "/repo/"))
        try await withSession(cache: folder, log: log) { session in
            try await session.upload(path, sha256: "abc", to: place)
        }
    }

    @Test("a file arrives whole, with its digest and the credentials of its place")
    func arrives() async throws {
        let bytes = (0..<3_000_001).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        try await LoopbackServer.run { server in
            server.on("/repo/orders-1-1.x86_64.rpm", .status(201))
            try await upload(server, bytes, user: "me:secret@")
            let request = try #require(server.requests.first)
            #expect(request.method == "PUT" && request.body == bytes)
            #expect(request.headers["authorization"] == "Basic bWU6c2VjcmV0")
            #expect(request.headers["x-checksum-sha256"] == "abc")
        }
    }

    @Test("a busy server is asked again, with the whole file")
    func retries() async throws {
        try await LoopbackServer.run { server in
            let count = Counter()
            server.on("/repo/orders-1-1.x86_64.rpm") { _ in .status(count.next() == 1 ? 503 : 200) }
            let log = EventLog()
            try await upload(server, [1, 2, 3], log: log)
            #expect(server.requests.map(\.body) == [[1, 2, 3], [1, 2, 3]] && log.retries == 1)
        }
    }

    @Test("a refusal is told without credentials", arguments: [401, 403, 302, 404])
    func refusal(status: Int) async throws {
        try await LoopbackServer.run { server in
            server.on("/repo/orders-1-1.x86_64.rpm", .status(status))
            let error = try await #require(throws: ChannelError.self) {
                try await upload(server, [1], user: "me:secret@")
            }
            #expect(error == .refused(url: "\(server.url)/repo/orders-1-1.x86_64.rpm", status: status))
            #expect(!error.description.contains("secret"))
        }
    }
}
