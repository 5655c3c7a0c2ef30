import CondaModel
import HostSystem
import Testing

@testable import CondaChannel

/// A sharded channel (CEP 16) as a set of files.
struct ShardedChannel {
    var files: [String: [UInt8]] = [:]

    init(_ packages: [(name: String, version: String, depends: [String])], info: [MessagePackValue.Member] = []) {
        var shards: [MessagePackValue.Member] = []
        for name in Set(packages.map(\.name)).sorted() {
            let records = packages.filter { $0.name == name }.map { package in
                MessagePackValue.Member(
                    key: "\(package.name)-\(package.version)-0.conda", value: ShardedChannel.record(package))
            }
            let shard = zstd(
                messagePackBytes(
                    .map([.init(key: "packages.conda", value: .map(records)), .init(key: "packages", value: .map([]))]))
            )
            files["shards/\(sha256(shard)).msgpack.zst"] = shard
            shards.append(.init(key: name, value: .bytes(Array(Digest.sha256(shard)))))
        }
        let info = [MessagePackValue.Member(key: "shards_base_url", value: .text("./shards/"))] + info
        let index: MessagePackValue = .map([
            .init(key: "version", value: .integer(1)), .init(key: "info", value: .map(info)),
            .init(key: "shards", value: .map(shards)),
        ])
        files["repodata_shards.msgpack.zst"] = zstd(messagePackBytes(index))
    }

    static func record(_ package: (name: String, version: String, depends: [String])) -> MessagePackValue {
        .map([
            .init(key: "name", value: .text(package.name)), .init(key: "version", value: .text(package.version)),
            .init(key: "build", value: .text("0")), .init(key: "build_number", value: .integer(3)),
            .init(key: "depends", value: .array(package.depends.map { .text($0) })),
            .init(key: "sha256", value: .bytes([UInt8](repeating: 0xab, count: 32))),
            .init(key: "md5", value: .null), .init(key: "size", value: .integer(7)),
            .init(key: "noarch", value: .text("python")),
        ])
    }

    func serve(_ server: LoopbackServer, under path: String) {
        for (name, bytes) in files { server.on("\(path)/\(name)", LoopbackServer.file(bytes)) }
    }
}

@Suite struct ShardTests {
    private let packages: [(name: String, version: String, depends: [String])] = [
        ("a", "1", ["b >=1", "c"]), ("b", "1", ["d"]), ("c", "1", []), ("d", "1", ["a"]), ("island", "1", []),
    ]

    private func load(_ channel: String, cache: TemporaryFolder, offline: Bool = false, log: EventLog = EventLog())
        async throws -> [PackageRecord]
    {
        try await withSession(cache: cache, offline: offline, log: log) { session in
            let repodata = try await session.loader.load(channels: try session.channels([channel]), subdirs: [.noarch])
            return try await repodata.reachable(from: [try MatchSpec("a")])[0].records
        }
    }

