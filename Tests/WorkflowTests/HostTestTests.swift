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

    @Test func whatIsNoRPMIsRefused() {
        #expect(throws: (any Error).self) { try HostTest.run("/etc/passwd", environment: [:]) }
    }
}
