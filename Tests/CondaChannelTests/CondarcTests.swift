import Testing

@testable import CondaChannel

@Suite struct CondarcTests {
    private func load(_ text: String, variables: [String: String] = [:]) throws -> ChannelConfiguration {
        let home = try TemporaryFolder()
        _ = try home.file(".condarc", text)
        return try ChannelConfiguration.load(environment: variables.merging(["HOME": home.path]) { $1 })
    }

    @Test func readsTheKeysThatMatterAndIgnoresOthers() throws {
        let configuration = try load(
            """
            channel_alias: https://conda.example.org/
            channels: [one, two]
            default_channels:
              - https://conda.example.org/main
            custom_channels: {internal: "https://user:$PASSWORD@h/x"}
            custom_multichannels:
              stack: [one, internal]
            mirrored_channels:
              conda-forge: [https://m.example.org/conda-forge]
            channel_priority: flexible
            ssl_verify: /etc/ca.pem
            client_ssl_cert: /c.pem
            client_ssl_cert_key: /k.pem
            proxy_servers: {https: http://proxy:3128}
            remote_max_retries: 7
            remote_connect_timeout_secs: 9.15
            offline: yes
            pinned_packages: [python 3.12.*]
            auto_activate_base: false
            envs_dirs: {anything: at all}
            """, variables: ["PASSWORD": "SECRET"])
        #expect(configuration.channelAlias.description == "https://conda.example.org/")
        #expect(configuration.channels == ["one", "two"])
        #expect(configuration.defaultChannels == ["https://conda.example.org/main"])
        #expect(configuration.customChannels["internal"] == "https://user:SECRET@h/x")
        #expect(configuration.customMultichannels == ["stack": ["one", "internal"]])
        #expect(configuration.mirroredChannels == ["conda-forge": ["https://m.example.org/conda-forge"]])
        #expect(configuration.priority == .flexible && configuration.offline)
        #expect(configuration.network.trust == .path("/etc/ca.pem"))
        #expect(configuration.network.clientCertificate == .init(certificate: "/c.pem", key: "/k.pem"))
        #expect(configuration.network.retry.attempts == 8 && configuration.network.connectSeconds == 10)
        #expect(configuration.pinnedPackages == ["python 3.12.*"])
        #expect(try configuration.resolve(["one"]).first?.baseURL == "https://conda.example.org/one")
    }

    @Test(arguments: [
        ("", ["SSL_CERT_FILE": "/s", "REQUESTS_CA_BUNDLE": "/r"], NetworkSettings.Trust.path("/r")),
        ("ssl_verify: true", ["SSL_CERT_FILE": "/s"], .path("/s")),
        ("ssl_verify: false", ["SSL_CERT_FILE": "/s"], .anything),
        ("ssl_verify: /own", ["SSL_CERT_FILE": "/s"], .path("/own")),
        ("ssl_verify: /own", ["CONDA_SSL_VERIFY": "no"], .anything),
        ("", [:], .system),
    ])
    func decidesWhatIsTrusted(_ text: String, variables: [String: String], trust: NetworkSettings.Trust) throws {
        #expect(try load(text, variables: variables).network.trust == trust)
    }

    @Test func laterFilesAndVariablesWin() throws {
        let home = try TemporaryFolder()
        let prefix = try TemporaryFolder()
        _ = try home.file(
            ".config/conda/condarc.d/a.yml",
            "channel_priority: disabled\nchannels: [low]\ncustom_channels: {a: https://low/}")
        _ = try home.file(".condarc", "channels: [middle]\ncustom_channels: {b: https://middle/}")
        _ = try prefix.file(
            ".condarc", "channel_priority: strict\nchannels: [high]\ncustom_channels: {a: https://high/}")
        let environment = ["HOME": home.path, "CONDA_PREFIX": prefix.path, "CONDA_CHANNEL_ALIAS": "https://variable"]
        let configuration = try ChannelConfiguration.load(environment: environment)
        #expect(configuration.channels == ["high", "middle", "low"])
        #expect(configuration.priority == .strict)
        #expect(
            configuration.customChannels["a"] == "https://high/"
                && configuration.customChannels["b"] == "https://middle/")
        #expect(configuration.channelAlias.description == "https://variable")
    }

    @Test(arguments: [
        ("channels: [a\n", "not valid YAML"), ("- just\n- a list\n", "expected keys and values"),
        ("channel_priority: fast", "strict or flexible or disabled"),
        ("x: 1\ncustom_channels: [a]", "custom_channels"), ("offline: perhaps", "true or false"),
        ("remote_max_retries: many", "a number"),
    ])
    func namesFileAndReason(_ text: String, reason: String) throws {
        let error = #expect(throws: ChannelError.self) { try load(text) }
        #expect(error.map { "\($0)".contains(".condarc") && "\($0)".contains(reason) } == true)
    }

    @Test func namesTheLine() throws {
        let error = #expect(throws: ChannelError.self) { try load("x: 1\ny: 2\noffline: perhaps") }
        guard case .invalidConfiguration(_, let line, _) = error else {
            return #expect(Bool(false), "another error: \(String(describing: error))")
        }
        #expect(line == 3)
    }

    @Test func anEmptyFileSaysNothing() throws { #expect(try load("# nothing\n").priority == nil) }

    @Test(arguments: [("true", ChannelConfiguration.Priority.flexible), ("false", .disabled), ("Strict", .strict)])
    func readsOldPriorities(_ text: String, _ expected: ChannelConfiguration.Priority) throws {
        #expect(try load("channel_priority: \(text)").priority == expected)
    }

    @Test func knowsTheNetrcFile() throws {
        func file(_ variables: [String: String]) throws -> String? {
            try ChannelConfiguration.load(environment: variables).network.netrc
        }
        #expect(try file(["HOME": "/nowhere"]) == "/nowhere/.netrc")
        #expect(try file(["HOME": "/nowhere", "NETRC": "/n"]) == "/n")
        #expect(try file([:]) == nil)
    }

    @Test func choosesProxies() {
        var proxies = ProxySettings(environment: [
            "http_proxy": "http://user:pw@plain:1", "HTTPS_PROXY": "secure:2",
            "no_proxy": "localhost, .example.org,10.0.0.1:80",
        ])
        func server(_ url: String) -> String? { proxies.choice(for: url).map { "\($0.host):\($0.port)" } }
        #expect(server("http://h/x") == "plain:1")
        #expect(server("https://h/x") == "secure:2")
        #expect(proxies.choice(for: "http://h/x")?.hasLogin == true)
        #expect(proxies.choice(for: "http://10.0.0.1/")?.exceptions == "localhost,.example.org,10.0.0.1")
        #expect(proxies.choice(for: "http://10.0.0.1:81/")?.exceptions == "localhost,.example.org")
        proxies.servers = ["https://h": Redacted("http://special:3"), "http": Redacted("socks5://socks:4")]
        #expect(
            server("https://h/x") == "special:3" && server("https://g/x") == "secure:2"
                && server("http://h/") == "socks:4")
        #expect(proxies.choice(for: "http://h/")?.exceptions == "")
        #expect(ProxySettings(environment: ["HTTP_PROXY": "http://p:1", "REQUEST_METHOD": "GET"]).environment.isEmpty)
    }
}
