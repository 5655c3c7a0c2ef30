import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of CondaPrefix")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: PrefixReader.allCases)
    func replay(reader: PrefixReader) throws { #expect(try reader.replay() > 0) }
}
