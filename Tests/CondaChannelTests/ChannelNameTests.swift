import Testing

@testable import CondaChannel

@Suite struct ChannelNameTests {
    private func configuration() -> ChannelConfiguration {
        var configuration = ChannelConfiguration()
        configuration.customChannels["internal"] = "https://user:SECRET@conda.example.org/channels"
        configuration.customMultichannels["stack"] = ["internal", "conda-forge"]
        configuration.customMultichannels["loop"] = ["loop"]
        configuration.environment = ["TOKEN": "SECRET", "HOME": "/home/me"]
        configuration.workingDirectory = "/work/here"
        return configuration
    }

    @Test(arguments: [
        ("conda-forge", "conda-forge", "https://conda.anaconda.org/conda-forge"),
        ("conda-forge/label/dev", "conda-forge/label/dev", "https://conda.anaconda.org/conda-forge/label/dev"),
        ("https://conda.anaconda.org/conda-forge/", "conda-forge", "https://conda.anaconda.org/conda-forge"),
        ("https://conda.anaconda.org/t/SECRET/private", "private", "https://conda.anaconda.org/private"),
        ("https://conda.example.org/channels/internal", "internal", "https://conda.example.org/channels/internal"),
        ("internal", "internal", "https://conda.example.org/channels/internal"),
        ("https://mirror.example.org/x/linux-64", "https://mirror.example.org/x", "https://mirror.example.org/x"),
        ("https://h/t/$TOKEN/x", "https://h/x", "https://h/x"),
        ("https://h/t/${TOKEN}/x", "https://h/x", "https://h/x"),
        ("./local", "file:///work/here/local", "file:///work/here/local"),
        ("../local channel", "file:///work/local%20channel", "file:///work/local%20channel"),
        ("/srv/conda/noarch", "file:///srv/conda", "file:///srv/conda"),
        ("file:///srv/conda/", "file:///srv/conda", "file:///srv/conda"),
        ("~/conda", "file:///home/me/conda", "file:///home/me/conda"),
    ])
    func resolves(_ written: String, name: String, baseURL: String) throws {
        let channels = try configuration().resolve([written])
        #expect(channels.map(\.name) == [name])
        #expect(channels.map(\.baseURL) == [baseURL])
        #expect(!"\(channels)".contains("SECRET") && !String(reflecting: channels).contains("SECRET"))
    }

    @Test func expandsMultichannelsInOrderWithoutRepetition() throws {
        let channels = try configuration().resolve(["conda-forge", "stack", "nodefaults", "conda-forge"])
        #expect(channels.map(\.name) == ["conda-forge", "internal"])
    }

    @Test(arguments: [
        ["defaults"], ["defaults", "conda-forge"], ["https://repo.anaconda.com/pkgs/main"], ["pkgs/main", "pkgs/r"],
    ])
    func warnsOnceAboutTheLicenceOfDefaults(_ names: [String]) throws {
        let log = EventLog()
        let channels = try configuration().resolve(names, events: log.handler)
        #expect(log.warnings.count == 1)
        #expect(log.warnings.first?.contains("licence") == true)
        #expect(channels.first?.name == "pkgs/main")
    }

    @Test func namesNoDefaultsWithoutBeingAsked() throws {
        let log = EventLog()
        _ = try configuration().resolve(["conda-forge", "nodefaults"], events: log.handler)
        #expect(log.warnings.isEmpty)
    }

    @Test(arguments: ["", "a b", "ftp://user:SECRET@h/x", "loop", "ch?x", "ché"])
    func refuses(_ written: String) throws {
        let error = #expect(throws: ChannelError.self) { try configuration().resolve([written]) }
        #expect(error.map { "\($0)".contains("SECRET") } == false)
        #expect(error?.hint != nil)
    }
}
