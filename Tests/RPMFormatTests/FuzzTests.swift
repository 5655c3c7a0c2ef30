import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of RPMFormat")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: RPMReaders.allCases)
    func replay(reader: RPMReaders) throws { #expect(try reader.replay() > 0) }
}
