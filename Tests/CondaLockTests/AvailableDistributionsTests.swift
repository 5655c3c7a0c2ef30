import CondaLock
import CondaModel
import Testing

/// What is left to look for on PyPI.
@Suite struct AvailableDistributionsTests {
    private func missing(
        _ requirements: [String], wheels: [(String, String, [String])] = [], conda: [(String, String)] = []
    ) -> [String] {
        let available = AvailableDistributions(
            conda.map { .init(name: $0.0, version: $0.1) }
                + wheels.map { .init(name: $0.0, version: $0.1, requires: $0.2) },
            python: "3.12.4", platform: .linux64)
        return available.missing(requirements).map(\.description)
    }

    @Test func whatIsAtHandAnswers() {
        let wheels = [("Tool_Box", "1.5", ["flask (>=3)", "helper~=2.0"]), ("helper", "2.3", ["tool-box"])]
        #expect(missing(["tool.box"], wheels: wheels, conda: [("flask", "3.1.0")]).isEmpty)
        #expect(missing(["flask >=3,<4", "flask"], conda: [("flask", "3.1.0")]).isEmpty)
    }

    @Test func whatIsMissingIsNamedWithWhoWantsIt() {
        let wheels = [("tool", "1.5", ["flask >=4", "packaging"])]
        #expect(
            missing(["tool", "idna ==3.10 ; python_version > '3'"], wheels: wheels, conda: [("flask", "3.1.0")]) == [
                "'flask >=4', which tool 1.5 requires (there is flask 3.1.0)", "'idna ==3.10'",
                "'packaging', which tool 1.5 requires",
            ])
    }

    @Test(arguments: [
        ("x; python_version < '3.9'", true), ("x; python_version >= '3.9'", false), ("x; extra == 'dev'", true),
        ("x; sys_platform == 'win32'", true), ("x; platform_release == '6'", false),
    ])
    func conditionsDecide(requires: String, isAnswered: Bool) {
        #expect(missing(["tool"], wheels: [("tool", "1", [requires])]).isEmpty == isAnswered)
    }

    @Test func extrasCountWhereTheyAreAskedFor() {
        let wheels = [("tool", "1", ["idna; extra == 'Dev_Tools'", "other[x]; extra == 'all'"]), ("other", "1", [])]
        #expect(missing(["tool"], wheels: wheels).isEmpty)
        #expect(missing(["tool[dev-tools]"], wheels: wheels) == ["'idna', which tool 1 requires"])
        #expect(missing(["tool[all]", "tool"], wheels: wheels).isEmpty)
        // Nobody here knows what the extra of a conda package stands for.
        #expect(
            missing(["uvicorn[standard]"], conda: [("uvicorn", "0.30")]) == [
                "'uvicorn[standard]' (there is uvicorn 0.30)"
            ])
    }

    @Test(arguments: ["tool @ https://example.org/tool-1-py3-none-any.whl", "tool === 1+local", "tool >=x!y"])
    func whatCannotBeJudgedIsLookedFor(requirement: String) {
        #expect(missing([requirement], wheels: [("tool", "1", [])]).count == 1)
    }
}
