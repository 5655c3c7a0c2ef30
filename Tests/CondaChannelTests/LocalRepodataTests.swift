import CondaModel
import Glibc
import Testing

@testable import CondaChannel

@Suite struct LocalRepodataTests {
    private func load(
        _ channel: TemporaryFolder, cache: TemporaryFolder, log: EventLog = EventLog(),
        subdirs: [Subdir] = [.linux64, .noarch],
        specs: [String], also names: [String] = []
    ) async throws -> [ChannelRecords] {
        try await withSession(cache: cache, log: log) { session in
            let repodata = try await session.loader.load(
                channels: try session.channels([channel.path]), subdirs: subdirs)
            return try await repodata.reachable(from: try specs.map { try MatchSpec($0) }, also: names)
        }
    }

    static let packages: [(name: String, version: String, depends: [String])] = [
        ("app", "1", ["lib >=2,<3", "__glibc >=2.17", "gone"]),
        ("app", "2", ["newlib[version='>=1']", "conda-forge::other 1.*"]),
        ("lib", "2", ["Leaf"]), ("lib", "3", ["unreached-by-nothing=1=0"]), ("leaf", "1", ["app"]), ("newlib", "1", []),
        ("other", "1", []), ("unreached-by-nothing", "1", []), ("island", "1", []),
    ]

