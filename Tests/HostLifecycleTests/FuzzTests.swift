import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of HostLifecycle")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: HostReader.allCases)
    func replay(reader: HostReader) throws { #expect(try reader.replay() > 0) }
}
