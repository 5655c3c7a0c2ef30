import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of CondaChannel")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: ChannelReader.allCases)
    func replay(reader: ChannelReader) throws { #expect(try reader.replay() > 0) }
}