    @Test(arguments: ["repodata.json", "repodata.json.zst", "repodata.json.bz2"])
    func followsDependencies(_ file: String) async throws {
        let (channel, cache) = (try TemporaryFolder(), try TemporaryFolder())
        let text = Array(repodataText(LocalRepodataTests.packages).utf8)
        let compress: [String: ([UInt8]) -> [UInt8]] = ["zst": zstd, "bz2": bzip2]
        try channel.file("noarch/\(file)", compress[String(file.suffix(3))]?(text) ?? text)
        // The second run uses what the first one cached.
        for _ in 1...2 {
            let found = try await load(channel, cache: cache, specs: ["app"])
            #expect(found.count == 1 && found[0].priority == 0 && found[0].channel.baseURL == "file://\(channel.path)")
            let names = found[0].records.map { "\($0.name) \($0.version)" }
            #expect(
                names == [
                    "app 1", "app 2", "leaf 1", "lib 2", "lib 3", "newlib 1", "other 1", "unreached-by-nothing 1",
                ])
            let record = try #require(found[0].records.first)
            #expect(record.url == "file://\(channel.path)/noarch/app-1-0.conda" && record.fileName == "app-1-0.conda")
            #expect(
                record.channel == "file://\(channel.path)" && record.timestamp == 1_600_000_000_000 && record.size == 10
            )
            #expect(record.sha256 == nil && record.md5 == String(repeating: "0", count: 32))
            #expect(record.depends == ["lib >=2,<3", "__glibc >=2.17", "gone"])
        }
    }

    @Test func leavesOutWhatARootSpecExcludes() async throws {
        let (channel, cache) = (try TemporaryFolder(), try TemporaryFolder())
        _ = try channel.file("noarch/repodata.json", repodataText(LocalRepodataTests.packages))
        let found = try await load(channel, cache: cache, specs: ["app >=2"])[0].records.map {
            "\($0.name) \($0.version)"
        }
        #expect(found == ["app 2", "newlib 1", "other 1"])
        // What nothing matches is kept, so that the solver can say what there is.
        let kept = try await load(channel, cache: cache, specs: ["app >=9"])[0].records.filter { $0.name == "app" }
        #expect(kept.count == 2)
        let patterns = try await load(channel, cache: cache, specs: ["*lib"], also: ["Island"])[0].records.map(\.name)
        #expect(Set(patterns) == ["lib", "newlib", "leaf", "app", "other", "unreached-by-nothing", "island"])
    }

    @Test func prefersCondaAndDropsRemovedAndInvalid() async throws {
        let (channel, cache, log) = (try TemporaryFolder(), try TemporaryFolder(), EventLog())
        let base = "https://user:SECRET@files.example.org/t/SECRET/pool"
        _ = try channel.file(
            "noarch/repodata.json",
            """
            {"info": {"subdir": "noarch", "base_url": "\(base)"}, "repodata_version": 2,
             "packages": {"a-1-0.tar.bz2": \(recordText("a", "1")), "a-2-0.tar.bz2": \(recordText("a", "2")),
                          "a-3-0.tar.bz2": \(recordText("a", "3")), "a-bad!!v!-0.tar.bz2": \(recordText("a", "bad!!v!"))},
             "packages.conda": {"a-1-0.conda": \(recordText("a", "1")), "a-4-0.conda": \(recordText("other", "4")),
                          "a-5-0.conda": {"name": "a"}, "a-6-0.conda": {"name": "a", "version": 6, "build": "0"},
                          "a-7-0.conda": {"name": "a", "version": "7", "build": "0", "depends": "b"}, "nonsense": {}},
             "removed": ["a-3-0.tar.bz2"]}
            """)
        let records = try await load(channel, cache: cache, log: log, specs: ["a"])[0].records
        #expect(records.map(\.fileName) == ["a-2-0.tar.bz2", "a-1-0.conda"])
        #expect(records.map(\.url) == ["a-2-0.tar.bz2", "a-1-0.conda"].map { "https://files.example.org/pool/\($0)" })
        let warning = try #require(log.warnings.first)
        #expect(
            log.warnings.count == 1 && warning.contains("6 records") && warning.contains("nonsense")
                && !warning.contains("SECRET"))
    }

    @Test(arguments: [
        (#""repodata_version": 3"#, "repodata_version 3"), (#""repodata_version": "x""#, "repodata_version"),
        (#""info": {"repodata_version": 9}"#, "repodata_version 9"),
    ])
    func refusesNewerVersions(_ member: String, reason: String) async throws {
        let (channel, cache) = (try TemporaryFolder(), try TemporaryFolder())
        _ = try channel.file("noarch/repodata.json", "{\(member), \"packages\": {}}")
        let error = await #expect(throws: ChannelError.self) { try await load(channel, cache: cache, specs: ["a"]) }
        guard case .unsupported(_, let feature) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(feature.contains(reason) && error?.hint != nil)
    }

    @Test func readsRevisionThreeAndNamesWhatItCannot() async throws {
        let (channel, cache, log) = (try TemporaryFolder(), try TemporaryFolder(), EventLog())
        _ = try channel.file(
            "noarch/repodata.json",
            """
            {"info": {"subdir": "noarch", "repodata_revisions": {"v3": {"n_packages": 4}, "v4": {"n_packages": 1}}},
             "packages": {}, "packages.conda": {},
             "v3": {"conda": {"a-1-0": \(recordText("a", "1", depends: ["b[version='2.*',build_number=0]"])),
                              "a-2-0": \(recordText("a", "2", depends: ["b[when='__unix']"])),
                              "a-3-0": \(recordText("a", "3", more: #", "flags": ["cuda"]"#))},
                    "tar.bz2": {"b-2-0": \(recordText("b", "2", more: #", "extra_depends": {"x": ["y"]}"#))}, "whl": {"w-1-0": {}}}}
            """)
        let records = try await load(channel, cache: cache, log: log, specs: ["a"])[0].records
        #expect(records.map(\.fileName) == ["a-1-0.conda", "b-2-0.tar.bz2"])
        let all = log.warnings.joined(separator: "\n")
        #expect(
            all.contains("2 records") && all.contains("CEP 43") && all.contains("CEP 45") && all.contains("'v4'")
                && all.contains("'whl'"))
    }

    @Test func corruptDocumentsLeaveNoTrace() async throws {
        let (channel, cache) = (try TemporaryFolder(), try TemporaryFolder())
        let text = Array(repodataText(LocalRepodataTests.packages).utf8)
        let (compressed, old) = (zstd(text), bzip2(text))
        var (damaged, oldDamaged) = (compressed, old)
        damaged[compressed.count / 2] ^= 0xff
        oldDamaged[old.count / 2] ^= 0xff
        for (file, bytes) in [
            ("repodata.json", Array(text.dropLast(40))), ("repodata.json.zst", Array(compressed.dropLast(9))),
            ("repodata.json.zst", damaged),
            ("repodata.json.zst", Array("no zstd".utf8)), ("repodata.json.zst", []),
            ("repodata.json.bz2", Array(old.dropLast(9))), ("repodata.json.bz2", oldDamaged),
            ("repodata.json.bz2", old + Array("more".utf8)), ("repodata.json.bz2", Array("no bzip2".utf8)),
            ("repodata.json.bz2", []),
        ] {
            let path = try channel.file("noarch/\(file)", bytes)
            let error = await #expect(throws: ChannelError.self) {
                try await load(channel, cache: cache, specs: ["app"])
            }
            guard case .corrupt(let url, _, _) = error else {
                return #expect(Bool(false), "\(String(describing: error))")
            }
            #expect(url == "file://\(path)" && error?.hint != nil)
            #expect(cache.files().allSatisfy { $0.hasSuffix("lock") })
            removeFile(path)
        }
    }

    @Test func aRecordThatIsNoJSONNamesItsPlace() async throws {
        let (channel, cache) = (try TemporaryFolder(), try TemporaryFolder())
        _ = try channel.file(
            "noarch/repodata.json", #"{"packages.conda": {"a-1-0.conda": {"name": "a", "version": nope}}}"#)
        let error = await #expect(throws: ChannelError.self) { try await load(channel, cache: cache, specs: ["a"]) }
        guard case .corrupt(_, let position, let reason) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(position == 20 && reason.contains("'a'"))
    }

    @Test func aChangedDocumentIsScannedAgain() async throws {
        let (channel, cache) = (try TemporaryFolder(), try TemporaryFolder())
        for version in ["1", "2", "3"] {
            _ = try channel.file("noarch/repodata.json", repodataText([("a", version, [])]))
            #expect(try await load(channel, cache: cache, specs: ["a"])[0].records.map(\.version.text) == [version])
        }
    }

    @Test func aFolderWithoutRepodataIsNoChannel() async throws {
        let (channel, cache) = (try TemporaryFolder(), try TemporaryFolder())
        let error = await #expect(throws: ChannelError.self) { try await load(channel, cache: cache, specs: ["a"]) }
        guard case .noSuchChannel(_, let searched) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(searched.count == 2)
    }

    @Test func severalChannelsKeepTheirOrder() async throws {
        let (first, second, cache) = (try TemporaryFolder(), try TemporaryFolder(), try TemporaryFolder())
        _ = try first.file("noarch/repodata.json", repodataText([("a", "1", ["b"])]))
        _ = try second.file("noarch/repodata.json", repodataText([("b", "1", []), ("a", "2", [])]))
        try await withSession(cache: cache) { session in
            let channels = try session.channels([first.path, second.path])
            let repodata = try await session.loader.load(channels: channels, subdirs: [.linux64, .noarch])
            let found = try await repodata.reachable(from: [try MatchSpec("a")])
            #expect(found.map(\.priority) == [0, 1])
            #expect(found.map { $0.records.map(\.fileName) } == [["a-1-0.conda"], ["a-2-0.conda", "b-1-0.conda"]])
            #expect(repodata.names == ["a", "b"] && repodata.contains(name: "b") && !repodata.contains(name: "c"))
        }
    }

    @Test func worksWithoutAWritableCache() async throws {
        let channel = try TemporaryFolder()
        _ = try channel.file("noarch/repodata.json", repodataText([("a", "1", [])]))
        let blocked = try channel.file("blocked", "a file where the cache's folder would be")
        let session = try ChannelSession(
            configuration: ChannelConfiguration(), cache: CacheDirectory(path: "\(blocked)/cache"))
        let repodata = try await session.loader.load(channels: try session.channels([channel.path]), subdirs: [.noarch])
        #expect(try await repodata.reachable(from: [try MatchSpec("a")])[0].records.count == 1)
        await session.close()
    }

    @Test(arguments: [
        ("numpy", "numpy"), ("numpy >=1.2,<2", "numpy"), ("Numpy=1.2", "numpy"), ("numpy>=1", "numpy"),
        ("numpy!=1", "numpy"),
        ("numpy~=1", "numpy"), ("numpy[version=1]", "numpy"), ("conda-forge::numpy 1.* *_0", "numpy"),
        ("conda-forge/linux-64::numpy", "numpy"),
        ("  numpy ", "numpy"), ("", ""), ("_libgcc_mutex 0.1 main", "_libgcc_mutex"),
    ])
    func findsTheNameInADependency(_ text: String, name: String) { #expect(dependencyName(text) == name) }
}
