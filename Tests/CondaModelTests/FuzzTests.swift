import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of CondaModel")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: ModelReader.allCases)
    func replay(reader: ModelReader) throws { #expect(try reader.replay() > 0) }

    @Test("a promise that is broken is a find")
    func brokenPromise() {
        #expect(throws: BrokenPromise.self) { try promise(false, "something else") }
    }
}
