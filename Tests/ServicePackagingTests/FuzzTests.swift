import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of ServicePackaging")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: PackagingReader.allCases)
    func replay(reader: PackagingReader) throws { #expect(try reader.replay() > 0) }
}
