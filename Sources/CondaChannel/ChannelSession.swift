/// Everything that talks to channels on behalf of one command: connections, credentials, the cache and the event
/// handler.
///
///     let configuration = try ChannelConfiguration.load(environment: environment)
///     let session = try ChannelSession(configuration: configuration, cache: .standard(environment: environment))
///     let channels = try session.channels(["conda-forge"])
///     let repodata = try await session.loader.load(channels: channels, subdirs: [.linux64, .noarch])
///     await session.close()
///
/// No connection is made and no thread is started before a request over the network needs it.
package final class ChannelSession: Sendable {
    /// The configuration that the session was made with.
    package let configuration: ChannelConfiguration
    /// The folder that downloads go to.
    package let cache: CacheDirectory
    /// Whether only the cache and local files are used.
    package let offline: Bool
    private let events: ChannelEventHandler
    let requester: Requester

    /// Prepares a session; `offline` adds to what the configuration says.
    package convenience init(
        configuration: ChannelConfiguration, cache: CacheDirectory, offline: Bool = false,
        events: @escaping ChannelEventHandler = { _ in }
    ) throws(ChannelError) {
        let transport = CurlTransport(network: configuration.network)
        try self.init(
            configuration: configuration, cache: cache, offline: offline, transport: transport, events: events)
    }

    init(
        configuration: ChannelConfiguration, cache: CacheDirectory, offline: Bool, transport: any Transport,
        events: @escaping ChannelEventHandler
    ) throws(ChannelError) {
        self.configuration = configuration
        self.cache = cache
        self.offline = offline || configuration.offline
        self.events = events
        let credentials = CredentialStore()
        let mirrors = try Mirrors(configuration: configuration)
        for mirror in mirrors.all { credentials.register(mirror) }
        // Places that the configuration gives credentials for serve locks too, whose URLs have none.
        credentials.register(configuration.channelAlias)
        for place in configuration.customChannels.values {
            if let url = ResourceURL(place) { credentials.register(url) }
        }
        for name in configuration.channels {
            for channel in try configuration.expand(name, depth: 0) { credentials.register(channel.location) }
        }
        requester = Requester(
            transport: transport, credentials: credentials, mirrors: mirrors, retry: configuration.network.retry,
            events: events)
    }

    /// Resolves names as ``ChannelConfiguration/resolve(_:events:)`` does, and remembers their credentials for
    /// downloads.
    package func channels(_ names: [String]) throws(ChannelError) -> [Channel] {
        let channels = try configuration.resolve(names, events: events)
        for channel in channels { requester.credentials.register(channel.location) }
        return channels
    }

    /// Loads repodata.
    package var loader: RepodataLoader {
        RepodataLoader(requester: requester, cache: cache, offline: offline, events: events)
    }

    /// Fetches archives.
    package var downloader: Downloader {
        Downloader(requester: requester, cache: cache, offline: offline, events: events)
    }

    /// Closes connections.
    ///
    /// Call once, when nothing is under way; afterwards the session is of no use.
    package func close() async { await requester.transport.close() }
}
