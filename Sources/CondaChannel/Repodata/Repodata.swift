import CondaModel

/// The records of one channel that a solve can reach.
package struct ChannelRecords: Sendable {
    /// Where they are from.
    package let channel: Channel
    /// Place of the channel in the list that was loaded; 0 is first and wins.
    package let priority: Int
    /// All subdirectories' records, ordered by name, then as the channel lists them.
    package let records: [PackageRecord]
}

/// Repodata of several channels, of which records are parsed only when something asks for their names.
package struct Repodata: Sendable {
    /// The channels, first wins.
    package let channels: [Channel]
    /// One per channel and subdirectory that exists, in the order of channels.
    let sources: [Source]
    let events: ChannelEventHandler

    struct Source: Sendable {
        let priority: Int
        let records: any RecordSource
    }

    /// Every name that some channel has, sorted; to find the nearest one to a misspelt name.
    package var names: [String] {
        var all: Set<String> = []
        for source in sources { all.formUnion(source.records.names) }
        return all.sorted()
    }

    /// Whether some channel has a package of this name.
    package func contains(name: String) -> Bool { sources.contains { $0.records.contains(name) } }

    /// The records of all names that `specs` and `names` need, directly or through dependencies.
    ///
    /// A breadth-first closure over `depends` by name; virtual packages (`__glibc`) and names that no channel has
    /// end a branch. Records of a root spec's own name that do not match it cannot be in any solution, so they are
    /// left out, and what only they need is not reached; unless a channel would lose the whole name by that,
    /// because strict priority must know that it has it.
    ///
    /// - Throws: ``ChannelError`` for corrupt repodata and failed requests. Single records that cannot be used are
    /// left out and
    ///   reported in one warning per subdirectory.
    package func reachable(from specs: [MatchSpec], also names: [String] = []) async throws(ChannelError)
        -> [ChannelRecords]
    {
        try await ReachableClosure(repodata: self, specs: specs).run(also: names)
    }
}

/// The records of one subdirectory of one channel, by name.
protocol RecordSource: Sendable {
    /// `CHANNEL/SUBDIR`, for messages.
    var label: String { get }
    /// All names, sorted.
    var names: [String] { get }
    func contains(_ name: String) -> Bool
    /// The usable records of a name, `.conda` only where the same is also there as `.tar.bz2`, without removed ones.
    func records(of name: String) async throws(ChannelError) -> [PackageRecord]
    /// Records found unusable so far.
    var problems: RecordProblems { get }
}
