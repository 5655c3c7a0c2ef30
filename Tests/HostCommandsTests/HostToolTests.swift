import Foundation
import ServiceRelease
import Testing

@testable import HostCommands

/// What the tool makes of its arguments: 0 is the answer to what was asked and done, to nothing else.
@Suite(.serialized) struct HostToolTests {
    @Test(
        "nothing that was not done ends with 0",
        arguments: [
            [], [""], ["no-such"], ["status", ""], ["activate"], ["activate", ""], ["run"], ["run", ""],
            ["status", "--root", ""], ["status", "--root", "/"], ["status", "--root", "opt/x"],
            ["install", "--bundle", ""], ["remove", "--bundle", "", "--root", "/opt/x"], ["set-aside"],
            ["status", "--bundle", "/no/such"], ["verify", "--root", "/no/such"], ["status", "--no-such"],
        ])
    func refusals(arguments: [String]) {
        #expect(HostTool.run(arguments) != 0)
    }

    @Test("help is what was asked for", arguments: [["--help"], ["help"], ["help", "status"], ["status", "--help"]])
    func help(arguments: [String]) {
        #expect(HostTool.run(arguments) == 0)
    }
}
