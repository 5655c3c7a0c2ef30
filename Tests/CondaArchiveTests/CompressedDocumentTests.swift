import Foundation
import Testing

@testable import CondaArchive

@Suite("Compressed documents") struct CompressedDocumentTests {
    private let text = Array(String(repeating: "<package>orders</package>\n", count: 5000).utf8)

    private func compressed(by program: String, _ arguments: [String]) throws -> [UInt8] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text).write(to: file)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments + [file.path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        return bytes
    }

    @Test("gzip's own output is read, with and without a name in its header", arguments: [["-c"], ["-c", "-n"]])
    func gzip(arguments: [String]) throws {
        let packed = try compressed(by: "gzip", arguments)
        #expect(packed.count < text.count)
        #expect(try CompressedDocument.unpacked(packed, limit: text.count) == text)
    }

    @Test("damage, cuts and too much are refused")
    func refused() throws {
        let packed = try compressed(by: "gzip", ["-c"])
        #expect(throws: ArchiveFault.self) { try CompressedDocument.unpacked(packed, limit: text.count - 1) }
        for cut in stride(from: 2, to: packed.count - 1, by: 7) {
            #expect(throws: ArchiveFault.self) {
                try CompressedDocument.unpacked(Array(packed[..<cut]), limit: 1 << 20)
            }
        }
        var damaged = packed
        damaged[packed.count - 6] ^= 1
        #expect(throws: ArchiveFault.self) { try CompressedDocument.unpacked(damaged, limit: 1 << 20) }
    }

    @Test("what is not compressed stays as it is")
    func plain() throws {
        #expect(try CompressedDocument.unpacked(text, limit: 10) == text)
    }
}
