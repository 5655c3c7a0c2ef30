import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of StrictYAML")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: YAMLReader.allCases)
    func replay(reader: YAMLReader) throws { #expect(try reader.replay() > 0) }
}
