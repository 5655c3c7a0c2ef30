import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of CSimdJSON")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: JSONReader.allCases)
    func replay(reader: JSONReader) throws { #expect(try reader.replay() > 0) }
}
