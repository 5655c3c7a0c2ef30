import CondaArchive
import Foundation
import HostSystem
import Testing

@Suite("Deflate, beside Python's zlib")
struct InflateTests {
    private static func inflate(_ bytes: [UInt8], limit: Int64, chunkSize: Int = .max) throws -> [UInt8] {
        let source = try InflateSource(MemorySource(bytes, chunkSize: chunkSize), limit: limit)
        var output: [UInt8] = []
        while true {
            let chunk = try source.next()
            if chunk.isEmpty { break }
            output.append(contentsOf: chunk)
        }
        #expect(try source.next().isEmpty)
        return output
    }

    private static func digest(_ bytes: [UInt8]) -> String {
        Digest.sha256(bytes).map { String(format: "%02x", $0) }.joined()
    }

    /// Streams of every kind of block: a line each with digest, size and the stream in hexadecimal.
    private static let makeStreams = """
        import hashlib, random, zlib
        random.seed(7)
        words = [bytes(random.choices(b'abcdefgh \\n', k=random.randint(1, 9))) for _ in range(300)]
        inputs = [b'', b'a', b'ab' * 200, bytes(3000), bytes(70000), bytes(range(256)) * 5, random.randbytes(1000)]
        inputs += [b' '.join(random.choices(words, k=size)) for size in (10, 5000, 90000)]
        inputs += [random.randbytes(180000), random.randbytes(32768) * 3 + b'tail']
        strategies = (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FILTERED, zlib.Z_HUFFMAN_ONLY, zlib.Z_RLE, zlib.Z_FIXED)
        for data in inputs:
            for level in (0, 1, 6, 9):
                for strategy in strategies if len(data) < 3000 else strategies[:1]:
                    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 8, strategy)
                    middle = len(data) // 2
                    stream = packer.compress(data[:middle]) + packer.flush(zlib.Z_FULL_FLUSH)
                    stream += packer.compress(data[middle:]) + packer.flush()
                    print(hashlib.sha256(data).hexdigest(), len(data), stream.hex())
        """

    @Test func whatZlibWritesIsRead() throws {
        let lines = try Python.lines(Self.makeStreams, [])
        #expect(lines.count > 100)
        for line in lines {
            let fields = line.split(separator: " ")
            let size = try #require(Int64(fields[1]))
            let stream = Self.bytes(fields[2])
            #expect(Self.digest(try Self.inflate(stream, limit: size)) == fields[0])
            guard size < 3_000 else { continue }
            #expect(Self.digest(try Self.inflate(stream, limit: size, chunkSize: 7)) == fields[0])
            guard size > 0 else { continue }
            #expect(throws: ArchiveFault.self) { try Self.inflate(stream, limit: size - 1) }
            #expect(throws: ArchiveFault.self) { try Self.inflate(stream.dropLast(), limit: size) }
            #expect(throws: ArchiveFault.self) { try Self.inflate(stream + [0], limit: size) }
        }
    }

    private static func bytes(_ hexadecimal: Substring) -> [UInt8] {
        let digits = Array(hexadecimal.utf8).map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    /// Small streams, so that a mutation often hits a table or a code.
    private static let seeds = """
        import random, zlib
        random.seed(11)
        for size in (0, 1, 20, 300, 2000):
            for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED, zlib.Z_HUFFMAN_ONLY):
                packer = zlib.compressobj(9, zlib.DEFLATED, -15, 8, strategy)
                print((packer.compress(bytes(random.choices(b'abcde\\n', k=size))) + packer.flush()).hex())
        print((b'\\x01\\x05\\x00\\xfa\\xffhello').hex())
        """

    /// What zlib makes of streams: a digest, or `refused` for errors, streams without an end and data behind it.
    private static let judge = """
        import hashlib, sys, zlib
        for line in open(sys.argv[1]):
            unpacker = zlib.decompressobj(-15)
            try:
                data = unpacker.decompress(bytes.fromhex(line), 1 << 20)
                good = unpacker.eof and not unpacker.unused_data
            except zlib.error:
                good = False
            print(hashlib.sha256(data).hexdigest() if good else 'refused')
        """

    @Test func damagedStreamsAreRefusedWhereZlibRefusesThem() throws {
        var random = SeededGenerator(seed: 20_261_121)
        var streams: [[UInt8]] = []
        for line in try Python.lines(Self.seeds, []) {
            for _ in 0..<80 { streams.append(MutationTests.mutate(Self.bytes(line[...]), &random)) }
        }
        let scratch = try Scratch()
        let hexadecimal = streams.map { $0.map { String(format: "%02x", $0) }.joined() }.joined(separator: "\n")
        let file = try scratch.write(Array((hexadecimal + "\n").utf8), to: "streams")
        let verdicts = try Python.lines(Self.judge, [file])
        #expect(verdicts.count == streams.count)
        for (stream, verdict) in zip(streams, verdicts) {
            let found = (try? Self.inflate(stream, limit: 1 << 20)).map(Self.digest) ?? "refused"
            #expect(found == verdict, "\(stream)")
        }
        #expect(verdicts.count { $0 != "refused" } > 50)
    }

    @Test(
        "What a stream must not hold",
        arguments: [
            ([UInt8](), "truncated"), ([0x07], "invalid block type"), ([0x01, 1, 0, 0, 0, 0], "stored block lengths"),
            ([0x01, 1, 0, 0xFE, 0xFF], "ends in the middle"), ([0x03, 0x02, 0x00, 0x00], "distance too far back"),
        ])
    func hostileStreams(stream: [UInt8], expected: String) {
        let error = #expect(throws: ArchiveFault.self) { try Self.inflate(stream, limit: 100) }
        #expect(error?.description.contains(expected) == true, "\(String(describing: error))")
    }
}
