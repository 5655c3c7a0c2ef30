/// What loading and downloading report while they work; a renderer draws it.
///
/// Nothing in an event holds credentials.
package enum ChannelEvent: Sendable, Hashable {
    /// The work that an event belongs to; `name` is a file name, or `CHANNEL/SUBDIR`.
    package struct Work: Sendable, Hashable {
        /// What kind of bytes these are.
        package enum Kind: Sendable, Hashable { case repodata, shard, archive }
        /// What kind of bytes these are.
        package let kind: Kind
        /// For display.
        package let name: String
        /// Without credentials.
        package let url: String

        /// Names a piece of work.
        package init(kind: Kind, name: String, url: String) {
            self.kind = kind
            self.name = name
            self.url = url
        }
    }

    /// How a piece of work ended well.
    package enum Outcome: Sendable, Hashable {
        /// Bytes came over the network or were newly read; so many.
        case fetched(bytes: Int64)
        /// The cache had it, and it is still right.
        case cached
    }

    /// Work begins; `total` bytes are expected, nil when unknown. `resumed` bytes were there already.
    case started(Work, total: Int64?, resumed: Int64)
    /// So many bytes are there now, counted from zero.
    case progress(Work, received: Int64)
    /// An attempt failed and another follows; `reason` says why.
    case retrying(Work, attempt: Int, reason: String)
    /// Work is complete and verified.
    case finished(Work, Outcome)
    /// Something the user should know and that does not stop the work.
    case warning(String)
}

/// Receives events, from any thread, in no order between different pieces of work.
package typealias ChannelEventHandler = @Sendable (ChannelEvent) -> Void
