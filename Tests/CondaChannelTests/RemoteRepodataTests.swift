import CondaModel
import Testing

@testable import CondaChannel

@Suite struct RemoteRepodataTests {
    private func names(
        _ server: LoopbackServer, cache: TemporaryFolder, offline: Bool = false, log: EventLog = EventLog(),
        path: String = "/ch",
        configure: (inout ChannelConfiguration) -> Void = { _ in }
    ) async throws -> [String] {
        try await withSession(cache: cache, offline: offline, log: log, configure: configure) { session in
            let channels = try session.channels([server.url + path])
            let repodata = try await session.loader.load(channels: channels, subdirs: [.noarch])
            return try await repodata.reachable(from: [try MatchSpec("a")])[0].records.map {
                "\($0.name) \($0.version)"
            }
        }
    }

    private let one = Array(repodataText([("a", "1", ["b"]), ("b", "1", [])]).utf8)
    private let two = Array(repodataText([("a", "2", [])]).utf8)

    /// Sets up a server that has plain repodata only.
    private func plain(_ server: LoopbackServer, _ handler: @escaping LoopbackServer.Handler) {
        server.on("/ch/noarch/repodata_shards.msgpack.zst", .status(404))
        server.on("/ch/noarch/repodata.json.zst", .status(404))
        server.on("/ch/noarch/repodata.json", handler)
        server.on("/ch/noarch/repodata.json.bz2", .status(404))
    }

