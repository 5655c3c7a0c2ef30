import CondaModel
import Fuzzing
import Glibc
import HostSystem

@testable import CondaChannel

/// The readers of `CondaChannel`; none needs its transport, which `scripts/fuzz` therefore does not build.
enum ChannelReader: String, FuzzedReader {
    /// A document compressed with bzip2.
    case bzip2
    /// A `.condarc`, with the channels that it names.
    case condarc
    /// A shard of repodata, or an index of shards (CEP 16), decompressed.
    case shards = "message-pack"
    /// The tables of a repodata document's index in the cache, without its magic and digest.
    case recordIndex = "record-index"
    /// `repodata.json`.
    case repodata
    /// A URL; in the second line a reference to be resolved against it.
    case urls
    /// A document compressed with zstd.
    case zstd

    func read(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        switch self {
        case .bzip2: try Self.readBZip2(input)
        case .condarc: try Self.readCondarc(text)
        case .shards: try Self.readShard(input)
        case .recordIndex: try Self.readIndex(input)
        case .repodata: try Self.readRepodata(input)
        case .urls: try Self.readURL(text)
        case .zstd: try Self.readCompressed(input)
        }
    }
}

extension ChannelReader {
    private static func readCompressed(_ input: [UInt8]) throws {
        let limit = 1 << 20
        let count = try decompressed(input, limit: UInt64(limit), url: "fuzz").count
        try promise(count <= limit, "\(count) bytes came out, more than \(limit)")
    }

    private static func readBZip2(_ input: [UInt8]) throws {
        let limit: UInt64 = 1 << 20
        guard let stream = BZip2Stream(limit: limit) else { throw BrokenPromise("there is no memory") }
        var count = 0
        // In two pieces, of which the first may end anywhere.
        for piece in [input.prefix(input.count / 2), input.dropFirst(input.count / 2)] {
            let failure = try piece.withUnsafeBytes { try stream.feed($0) { count += $0.count } }
            try promise(count <= limit, "\(count) bytes came out, more than \(limit)")
            if let failure { throw failure }
        }
        if let failure = stream.finish() { throw failure }
    }

    /// What a URL is written as has no credentials, and what goes over the wire has all of them.
    private static func readURL(_ text: String) throws {
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        try promise(percentDecoded(percentEncoded(lines[0])) == lines[0], "'\(lines[0])' is not what it is encoded as")
        guard let url = ResourceURL(lines[0]) else { return }
        try check(url)
        guard lines.count > 1, let target = url.resolving(lines[1]) else { return }
        try check(target)
    }

    private static func check(_ url: ResourceURL) throws {
        guard let shown = ResourceURL(url.text, takingToken: false) else {
            throw BrokenPromise("'\(url.text)' is not read again")
        }
        try promise(shown.credentials.reveal().isEmpty, "'\(url.text)' has credentials")
        try promise(shown.text == url.text, "'\(url.text)' is read as '\(shown.text)'")
        guard let sent = ResourceURL(url.revealed()) else {
            throw BrokenPromise("'\(url.revealed())' is not read again")
        }
        // A token does not go along to where a reference leads out of its place.
        let token = url.credentials.reveal().token.flatMap { url.path.hasPrefix($0.prefix) ? $0 : nil }
        try promise(
            sent.text == url.text && sent.credentials.reveal().token == token,
            "'\(url.revealed())' is read as '\(sent.text)', not as '\(url.text)'")
        _ = (url.port, url.fileName, url.filePath, url.parent, url.appending("a b"))
    }

    private static func readCondarc(_ text: String) throws {
        var configuration = ChannelConfiguration()
        configuration.environment = ["HOME": "/home/me", "TOKEN": "secret"]
        try configuration.apply(CondarcSettings(text, file: "fuzz", environment: configuration.environment))
        let names = configuration.channels + ["defaults", "conda-forge/label/dev"]
        for name in names + configuration.mirroredChannels.values.joined() {
            for channel in (try? configuration.resolve([name])) ?? [] {
                guard let place = ResourceURL(channel.baseURL, takingToken: false) else {
                    throw BrokenPromise("the channel '\(name)' is at '\(channel.baseURL)'")
                }
                try promise(place.credentials.reveal().isEmpty, "the channel '\(channel.baseURL)' has credentials")
                _ = configuration.network.proxies.choice(for: channel.baseURL)
            }
        }
    }

    private static func place() throws -> RecordPlace {
        let channel = Channel(name: "c", location: ResourceURL(scheme: "https", authority: "h", path: "/c"))
        return try RecordPlace(
            channel: channel, subdir: "noarch", baseURL: nil, removed: [], document: "fuzz",
            credentials: CredentialStore())
    }

    private static func readShard(_ input: [UInt8]) throws {
        let root = try messagePack(input, url: "fuzz")
        _ = try? ShardIndex(input, url: "fuzz")
        let sections = [root["packages"], root["packages.conda"], root["v3"]?["conda"], root["v3"]?["tar.bz2"]]
        let names = sections.compactMap { $0?.members?.first?.value["name"]?.string?.lowercased() }
        let place = try place()
        for name in Set(names) {
            let records = ShardRecords(place: place, name: name, problems: RecordProblems()).records(root)
            try check(records, name, place)
        }
    }

    private static func check(_ records: [PackageRecord], _ name: String, _ place: RecordPlace) throws {
        for record in records {
            try promise(record.name == name, "a record of '\(name)' is one of '\(record.name)'")
            try promise(
                record.url.hasPrefix(place.base) && !record.url.dropFirst(place.base.count).contains("/"),
                "a record is at '\(record.url)', outside of '\(place.base)'")
            for digest in [(record.sha256, 32), (record.md5, 16)] {
                if let text = digest.0 { try promise(isHexadecimal(text, bytes: digest.1), "'\(text)' is no digest") }
            }
        }
        _ = dependencyNames(of: records)
    }

    private static func readRepodata(_ input: [UInt8]) throws {
        let scanner = try RepodataScanner(url: "fuzz")
        try input.withUnsafeBytes { try scanner.feed($0) }
        let index = try scanner.finish()
        let scratch = try ScratchFile(input)
        guard let file = try File.reading(scratch.path) else { throw BrokenPromise("\(scratch.path) is not there") }
        let stamp = try file.stamp()
        let kept = RecordIndex(try index.encoded(document: stamp), document: stamp)
        try promise(
            kept?.names == index.names && kept?.runs == index.runs && kept?.members == index.members,
            "the index is not what the cache keeps of it")
        let channel = Channel(name: "c", location: ResourceURL(scheme: "https", authority: "h", path: "/c"))
        let subdir = try IndexedSubdir(
            channel: channel, subdir: "noarch", url: "fuzz", file: file, index: index, cached: nil,
            credentials: CredentialStore(), parsers: RecordParserPool(), events: { _ in })
        for name in subdir.names {
            try promise(subdir.contains(name), "'\(name)' is not found")
            guard let records = try? subdir.records(of: name) else { continue }
            for record in records {
                try promise(record.name == name, "a record of '\(name)' is one of '\(record.name)'")
            }
            _ = dependencyNames(of: records)
        }
    }

    /// Behind a digest that is right, as a file has that another version of this program wrote.
    private static func readIndex(_ input: [UInt8]) throws {
        let bytes = Array("conda-rpm index 1\n".utf8) + Digest.sha256(input) + input
        guard let index = RecordIndex(bytes, document: FileStamp(stat())) else { return }
        for name in index.names { _ = index.runs(of: name) }
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { ChannelReader.feed(start, count) }
#endif
