import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of Workflow")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: WorkflowReader.allCases)
    func replay(reader: WorkflowReader) throws { #expect(try reader.replay() > 0) }
}
