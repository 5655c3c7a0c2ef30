import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of CondaLock")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: LockReader.allCases)
    func replay(reader: LockReader) throws { #expect(try reader.replay() > 0) }
}
