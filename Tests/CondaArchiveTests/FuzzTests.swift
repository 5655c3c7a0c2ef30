import CondaArchive
import Foundation
import Testing

/// A short run of what `scripts/fuzz` does for long: every input of the corpus as it is, and then with damage.
@Suite("The fuzzer's corpus")
struct FuzzTests {
    private static let corpus: [URL] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fuzzing/Corpus")
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).sorted { $0.path < $1.path }
    }()

    @Test func everyParserHasInputs() throws {
        let parsers = try Self.corpus.map { try #require(FuzzInput(try Data(contentsOf: $0))).parser }
        #expect(Set(parsers) == Set(FuzzInput.Parser.allCases))
    }

    @Test("ends in a result or a refusal", arguments: corpus)
    func endsWell(file: URL) throws {
        let scratch = try Scratch()
        let path = scratch.path + "/input"
        let bytes = [UInt8](try Data(contentsOf: file))
        try Self.run(bytes, scratch: path)
        var random = SeededGenerator(seed: UInt64(bytes.count))
        for _ in 0..<40 {
            try Self.run([bytes[0]] + MutationTests.mutate(Array(bytes.dropFirst()), &random), scratch: path)
        }
    }

    private static func run(_ bytes: [UInt8], scratch: String) throws {
        do {
            try FuzzInput(bytes)?.run(scratch: scratch)
        } catch is ArchiveError {
        } catch is ArchiveFault {
        }
    }

    @Test func aPathThatLeavesIsAViolation() throws {
        // The check itself must be able to fail.
        #expect(throws: FuzzInput.Violation.self) { try FuzzInput.check(path: Array("a/../b".utf8)) }
    }
}
