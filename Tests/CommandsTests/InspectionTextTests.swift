import CondaModel
import HostSystem
import RPMFormat
import Testing
import Workflow

@testable import Commands

@Suite struct ErrorTextTests {
    private struct Plain: ActionableError {
        var description: String { "the disk is full" }
        var hint: String?
    }

    @Test func anErrorSaysWhatAndThenWhatToDo() {
        #expect(
            ErrorText.text(for: Plain(hint: "free some space")) == "error: the disk is full\nhint: free some space\n")
        #expect(ErrorText.text(for: Plain(hint: nil)) == "error: the disk is full\n")
    }

    @Test func errorsOfRPMFormatAreShownAlike() {
        let text = ErrorText.text(for: RPMError.notAnRPM(path: "a.rpm", found: "PK"))
        #expect(text?.hasPrefix("error: a.rpm is not an RPM") == true)
    }

    @Test func theParserShowsItsOwn() {
        struct Other: Error {}
        #expect(ErrorText.text(for: Other()) == nil)
    }
}

@Suite struct CommandLineTests {
    @Test(arguments: [
        ["lock", "--check"], ["lock", "--update"], ["fetch", "--offline"], ["build", "--version", "1.2", "orders"],
        ["build", "--channel", "a", "--channel", "b", "--target", "el8", "--locked", "--offline", "--force"],
        ["inspect", "a.rpm", "--json"],
    ])
    func theseParse(arguments: [String]) throws {
        _ = try CondaRPM.parseAsRoot(arguments)
    }

    @Test(arguments: [["build", "--nope"], ["inspect"], ["unheard"]])
    func theseDoNot(arguments: [String]) {
        #expect(throws: (any Error).self) { try CondaRPM.parseAsRoot(arguments) }
    }

    @Test(
        arguments: [
            (["lock", "--update"], ["lock", "--update"]),
            (
                ["lock", "orders", "--update", "a", "b", "--json"],
                ["lock", "orders", "--update-package", "a", "--update-package", "b", "--json"]
            ),
            (["build", "--update", "a"], ["build", "--update", "a"]),
            ([], []),
        ] as [([String], [String])])
    func namesAfterUpdateAreOptions(arguments: [String], expected: [String]) {
        #expect(Lock.spellingOutUpdates(arguments) == expected)
    }

    @Test(arguments: ["lock", "fetch", "build", "inspect"])
    func everyCommandHasHelp(name: String) {
        let help = CondaRPM.helpMessage(
            for: CondaRPM.configuration.subcommands.first { $0._commandName == name } ?? CondaRPM.self)
        #expect(help.contains("OVERVIEW") && help.contains("USAGE: conda-rpm \(name)"))
    }
}