    @Test func fetchesOnlyReachableShardsAndOnlyOnce() async throws {
        try await LoopbackServer.run { server in
            let (cache, log) = (try TemporaryFolder(), EventLog())
            ShardedChannel(packages).serve(server, under: "/ch/noarch")
            let records = try await load("\(server.url)/ch", cache: cache, log: log)
            #expect(records.map(\.name) == ["a", "b", "c", "d"])
            #expect(
                records[0].url == "\(server.url)/ch/noarch/a-1-0.conda"
                    && records[0].sha256 == String(repeating: "ab", count: 32))
            #expect(
                records[0].buildNumber == 3 && records[0].size == 7 && records[0].noarch == .python
                    && records[0].md5 == nil)
            #expect(server.requests.count == 5)
            #expect(
                log.events.count { if case .finished(let work, .fetched) = $0 { work.kind == .shard } else { false } }
                    == 4)
            #expect(try await load("\(server.url)/ch", cache: cache).count == 4)
            #expect(server.requests.count == 6)
            #expect(try await load("\(server.url)/ch", cache: cache, offline: true).count == 4)
            #expect(server.requests.count == 6)
        }
    }

    @Test func localChannelsMayBeShardedToo() async throws {
        let (channel, cache) = (try TemporaryFolder(), try TemporaryFolder())
        for (name, bytes) in ShardedChannel(packages).files { try channel.file("noarch/\(name)", bytes) }
        #expect(try await load(channel.path, cache: cache).map(\.name) == ["a", "b", "c", "d"])
        #expect(cache.files().isEmpty)
    }

    @Test func placesMayBeElsewhere() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            let info: [MessagePackValue.Member] = [
                .init(key: "base_url", value: .text("https://files.example.org/t/SECRET/pool/")),
                .init(key: "shards_base_url", value: .text("../../all-shards")),
            ]
            var channel = ShardedChannel([], info: [])
            let whole = ShardedChannel(packages)
            let shards = whole.files.filter { $0.key.hasPrefix("shards/") }
            for (name, bytes) in shards { server.on("/all-\(name)", LoopbackServer.file(bytes)) }
            let digests = try ShardIndex(
                try decompressed(whole.files["repodata_shards.msgpack.zst"] ?? [], limit: 1 << 20, url: ""), url: ""
            ).digests
            let index: MessagePackValue = .map([
                .init(key: "info", value: .map(info)),
                .init(
                    key: "shards",
                    value: .map(digests.sorted { $0.key < $1.key }.map { .init(key: $0.key, value: .text($0.value)) })),
            ])
            channel.files = ["repodata_shards.msgpack.zst": zstd(messagePackBytes(index))]
            channel.serve(server, under: "/ch/noarch")
            let records = try await load("\(server.url)/ch", cache: cache)
            #expect(records.map(\.url).first == "https://files.example.org/pool/a-1-0.conda")
        }
    }

    @Test func aWrongShardIsRefusedAndADamagedCacheHeals() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            let channel = ShardedChannel(packages)
            channel.serve(server, under: "/ch/noarch")
            let path = try #require(channel.files.keys.filter { $0.hasPrefix("shards/") }.sorted().first)
            server.on("/ch/noarch/\(path)", .text("something else"))
            let name = try #require(path.split(separator: "/").last?.prefix(64))
            let error = await #expect(throws: ChannelError.self) {
                // All shards, so that the wrong one is among them.
                try await withSession(cache: cache) { session in
                    let repodata = try await session.loader.load(
                        channels: try session.channels(["\(server.url)/ch"]), subdirs: [.noarch])
                    return try await repodata.reachable(from: [try MatchSpec("*")])
                }
            }
            guard case .digestMismatch(_, _, let expected, let found) = error else {
                return #expect(Bool(false), "\(String(describing: error))")
            }
            #expect(expected == name && found == sha256(Array("something else".utf8)))
            #expect(!cache.files().contains { $0.contains(name) })
            channel.serve(server, under: "/ch/noarch")
            #expect(try await load("\(server.url)/ch", cache: cache).count == 4)
            for file in cache.files() where file.hasPrefix("shards/") { try cache.file(file, Array("damaged".utf8)) }
            #expect(try await load("\(server.url)/ch", cache: cache).count == 4)
        }
    }

    @Test(arguments: [
        (MessagePackValue.map([.init(key: "version", value: .integer(2))]), true), (.map([]), false),
        (.array([]), false),
        (
            .map([
                .init(key: "info", value: .map([])),
                .init(key: "shards", value: .map([.init(key: "a", value: .bytes([1]))])),
            ]), false
        ),
        (
            .map([
                .init(key: "info", value: .map([.init(key: "repodata_version", value: .integer(9))])),
                .init(key: "shards", value: .map([])),
            ]), true
        ),
    ])
    func refusesIndexes(_ index: MessagePackValue, isUnsupported: Bool) throws {
        let error = #expect(throws: ChannelError.self) {
            try ShardIndex(messagePackBytes(index), url: "https://h/index")
        }
        if case .unsupported = error { #expect(isUnsupported) } else { #expect(!isUnsupported) }
    }
}
