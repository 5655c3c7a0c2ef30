import CondaModel
import CondaSolver
import Testing

/// A record in a line: `record("numpy 1.26.4 py312_0", "python 3.12.*")`.
///
/// The build string is `0` when it is left out, and the build number is the number at its end.
func record(
    _ text: String, _ depends: String..., constrains: [String] = [], tracking: [String] = [], at time: Int64? = nil,
    subdir: String = "linux-64", ending: String = ".conda"
) throws -> PackageRecord {
    let words = text.split(separator: " ").map(String.init)
    let name = words[0]
    let version = words.count > 1 ? words[1] : "1.0"
    let build = words.count > 2 ? words[2] : "0"
    let number = Int(build.split(separator: "_").last ?? "0") ?? 0
    return PackageRecord(
        name: name, version: try Version(version), build: build, buildNumber: number, subdir: subdir,
        depends: depends, constrains: constrains, trackFeatures: tracking, timestamp: time,
        fileName: "\(name)-\(version)-\(build)\(ending)", channel: "main")
}

/// What a solver is asked, built up step by step.
struct Scenario {
    var channels: [[PackageRecord]]
    var virtualPackages: [VirtualPackage] = []
    var locked: [PackageRecord] = []
    var pinned: [String] = []
    var priority = ChannelPriority.strict
    var excludeNewer: Int64?

    init(_ records: PackageRecord...) {
        channels = [records]
    }

    /// Channels in the order of their priority, by name.
    init(channels: KeyValuePairs<String, [PackageRecord]>) {
        self.channels = channels.map { name, records in
            records.map { record in
                var record = record
                record.channel = name
                return record
            }
        }
    }

    func with(_ change: (inout Scenario) throws -> Void) rethrows -> Scenario {
        var copy = self
        try change(&copy)
        return copy
    }

    func request(_ specs: [String]) throws -> SolveRequest {
        SolveRequest(
            specs: try specs.map { try MatchSpec($0) }, channels: channels, virtualPackages: virtualPackages,
            locked: locked, pinned: try pinned.map { try MatchSpec($0) }, channelPriority: priority,
            excludeNewer: excludeNewer)
    }

    /// The solution as `name version build`, without a build of `0`, in the order of installation.
    func solve(_ specs: [String]) throws -> [String] {
        try ClauseLearningSolver().solve(request(specs)).map { record in
            "\(record.name) \(record.version)" + (record.build == "0" ? "" : " \(record.build)")
        }
    }

    /// The error of a request that has no solution.
    func failure(_ specs: String...) throws -> SolveError {
        let request = try request(specs)
        return try #require(throws: SolveError.self) { try ClauseLearningSolver().solve(request) }
    }

    /// Checks a solution, whatever its order.
    func expect(_ specs: String..., gives expected: [String], at location: SourceLocation = #_sourceLocation) throws {
        #expect(try solve(specs).sorted() == expected.sorted(), sourceLocation: location)
    }

    /// Checks the explanation of a request that has no solution.
    func expect(
        _ specs: String..., explains expected: String, at location: SourceLocation = #_sourceLocation
    ) throws {
        let request = try request(specs)
        let error = try #require(throws: SolveError.self, sourceLocation: location) {
            try ClauseLearningSolver().solve(request)
        }
        #expect(error.description == expected, sourceLocation: location)
    }
}
