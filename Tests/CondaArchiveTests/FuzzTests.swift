import CondaArchive
import Fuzzing
import Testing

/// A short run of what `scripts/fuzz` does for long: every input of the corpus as it is, and then with damage.
@Suite("What the fuzzer has learnt of CondaArchive")
struct FuzzTests {
    @Test("ends in a result or a refusal", arguments: ArchiveReader.allCases)
    func replay(reader: ArchiveReader) throws { #expect(try reader.replay() > 0) }

    @Test("ends well with damage, too", arguments: ArchiveReader.allCases)
    func damaged(reader: ArchiveReader) throws {
        for input in try reader.corpus() {
            var random = SeededGenerator(seed: UInt64(input.bytes.count))
            for _ in 0..<40 {
                do {
                    try reader.read(MutationTests.mutate(input.bytes, &random))
                } catch is ArchiveError {
                } catch is ArchiveFault {
                }
            }
        }
    }

    @Test func aPathThatLeavesIsBroken() throws {
        // The check itself must be able to fail.
        #expect(throws: BrokenPromise.self) { try ArchiveReader.check(path: Array("a/../b".utf8)) }
    }
}
