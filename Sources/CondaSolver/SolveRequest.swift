import CondaModel

/// What is wanted, and what it may be made of.
package struct SolveRequest: Sendable {
    /// The requirements, in the user's order: earlier ones are satisfied with their best candidates first.
    package var specs: [MatchSpec]
    /// The records of every channel, the channel with the highest priority first.
    package var channels: [[PackageRecord]]
    /// What the target offers, such as `__glibc`.
    package var virtualPackages: [VirtualPackage]
    /// Records of an earlier solution, each preferred to the other candidates of its name; they may be missing from
    /// the channels.
    package var locked: [PackageRecord]
    /// Specs that a package must match if it is chosen at all; they require nothing.
    package var pinned: [MatchSpec]
    /// How far a channel hides those after it.
    package var channelPriority: ChannelPriority
    /// The newest build time that is accepted, in milliseconds since 1970; records without a time are then refused.
    package var excludeNewer: Int64?

    /// Makes a request; see the properties for their meaning.
    package init(
        specs: [MatchSpec], channels: [[PackageRecord]], virtualPackages: [VirtualPackage] = [],
        locked: [PackageRecord] = [], pinned: [MatchSpec] = [], channelPriority: ChannelPriority = .strict,
        excludeNewer: Int64? = nil
    ) {
        self.specs = specs
        self.channels = channels
        self.virtualPackages = virtualPackages
        self.locked = locked
        self.pinned = pinned
        self.channelPriority = channelPriority
        self.excludeNewer = excludeNewer
    }
}

/// How far a channel hides the channels after it (conda's `channel_priority`).
package enum ChannelPriority: String, Sendable, Hashable, Codable, CaseIterable {
    /// A name that a channel has is taken from no later channel.
    case strict
    /// A name is taken from a later channel only when an earlier one has no fitting candidate, whatever the versions.
    case flexible
    /// The version counts, not the channel.
    case disabled
}
