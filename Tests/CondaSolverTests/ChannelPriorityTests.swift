import CondaSolver
import Testing

@Suite("Channel priority")
struct ChannelPriorityTests {
    private let scenario: Scenario

    init() throws {
        scenario = try Scenario(channels: [
            "first": [record("a 1"), record("b 1", "a")],
            "second": [record("a 2"), record("c 1", "a >=2"), record("b 2", "a >=2")],
        ])
    }

    private func with(_ priority: ChannelPriority) -> Scenario {
        scenario.with { $0.priority = priority }
    }

    @Test("strict: a name is taken from the first channel that has it")
    func strict() throws {
        try with(.strict).expect("b", gives: ["a 1", "b 1"])
        try with(.strict).expect(
            "a >=2",
            explains: """
                no set of packages meets the requirement 'a >=2'
                └─ a 2 of 'second' is hidden by 'first', which has a too and a higher priority
                """)
    }

    @Test("strict: a requirement that names its channel reaches it")
    func explicitChannel() throws {
        try with(.strict).expect("second::a", gives: ["a 2"])
        try with(.strict).expect("c", "second::a", gives: ["a 2", "c 1"])
        try with(.strict).expect(
            "second::a 1",
            explains: """
                no set of packages meets the requirement 'second::a==1'
                └─ nothing matches 'second::a==1'; there are a 1, 2
                """)
    }

    @Test("flexible: an earlier channel is preferred whatever the versions, a later one used where it must be")
    func flexible() throws {
        try with(.flexible).expect("b", gives: ["a 1", "b 1"])
        try with(.flexible).expect("c", gives: ["a 2", "c 1"])
        try with(.flexible).expect("a >=2", gives: ["a 2"])
    }

    @Test("disabled: the version decides")
    func disabled() throws {
        try with(.disabled).expect("b", gives: ["a 2", "b 2"])
    }
}