    @Test func takesZstBeforePlain() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            server.on("/ch/noarch/repodata_shards.msgpack.zst", .status(403))
            server.on("/ch/noarch/repodata.json.zst", LoopbackServer.file(zstd(one)))
            #expect(try await names(server, cache: cache) == ["a 1", "b 1"])
            // What was missing a moment ago is not asked for again, what is unchanged is not sent again.
            let log = EventLog()
            #expect(try await names(server, cache: cache, log: log) == ["a 1", "b 1"])
            #expect(
                server.requests.map(\.path.last) == ["t", "t", "t"].map(Character.init) && server.requests.count == 3)
            #expect(server.requests.last?.headers["if-none-match"] == "\"v1\"")
            #expect(log.events.contains { if case .finished(_, .cached) = $0 { true } else { false } })
        }
    }

    @Test func takesBZip2WhereThereIsNothingElse() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            plain(server) { _ in .status(404) }
            server.on("/ch/noarch/repodata.json.bz2", LoopbackServer.file(bzip2(one), etag: "\"1\""))
            #expect(try await names(server, cache: cache) == ["a 1", "b 1"])
            let log = EventLog()
            #expect(try await names(server, cache: cache, log: log) == ["a 1", "b 1"])
            #expect(log.events.contains { if case .finished(_, .cached) = $0 { true } else { false } })
            #expect(try await names(server, cache: cache, offline: true) == ["a 1", "b 1"])
            // The mirror may grow up.
            server.on("/ch/noarch/repodata.json", LoopbackServer.file(two))
            #expect(try await names(server, cache: cache) == ["a 2"])
        }
    }

    @Test func replacesWhatChanged() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            plain(server, LoopbackServer.file(one, etag: "\"1\""))
            #expect(try await names(server, cache: cache) == ["a 1", "b 1"])
            server.on("/ch/noarch/repodata.json", LoopbackServer.file(two, etag: "\"2\""))
            #expect(try await names(server, cache: cache) == ["a 2"])
            #expect(cache.files().filter { $0.contains("body.") && !$0.hasSuffix(".index") }.count == 1)
        }
    }

    @Test func trustsMaxAgeWithoutARequest() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            plain(server, LoopbackServer.file(one, headers: ["Cache-Control": "public, max-age=600"]))
            #expect(try await names(server, cache: cache).count == 2)
            #expect(try await names(server, cache: cache).count == 2)
            #expect(server.requests.count == 3)
        }
        #expect(
            maximumAge(in: "max-age=60, no-cache") == nil && maximumAge(in: "MAX-AGE=60") == 60
                && maximumAge(in: "max-age=x") == nil)
        #expect(maximumAge(in: "max-age=99999999") == 7 * 86_400)
    }

    @Test func offlineUsesTheCacheAndNamesWhatIsMissing() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            plain(server, LoopbackServer.file(one))
            let error = await #expect(throws: ChannelError.self) {
                try await names(server, cache: cache, offline: true)
            }
            #expect(error == .offline(missing: ["\(server.url)/ch/noarch/repodata.json"]))
            #expect(server.requests.isEmpty)
            _ = try await names(server, cache: cache)
            let asked = server.requests.count
            #expect(try await names(server, cache: cache, offline: true) == ["a 1", "b 1"])
            #expect(server.requests.count == asked)
        }
    }

    @Test func aKilledDownloadDoesNotCount() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            plain(server, LoopbackServer.file(one))
            _ = try await names(server, cache: cache)
            // What a process killed in the middle of a refresh leaves: a half-written body that no state names.
            let folder = try #require(cache.files().first { $0.hasSuffix("state.json") }).dropLast("state.json".count)
            try cache.file("\(folder)body.killed", Array("{\"packages\": {".utf8))
            #expect(try await names(server, cache: cache, offline: true).count == 2)
            // A body that is not the one that was committed is fetched again.
            let body = try #require(
                cache.files().first { $0.contains("body.") && !$0.hasSuffix(".index") && !$0.hasSuffix("killed") })
            try cache.file(body, Array("{\"packages\": {".utf8))
            #expect(try await names(server, cache: cache).count == 2)
            #expect(server.requests.last?.headers["if-none-match"] == nil)
            #expect(!cache.files().contains { $0.hasSuffix("killed") })
        }
    }

    @Test func corruptRepodataIsNotKept() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            plain(server, LoopbackServer.file(Array(one.dropLast(20))))
            let error = await #expect(throws: ChannelError.self) { try await names(server, cache: cache) }
            #expect(
                error
                    == .corrupt(
                        url: "\(server.url)/ch/noarch/repodata.json", position: UInt64(one.count - 20),
                        reason: "it ends in the middle; it was truncated"))
            #expect(cache.files().allSatisfy { $0.hasSuffix("lock") })
            // Balanced but wrong inside a record: noticed later, and forgotten then, so that 304 cannot confirm it
            // for ever.
            server.on(
                "/ch/noarch/repodata.json",
                LoopbackServer.file(Array(String(decoding: one, as: UTF8.self).replacing("\"1\"", with: "1x").utf8)))
            await #expect(throws: ChannelError.self) { try await names(server, cache: cache) }
            server.on("/ch/noarch/repodata.json", LoopbackServer.file(one))
            #expect(try await names(server, cache: cache).count == 2)
        }
    }

    @Test func survivesCutsSlownessAndFailures() async throws {
        try await LoopbackServer.run { server in
            let (cache, log) = (try TemporaryFolder(), EventLog())
            let counter = Counter()
            plain(server) { [one] request in
                switch counter.next() {
                case 1: .status(503, headers: ["Retry-After": "0"])
                case 2: LoopbackServer.Reply(body: one, cutAfter: 50)
                case 3: LoopbackServer.Reply(body: one, pause: .milliseconds(5))
                default: .status(500)
                }
            }
            #expect(try await names(server, cache: cache, log: log).count == 2)
            #expect(log.retries == 2)
        }
    }

    @Test func givesUpAfterABoundedNumberOfAttempts() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            plain(server) { _ in .status(500) }
            let error = await #expect(throws: ChannelError.self) { try await names(server, cache: cache) }
            #expect(
                error == .unreachable(url: "\(server.url)/ch/noarch/repodata.json", attempts: 4, reason: "status 500"))
            #expect(server.requests(for: "/ch/noarch/repodata.json").count == 4)
        }
    }

    @Test func aServerThatIsNotThereIsAClearError() async throws {
        let cache = try TemporaryFolder()
        let error = await #expect(throws: ChannelError.self) {
            try await withSession(cache: cache) { session in
                try await session.loader.load(
                    channels: try session.channels(["http://127.0.0.1:1/ch"]), subdirs: [.noarch])
            }
        }
        guard case .unreachable(_, let attempts, let reason) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(attempts == 4 && reason.lowercased().contains("refused") && error?.hint != nil)
    }

    @Test func aSilentServerTimesOut() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            plain(server) { [one] _ in LoopbackServer.Reply(body: one, claimedLength: one.count + 1, stalls: true) }
            let error = await #expect(throws: ChannelError.self) {
                try await names(server, cache: cache) {
                    $0.network.readSeconds = 1
                    $0.network.retry.attempts = 2
                }
            }
            let url = "\(server.url)/ch/noarch/repodata.json"
            #expect(error == .unreachable(url: url, attempts: 2, reason: "no data arrived for 1 s"))
        }
    }

    @Test func tokensGoOverTheWireAndNowhereElse() async throws {
        try await LoopbackServer.run { server in
            let (cache, log) = (try TemporaryFolder(), EventLog())
            let authority = server.url.dropFirst("http://".count)
            server.on("/t/TOPSECRET/ch/noarch/repodata_shards.msgpack.zst", .status(404))
            server.on("/t/TOPSECRET/ch/noarch/repodata.json.zst", .status(404))
            server.on("/t/TOPSECRET/ch/noarch/repodata.json") { [one] request in
                request.headers["authorization"] == "Basic bWU6UEFTU1dPUkQ="
                    ? LoopbackServer.Reply(body: one) : .status(401)
            }
            try await withSession(cache: cache, log: log) { session in
                let channels = try session.channels(["http://me:PASSWORD@\(authority)/t/TOPSECRET/ch"])
                let repodata = try await session.loader.load(channels: channels, subdirs: [.noarch])
                let records = try await repodata.reachable(from: [try MatchSpec("a")])[0].records
                #expect(
                    records.map(\.url) == [
                        "\(server.url)/ch/noarch/a-1-0.conda", "\(server.url)/ch/noarch/b-1-0.conda",
                    ])
                #expect(!"\(records) \(channels)".contains("SECRET") && !"\(records) \(channels)".contains("PASSWORD"))
            }
            for file in cache.files() {
                let text = String(decoding: try cache.bytes(file), as: UTF8.self)
                #expect(!text.contains("TOPSECRET") && !text.contains("PASSWORD"), "\(file)")
            }
            #expect(!"\(log.events)".contains("TOPSECRET"))
        }
    }

    @Test func aRefusedTokenIsExplainedWithoutIt() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            server.on("/t/TOPSECRET/ch/noarch/repodata_shards.msgpack.zst", .status(401))
            let error = await #expect(throws: ChannelError.self) {
                try await names(server, cache: cache, path: "/t/TOPSECRET/ch")
            }
            #expect(error.map { "\($0)".contains("401") && !"\($0) \($0.hint ?? "")".contains("TOPSECRET") } == true)
            #expect(error?.hint?.contains("credentials") == true)
        }
    }

    @Test func redirectsAreFollowedWithoutCredentials() async throws {
        try await LoopbackServer.run { other in
            try await LoopbackServer.run { server in
                let cache = try TemporaryFolder()
                other.on("/cdn/x?sig=1") { [one] request in
                    request.headers["authorization"] == nil ? LoopbackServer.Reply(body: one) : .status(500)
                }
                plain(server) { _ in .status(302, headers: ["Location": "/moved"]) }
                server.on("/moved") { [url = other.url] request in
                    request.headers["authorization"] == nil
                        ? .status(500) : .status(307, headers: ["Location": "\(url)/cdn/x?sig=1"])
                }
                let netrc = try cache.file("netrc", "machine 127.0.0.1 login u password p")
                #expect(try await names(server, cache: cache) { $0.network.netrc = netrc }.count == 2)
                server.on("/moved", .status(302, headers: ["Location": "/moved"]))
                let error = await #expect(throws: ChannelError.self) {
                    try await names(server, cache: try TemporaryFolder())
                }
                #expect(error.map { "\($0)".contains("redirects in circles") } == true)
            }
        }
    }

    @Test func mirrorsAreAskedInOrderAndLeaveNoTrace() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            for variant in RepodataVariant.allCases { server.on("/m2/noarch/\(variant.fileName)", .status(404)) }
            server.on("/m2/noarch/repodata.json", LoopbackServer.file(one))
            for variant in RepodataVariant.allCases { server.on("/m1/noarch/\(variant.fileName)", .status(500)) }
            try await withSession(cache: cache) { configuration in
                configuration.mirroredChannels = ["conda-forge": ["\(server.url)/m1", "\(server.url)/m2"]]
                configuration.network.retry.attempts = 2
            } _: { session in
                let repodata = try await session.loader.load(
                    channels: try session.channels(["conda-forge"]), subdirs: [.noarch])
                let records = try await repodata.reachable(from: [try MatchSpec("a")])[0].records
                #expect(records.first?.url == "https://conda.anaconda.org/conda-forge/noarch/a-1-0.conda")
            }
        }
    }

    @Test func aChannelWithoutRepodataNamesWhatWasSearched() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            plain(server) { _ in .status(404) }
            let error = await #expect(throws: ChannelError.self) { try await names(server, cache: cache) }
            #expect(
                error
                    == .noSuchChannel(channel: "\(server.url)/ch", searched: ["\(server.url)/ch/noarch/repodata.json"]))
        }
    }
}
