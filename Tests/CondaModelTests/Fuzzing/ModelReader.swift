import CondaModel
import FoundationEssentials
import Fuzzing

/// The readers of `CondaModel`.
enum ModelReader: String, FuzzedReader {
    /// Names of packages, archives, channels and distributions, one text.
    case names
    /// A record as JSON, in `index.json` or `conda-meta`.
    case packageRecords = "package-records"
    /// A glob or a regular expression, and in the second line what it is held against.
    case patterns
    case matchSpecs = "match-specs"
    case versionSpecs = "version-specs"
    /// Versions, one a line.
    case versions

    func read(_ input: [UInt8]) throws {
        let text = String(decoding: input, as: UTF8.self)
        switch self {
        case .names: try Self.readNames(text)
        case .packageRecords: try Self.readRecord(input)
        case .patterns: try Self.readPattern(text)
        case .matchSpecs: try Self.readMatchSpec(text)
        case .versionSpecs: try Self.readVersionSpec(text)
        case .versions: try Self.readVersions(text)
        }
    }
}

extension ModelReader {
    /// The order of versions must be total, and a version must be equal to what it is written as.
    private static func readVersions(_ text: String) throws {
        let lines = text.split(separator: "\n", maxSplits: 7).map(String.init)
        let versions = lines.compactMap { try? Version($0) }
        for first in versions {
            let again = try Version(first.description)
            try promise(first == again && first.hashValue == again.hashValue, "'\(first)' is not what it says")
            for second in versions {
                let relations = [first < second, first == second, second < first].count { $0 }
                try promise(relations == 1, "'\(first)' and '\(second)' stand in \(relations) relations")
                for third in versions where first < second && second < third {
                    try promise(first < third, "'\(first)' < '\(second)' < '\(third)', but not the first and the third")
                }
            }
        }
    }

    private static func readVersionSpec(_ text: String) throws {
        let spec = try VersionSpec(text)
        let again: VersionSpec
        do { again = try VersionSpec(spec.description) } catch {
            throw BrokenPromise("'\(text)' is written as '\(spec)', which is refused: \(error)")
        }
        try promise(spec == again, "'\(text)' is written as '\(spec)', which means '\(again)'")
        for version in samples {
            try promise(
                spec.matches(version) == again.matches(version),
                "'\(text)' and '\(spec)' do not agree about \(version)")
        }
    }

    private static func readMatchSpec(_ text: String) throws {
        let spec = try MatchSpec(text)
        let again: MatchSpec
        do { again = try MatchSpec(spec.description) } catch {
            throw BrokenPromise("'\(text)' is written as '\(spec)', which is refused: \(error)")
        }
        try promise(spec == again, "'\(text)' is written as '\(spec)', which means '\(again)'")
        for version in samples {
            let record = PackageRecord(
                name: spec.name ?? "python", version: version, build: spec.build?.exact ?? "h1_0", subdir: "linux-64")
            try promise(
                spec.matches(record) == again.matches(record), "'\(text)' and '\(spec)' do not agree about \(version)")
        }
    }

    private static let samples = ["0", "1.2.3", "1.2.dev1", "2.0_", "1!0.post1+local"].compactMap { try? Version($0) }

    private static func readPattern(_ text: String) throws {
        let parts = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let matcher = try StringMatcher(parts[0])
        let again = try? StringMatcher("\(matcher)")
        try promise(matcher == again, "'\(parts[0])' is written as '\(matcher)', which means something else")
        _ = matcher.matches(parts.count > 1 ? parts[1] : parts[0])
    }

    private static func readRecord(_ input: [UInt8]) throws {
        let record = try JSONDecoder().decode(PackageRecord.self, from: Data(input))
        let again = try? JSONDecoder().decode(PackageRecord.self, from: JSONEncoder().encode(record))
        // Below this number milliseconds cannot be told from seconds.
        if let timestamp = record.timestamp, timestamp <= 253_402_300_799 { return }
        try promise(record == again, "a record is not what it is written as")
    }

    /// What is taken out of a text is out of it.
    private static func checkOnce(_ what: String, _ text: String, _ without: (String) -> String) throws {
        let once = without(text)
        try promise(without(once) == once, "without its \(what) '\(text)' is '\(once)', and that '\(without(once))'")
    }

    private static func readNames(_ text: String) throws {
        if let archive = ArchiveName(text) {
            try promise(archive.description == text, "the archive '\(text)' is written as '\(archive)'")
        }
        try checkOnce("credentials", text, ChannelName.withoutCredentials)
        try checkOnce("folders", text, ChannelName.withoutFolders)
        try checkOnce("spelling", text) { DistributionName.canonical($0) }
        _ = Identifier.problem(inPackageName: text)
        _ = Identifier.problem(inChannelName: text)
        _ = PythonDistribution.among([text])
        _ = Subdir(rawValue: text)?.rpmArchitecture
        _ = ChannelName.matches(spec: text, channel: "https://conda.anaconda.org/\(text)")
    }
}

#if FUZZING
    /// The function that libFuzzer calls.
    @_cdecl("LLVMFuzzerTestOneInput")
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { ModelReader.feed(start, count) }
#endif
