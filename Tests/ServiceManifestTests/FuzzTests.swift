import Fuzzing
import Testing

@Suite("What the fuzzer has learnt of ServiceManifest")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: ManifestReader.allCases)
    func replay(reader: ManifestReader) throws { #expect(try reader.replay() > 0) }
}
