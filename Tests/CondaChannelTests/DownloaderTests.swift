import CondaModel
import Glibc
import Testing

@testable import CondaChannel

@Suite struct DownloaderTests {
    private let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 7) }
    private let path = "/ch/noarch/a-1-0.conda"

    private func fetch(
        _ items: [DownloadItem], cache: TemporaryFolder, offline: Bool = false, log: EventLog = EventLog(),
        trusting: Bool = false,
        configure: (inout ChannelConfiguration) -> Void = { _ in }
    ) async throws -> [String] {
        try await withSession(cache: cache, offline: offline, log: log, configure: configure) { session in
            try await session.downloader.fetch(items, trustingCache: trusting)
        }
    }

    private func item(_ server: LoopbackServer) -> DownloadItem {
        DownloadItem(url: server.url + path, sha256: sha256(bytes), size: Int64(bytes.count))
    }

    /// Nothing but finished archives: no partial file, no temporary.
    private func isClean(_ cache: TemporaryFolder) -> Bool { cache.files().allSatisfy { $0.hasPrefix("archives/") } }

    @Test func storesUnderTheDigestAndAsksOnlyOnce() async throws {
        try await LoopbackServer.run { server in
            let (cache, log) = (try TemporaryFolder(), EventLog())
            server.on(path, LoopbackServer.file(bytes))
            let digest = sha256(bytes)
            // The same archive twice at once, and again later.
            let paths = try await fetch([item(server), item(server)], cache: cache, log: log)
            #expect(
                paths == Array(repeating: "\(cache.path)/archives/sha256/\(digest.prefix(2))/\(digest).conda", count: 2)
            )
            #expect(try contents(paths[0]) == bytes)
            #expect(try await fetch([item(server)], cache: cache, offline: true) == [paths[0]])
            #expect(server.requests.count == 1 && isClean(cache))
            #expect(
                log.events.contains {
                    if case .finished(_, .fetched(let count)) = $0 { count == bytes.count } else { false }
                })
        }
    }

    @Test func resumesAfterCuts() async throws {
        try await LoopbackServer.run { server in
            let (cache, log, counter) = (try TemporaryFolder(), EventLog(), Counter())
            server.on(path) { [bytes] request in
                var reply = LoopbackServer.file(bytes)(request)
                if counter.next() <= 2 { reply.cutAfter = 100_000 }
                return reply
            }
            let paths = try await fetch([item(server)], cache: cache, log: log)
            #expect(try contents(paths[0]) == bytes)
            // A cut may take bytes along that the client had not read yet, so where it resumes is only bounded.
            let starts = server.requests.compactMap { $0.headers["range"]?.dropFirst("bytes=".count).dropLast() }
                .compactMap { Int($0) }
            #expect(server.requests.count == 3 && starts.count == 2)
            #expect(0 < starts[0] && starts[0] <= 100_000 && starts[0] < starts[1] && starts[1] <= starts[0] + 100_000)
            #expect(server.requests[1].headers["if-range"] == "\"v1\"")
            #expect(log.retries == 2)
        }
    }

    @Test func startsAgainWhenTheFileChangedOrRangesAreIgnored() async throws {
        try await LoopbackServer.run { server in
            let (cache, counter) = (try TemporaryFolder(), Counter())
            server.on(path) { [bytes] request in
                guard counter.next() > 1 else {
                    return LoopbackServer.Reply(
                        headers: ["ETag": "\"old\""], body: [UInt8](repeating: 7, count: bytes.count), cutAfter: 1000)
                }
                return LoopbackServer.file(bytes, etag: "\"new\"")(request)
            }
            #expect(try contents(try await fetch([item(server)], cache: cache)[0]) == bytes)
            #expect(server.requests.count == 2)
        }
    }

    @Test func resumesWhatAKilledProcessLeft() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            server.on(path, LoopbackServer.file(bytes))
            let partial = "partial/sha256-\(sha256(bytes)).part"
            try cache.file(partial, Array(bytes[..<70_000]))
            #expect(try contents(try await fetch([item(server)], cache: cache)[0]) == bytes)
            #expect(server.requests.map { $0.headers["range"] } == ["bytes=70000-"])
            // Left-over bytes of another file do not count against the server: once more from the beginning.
            try cache.file(partial, [1, 2, 3])
            for file in cache.files() where file.hasPrefix("archives/") { removeFile("\(cache.path)/\(file)") }
            #expect(try contents(try await fetch([item(server)], cache: cache)[0]) == bytes)
            #expect(server.requests.dropFirst().map { $0.headers["range"] } == ["bytes=3-", nil])
            #expect(isClean(cache))
        }
    }

    @Test func refusesAWrongDigestAndKeepsNothing() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            var wrong = bytes
            wrong[5] ^= 1
            server.on(path, LoopbackServer.file(wrong))
            let error = await #expect(throws: ChannelError.self) { try await fetch([item(server)], cache: cache) }
            #expect(
                error
                    == .digestMismatch(
                        url: server.url + path, algorithm: "SHA-256", expected: sha256(bytes), found: sha256(wrong)))
            #expect(cache.files().isEmpty && server.requests.count == 1)
        }
    }

    @Test func refusesLiesAboutSizes() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            // Too long, announced: not even begun.
            server.on(path, LoopbackServer.file(bytes + [0]))
            let error = await #expect(throws: ChannelError.self) { try await fetch([item(server)], cache: cache) }
            #expect(
                error
                    == .sizeMismatch(
                        url: server.url + path, expected: Int64(bytes.count), found: Int64(bytes.count + 1)))
            #expect(cache.files().isEmpty)
            // Announced longer than it is: the connection ends early, every time, without a byte of progress.
            server.on(path) { [bytes] request in
                request.headers["range"] == nil
                    ? LoopbackServer.Reply(body: Array(bytes.dropLast(9)), claimedLength: bytes.count) : .status(500)
            }
            let short = await #expect(throws: ChannelError.self) { try await fetch([item(server)], cache: cache) }
            guard case .unreachable = short else { return #expect(Bool(false), "\(String(describing: short))") }
            #expect(cache.files().allSatisfy { $0.hasPrefix("partial/") })
            // Shorter than the lock says.
            let cleared = try TemporaryFolder()
            server.on(path, LoopbackServer.file(Array(bytes.dropLast(9))))
            let shorter = await #expect(throws: ChannelError.self) { try await fetch([item(server)], cache: cleared) }
            #expect(
                shorter
                    == .sizeMismatch(
                        url: server.url + path, expected: Int64(bytes.count), found: Int64(bytes.count - 9)))
        }
    }

    @Test func retriesWhatMayPassAndNothingElse() async throws {
        try await LoopbackServer.run { server in
            let (cache, counter) = (try TemporaryFolder(), Counter())
            server.on(path) { [bytes] request in
                let number = counter.next()
                return number <= 3
                    ? .status([429, 502, 503][number - 1], headers: ["Retry-After": "0"])
                    : LoopbackServer.file(bytes)(request)
            }
            #expect(try await fetch([item(server)], cache: cache).count == 1)
            #expect(server.requests.count == 4)
            server.on("/gone.conda", .status(404))
            server.on("/forbidden.conda", .status(403))
            let gone = DownloadItem(url: "\(server.url)/gone.conda", sha256: sha256([1]))
            #expect(
                await #expect(throws: ChannelError.self) { try await fetch([gone], cache: cache) }
                    == .notFound(url: gone.url))
            let forbidden = DownloadItem(url: "\(server.url)/forbidden.conda", sha256: sha256([2]))
            #expect(
                await #expect(throws: ChannelError.self) { try await fetch([forbidden], cache: cache) }
                    == .refused(url: forbidden.url, status: 403))
            #expect(server.requests.count == 6)
        }
    }

    @Test func manyAtOnceStayInOrder() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            let all = (0..<40).map { number in
                (path: "/ch/\(number).tar.bz2", bytes: [UInt8](repeating: UInt8(number), count: 5000 + number))
            }
            for one in all {
                server.on(one.path) { _ in LoopbackServer.Reply(body: one.bytes, pause: .milliseconds(1)) }
            }
            let items = all.map {
                DownloadItem(url: server.url + $0.path, sha256: sha256($0.bytes), size: Int64($0.bytes.count))
            }
            let paths = try await fetch(items, cache: cache)
            #expect(try paths.map { try contents($0) } == all.map(\.bytes))
            #expect(paths.allSatisfy { $0.hasSuffix(".tar.bz2") } && isClean(cache))
        }
    }

    @Test func oldLocksHaveOnlyAnMD5OrNothing() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            server.on(path, LoopbackServer.file(Array("hello".utf8)))
            let md5 = DownloadItem(url: server.url + path, md5: "5D41402ABC4B2A76B9719D911017C592")
            let digest = sha256(Array("hello".utf8))
            let expected = "\(cache.path)/archives/sha256/\(digest.prefix(2))/\(digest).conda"
            #expect(try await fetch([md5], cache: cache) == [expected])
            #expect(try await fetch([md5], cache: cache, offline: true) == [expected])
            let none = DownloadItem(url: server.url + path)
            #expect(try await fetch([none], cache: cache) == [expected])
            #expect(try await fetch([none], cache: cache, offline: true) == [expected])
            let wrong = DownloadItem(url: server.url + path, md5: String(repeating: "0", count: 32))
            await #expect(throws: ChannelError.self) { try await fetch([wrong], cache: cache) }
            let nonsense = DownloadItem(url: server.url + path, sha256: "../../etc/passwd")
            await #expect(throws: ChannelError.self) { try await fetch([nonsense], cache: cache) }
        }
    }

    @Test func aDamagedArchiveInTheCacheIsFetchedAgain() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            server.on(path, LoopbackServer.file(bytes))
            let stored = try await fetch([item(server)], cache: cache)[0]
            var damaged = bytes
            damaged[9] ^= 1
            try writeAtomically(damaged, to: stored)
            #expect(try await fetch([item(server)], cache: cache, trusting: true) == [stored])
            #expect(try contents(stored) == damaged)
            #expect(try contents(try await fetch([item(server)], cache: cache)[0]) == bytes)
            #expect(server.requests.count == 2)
        }
    }

    @Test func localArchivesAreVerifiedAndUsedInPlace() async throws {
        let (folder, cache) = (try TemporaryFolder(), try TemporaryFolder())
        let path = try folder.file("a b-1-0.conda", bytes)
        let url = "file://\(percentEncoded(path))"
        let good = DownloadItem(url: url, sha256: sha256(bytes), size: Int64(bytes.count))
        #expect(
            try await fetch([good, DownloadItem(url: path, sha256: sha256(bytes))], cache: cache, offline: true) == [
                path, path,
            ])
        for item in [
            DownloadItem(url: url, sha256: sha256([])), DownloadItem(url: url, size: 3),
            DownloadItem(url: "file:///nowhere/a.conda"),
        ] {
            await #expect(throws: ChannelError.self) { try await fetch([item], cache: cache) }
        }
        #expect(cache.files().isEmpty)
    }

    @Test func offlineNamesEverythingThatIsMissing() async throws {
        let cache = try TemporaryFolder()
        let items = ["b", "a"].map {
            DownloadItem(url: "https://user:SECRET@h.example/t/SECRET/\($0).conda", sha256: sha256(Array($0.utf8)))
        }
        let error = await #expect(throws: ChannelError.self) { try await fetch(items, cache: cache, offline: true) }
        #expect(error == .offline(missing: ["https://h.example/a.conda", "https://h.example/b.conda"]))
    }

    @Test func channelsLendTheirTokensToLocksWithoutAny() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            server.on("/t/TOPSECRET\(path)", LoopbackServer.file(bytes))
            try await withSession(cache: cache) { session in
                _ = try session.channels(["\(server.url)/t/TOPSECRET/ch"])
                #expect(try await session.downloader.fetch([item(server)]).count == 1)
            }
            #expect(server.requests.map(\.path) == ["/t/TOPSECRET\(path)"])
        }
    }

    @Test func aFullDiskIsAClearError() async throws {
        // /dev/full accepts no byte; the error must name the path and say what helps.
        let file = try File.writing("/dev/full", empty: false)
        let error = #expect(throws: ChannelError.self) {
            var failure: ChannelError?
            [UInt8](repeating: 0, count: 10).withUnsafeBytes { bytes in
                do throws(ChannelError) { try file.write(bytes) } catch { failure = error }
            }
            if let failure { throw failure }
        }
        #expect(error == .diskFull(path: "/dev/full") && error?.hint?.contains("CONDA_RPM_CACHE") == true)
        #expect(throws: ChannelError.fileSystem(path: "/proc/nowhere", operation: "creating", code: ENOENT)) {
            try makeDirectory("/proc/nowhere/x")
        }
    }

    @Test func cancellingKeepsWhatIsThereForTheNextTime() async throws {
        try await LoopbackServer.run { server in
            let cache = try TemporaryFolder()
            server.on(path) { [bytes] _ in LoopbackServer.Reply(body: bytes, pause: .milliseconds(50)) }
            let item = item(server)
            let running = Task { try await fetch([item], cache: cache) }
            while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            try await Task.sleep(for: .milliseconds(120))
            running.cancel()
            await #expect(throws: ChannelError.cancelled) { try await running.value }
            #expect(cache.files().allSatisfy { $0.hasPrefix("partial/") })
        }
    }

    @Test(arguments: [
        ("a-1-0.conda", ".conda"), ("a-1-0.tar.bz2", ".tar.bz2"), ("x.whl", ".whl"), ("x", ""), ("x.a/b", ""),
        ("M.sh", ".sh"), ("x.ABC", ""),
    ])
    func keepsTheSuffix(_ name: String, suffix: String) { #expect(archiveSuffix(of: name) == suffix) }
}
