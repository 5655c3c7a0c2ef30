import Testing

@testable import Workflow

@Suite struct HostTestTests {
    @Test func stepsAreReadWithWhatFailedOnesSaid() {
        let text = "noise\nok - installs\nnot ok - is in service\n#   why\n#   and how\nok - is erased\n# note"
        #expect(
            HostTest.steps(in: text) == [
                HostTest.Step(title: "installs", passed: true, output: ""),
                HostTest.Step(title: "is in service", passed: false, output: "why\nand how\n"),
                HostTest.Step(title: "is erased", passed: true, output: ""),
            ])
    }

    /// A stranger's scriptlet may print what a terminal obeys.
    @Test func controlCharactersAreLeftOut() {
        let text = "not ok - is in\u{1b}]0;x\u{7} service\n#   \u{9b}31mred\ttab\r"
        #expect(
            HostTest.steps(in: text) == [
                HostTest.Step(title: "is in]0;x service", passed: false, output: "31mred\ttab\n")
            ])
    }

    @Test func whatIsNoRPMIsRefused() {
        #expect(throws: (any Error).self) { try HostTest.run("/etc/passwd", environment: [:]) }
    }
}
