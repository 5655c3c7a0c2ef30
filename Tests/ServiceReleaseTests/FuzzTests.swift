import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of ServiceRelease")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: ReleaseReader.allCases)
    func replay(reader: ReleaseReader) throws { #expect(try reader.replay() > 0) }
}
