/// How settings of one source go over those of lower priority: single values replace, maps merge by key, lists put
/// their own first.
extension ChannelConfiguration {
    mutating func apply(_ settings: CondarcSettings) throws(ChannelError) {
        try applyPlaces(settings)
        try applyNetwork(settings)
        if let value: Priority = try settings.priority() { priority = value }
        if let value = try settings.flag("offline") { offline = value }
        if let value = try settings.strings("pinned_packages") { pinnedPackages = merged(value, pinnedPackages) }
    }

    private mutating func applyPlaces(_ settings: CondarcSettings) throws(ChannelError) {
        if let text = try settings.string("channel_alias") {
            guard let url = ResourceURL(text) ?? (text.hasPrefix("/") ? ResourceURL(filePath: text) : nil) else {
                throw .invalidConfiguration(file: settings.source, line: nil, reason: "channel_alias: expected a URL")
            }
            channelAlias = url
        }
        if let value = try settings.strings("channels") { channels = merged(value, channels) }
        if let value = try settings.strings("default_channels") { defaultChannels = value }
        if let value = try settings.map("custom_channels") { customChannels.merge(value) { $1 } }
        if let value = try settings.listMap("custom_multichannels") { customMultichannels.merge(value) { $1 } }
        if let value = try settings.listMap("mirrored_channels") { mirroredChannels.merge(value) { $1 } }
    }

    private mutating func applyNetwork(_ settings: CondarcSettings) throws(ChannelError) {
        if let text = try settings.string("ssl_verify") {
            network.trust =
                truth(text).map { $0 ? .system : .anything } ?? (text == "truststore" ? .system : .path(text))
        }
        if let certificate = try settings.string("client_ssl_cert") {
            let key = try settings.string("client_ssl_cert_key") ?? certificate
            network.clientCertificate = NetworkSettings.ClientCertificate(certificate: certificate, key: key)
        }
        if let value = try settings.map("proxy_servers") {
            network.proxies.servers.merge(value.mapValues { Redacted($0) }) { $1 }
        }
        if let value = try settings.number("remote_connect_timeout_secs") { network.connectSeconds = max(1, value) }
        if let value = try settings.number("remote_read_timeout_secs") { network.readSeconds = max(1, value) }
        if let value = try settings.number("remote_max_retries") { network.retry.attempts = value + 1 }
    }

    private func merged(_ first: [String], _ rest: [String]) -> [String] { first + rest.filter { !first.contains($0) } }
}

extension CondarcSettings {
    /// conda's older files say true for flexible and false for disabled.
    func priority() throws(ChannelError) -> ChannelConfiguration.Priority? {
        if let text = try string("channel_priority"), let old = truth(text) { return old ? .flexible : .disabled }
        return try choice("channel_priority")
    }
}
