import CondaModel

/// How channel names become places, what authenticates requests to them, and how the network is used.
///
/// ``load(environment:workingDirectory:)`` reads what conda would read, so that a name means the same here and there.
package struct ChannelConfiguration: Sendable {
    /// conda's three values of `channel_priority`.
    package enum Priority: String, Sendable, Hashable, CaseIterable { case strict, flexible, disabled }

    /// Where names without a place of their own live.
    package var channelAlias = ResourceURL(scheme: "https", authority: "conda.anaconda.org", path: "")
    /// What `defaults` stands for: URLs or names.
    package var defaultChannels = ["https://repo.anaconda.com/pkgs/main", "https://repo.anaconda.com/pkgs/r"]
    /// Places of single names: the channel is at URL/NAME.
    package var customChannels: [String: String] = [
        "pkgs/main": "https://repo.anaconda.com", "pkgs/r": "https://repo.anaconda.com",
    ]
    /// Names that stand for several channels.
    package var customMultichannels: [String: [String]] = [:]
    /// Places to ask, in order, instead of a channel's own.
    package var mirroredChannels: [String: [String]] = [:]
    /// `channels` of `.condarc`: for a requirement set that names none.
    package var channels: [String] = []
    /// `channel_priority`; nil when nothing says it, which conda-rpm takes for strict.
    package var priority: Priority?
    /// `pinned_packages`: MatchSpecs that hold for every solve.
    package var pinnedPackages: [String] = []
    /// `offline`.
    package var offline = false
    /// Timeouts, retries, TLS and proxies.
    package var network = NetworkSettings()
    /// For `$NAME` in channels.
    package var environment: [String: String] = [:]
    /// For relative paths.
    package var workingDirectory = "/"

    /// conda's own defaults and nothing from this machine.
    package init() {}

    /// Reads the configuration files, the `CONDA_*` variables, the proxies' variables; knows the netrc file.
    ///
    /// - Throws: ``ChannelError/invalidConfiguration(file:line:reason:)`` for a file that is no YAML or a value of
    /// a wrong type.
    package static func load(environment: [String: String], workingDirectory: String? = nil) throws(ChannelError)
        -> ChannelConfiguration
    {
        var configuration = ChannelConfiguration()
        configuration.environment = environment
        configuration.workingDirectory = absolutePath(workingDirectory ?? ".")
        configuration.network.proxies = ProxySettings(environment: environment)
        for file in CondarcFiles.paths(environment: environment) {
            guard let settings = try CondarcSettings.read(file, environment: environment) else { continue }
            try configuration.apply(settings)
        }
        try configuration.apply(CondarcSettings(variables: environment))
        // As conda's HTTP library does: the variables say what "the system's certificates" are.
        let bundle = ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"].lazy.compactMap { environment[$0] }.first
        { !$0.isEmpty }
        if let bundle, configuration.network.trust == .system { configuration.network.trust = .path(bundle) }
        let netrc = environment["NETRC"].flatMap { $0.isEmpty ? nil : $0 }
        configuration.network.netrc = netrc.map { absolutePath($0) } ?? environment["HOME"].map { "\($0)/.netrc" }
        return configuration
    }

    /// Turns names, URLs and paths into channels, in order and without repetition.
    ///
    /// `nodefaults` names nothing and is left out. `defaults` and places on repo.anaconda.com give one warning
    /// about their licence.
    package func resolve(_ names: [String], events: ChannelEventHandler = { _ in }) throws(ChannelError) -> [Channel] {
        var resolved: [Channel] = []
        for name in names where name != "nodefaults" {
            for channel in try expand(name, depth: 0) where !resolved.contains(channel) { resolved.append(channel) }
        }
        if resolved.contains(where: { $0.location.host == "repo.anaconda.com" }) {
            events(
                .warning(
                    "the channel 'defaults' (repo.anaconda.com) needs a paid licence in larger organisations"
                ))
        }
        return resolved
    }
}
