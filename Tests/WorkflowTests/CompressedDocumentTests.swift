import CZstd
import Foundation
import HostSystem
import Testing

@testable import Workflow

@Suite("Compressed documents") struct CompressedDocumentTests {
    /// How yum metadata are compressed; Python's own libraries write all but the last.
    enum Compression: String, CaseIterable {
        case gzip = "gzip.compress(data)"
        case namedGzip = "named(data)"
        case bzip2 = "bz2.compress(data)"
        case xz = "lzma.compress(data)"
        case zstd

        func packed(_ text: [UInt8]) throws -> [UInt8] {
            guard self == .zstd else { return try python(text) }
            var packed = [UInt8](repeating: 0, count: ZSTD_compressBound(text.count))
            packed.removeLast(packed.count - ZSTD_compress(&packed, packed.count, text, text.count, 3))
            return packed
        }

        private static let script = """
            import bz2, gzip, io, lzma, sys
            def named(data):
                packed = io.BytesIO()
                with gzip.GzipFile("primary.xml", "wb", fileobj=packed) as file:
                    file.write(data)
                return packed.getvalue()
            data = open(sys.argv[1], "rb").read()
            sys.stdout.buffer.write(eval(sys.argv[2]))
            """

        private func python(_ text: [UInt8]) throws -> [UInt8] {
            let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(text).write(to: file)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", "-c", Self.script, file.path, rawValue]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let packed = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            return packed
        }
    }

    private static let text = Array((0..<5000).map { "<package>orders-\($0)</package>\n" }.joined().utf8)

    @Test("each compression is read, and several streams in a row", arguments: Compression.allCases)
    func read(compression: Compression) throws {
        let packed = try compression.packed(Self.text)
        #expect(packed.count < Self.text.count)
        #expect(try CompressedDocument.unpacked(packed, limit: Self.text.count) == Self.text)
        #expect(try CompressedDocument.unpacked(packed + packed, limit: 1 << 20) == Self.text + Self.text)
        #expect(try CompressedDocument.unpacked(try compression.packed([]), limit: 0).isEmpty)
    }

    @Test("cuts and too much are refused", arguments: Compression.allCases)
    func refused(compression: Compression) throws {
        let packed = try compression.packed(Self.text)
        let limit = Self.text.count - 1
        #expect(throws: CompressedDocument.Failure(reason: "it unpacks to more than \(limit) bytes")) {
            try CompressedDocument.unpacked(packed, limit: limit)
        }
        // Behind the header: what has not even that does not tell what it is.
        for cut in stride(from: 32, to: packed.count, by: packed.count / 200) {
            #expect(throws: CompressedDocument.Failure.self, "\(cut) of \(packed.count) bytes") {
                try CompressedDocument.unpacked(Array(packed[..<cut]), limit: 1 << 20)
            }
        }
    }

    @Test("what is not compressed stays as it is")
    func plain() throws {
        #expect(try CompressedDocument.unpacked(Self.text, limit: Self.text.count) == Self.text)
        #expect(try CompressedDocument.unpacked([], limit: 0).isEmpty)
    }

    @Test("primary metadata has the digest of repomd.xml, or is refused")
    func digests() throws {
        let packed = try Compression.gzip.packed(Self.text)
        // Only a digest shows it: nothing but gzip's own checksum differs.
        var damaged = packed
        damaged[packed.count - 6] ^= 1
        #expect(try CompressedDocument.unpacked(damaged, limit: 1 << 20) == Self.text)
        for (algorithm, digest) in [
            ("sha", Digest.Algorithm.sha1), ("sha256", .sha256), ("sha384", .sha384), ("sha512", .sha512),
        ] {
            let digest = hexadecimal(Digest.of(digest, packed)).uppercased()
            let primary = PrimaryMetadata(place: "primary.xml.gz", digest: digest, algorithm: algorithm)
            #expect(try primary.unpacked(packed, limit: 1 << 20) == Self.text)
            #expect(throws: CompressedDocument.Failure.self) { try primary.unpacked(damaged, limit: 1 << 20) }
        }
        let unknown = PrimaryMetadata(place: "primary.xml.gz", digest: "", algorithm: "md5")
        #expect(throws: CompressedDocument.Failure.self) { try unknown.unpacked(packed, limit: 1 << 20) }
    }
}
