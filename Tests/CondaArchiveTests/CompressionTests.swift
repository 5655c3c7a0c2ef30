import CondaArchive
import Testing

@Suite("Decompressors")
struct CompressionTests {
    enum Codec: CaseIterable {
        case zstd
        case bzip2

        func pack(_ bytes: [UInt8]) -> [UInt8] {
            switch self {
            case .zstd: Compression.zstd(bytes, checksum: true)
            case .bzip2: Compression.bzip2(bytes, level: 1)
            }
        }

        func unpack(_ bytes: [UInt8], chunkSize: Int = .max) throws(ArchiveFault) -> [UInt8] {
            let input = MemorySource(bytes, chunkSize: chunkSize)
            let source: any ByteSource =
                switch self {
                case .zstd: try ZstdSource(input, windowLog: 27)
                case .bzip2: BZip2Source(input)
                }
            var unpacked: [UInt8] = []
            while true {
                let chunk = try source.next()
                if chunk.isEmpty { return unpacked }
                unpacked.append(contentsOf: chunk)
            }
        }
    }

    /// Text-like bytes of about three bzip2 blocks at level 1.
    static let sample: [UInt8] = (0..<260_000).map { UInt8(truncatingIfNeeded: ($0 &* $0) >> 7 & 0x3F) }

    @Test("Chunks of any size unpack to the same", arguments: Codec.allCases, [1, 100, 4_096, Int.max])
    func unpacks(codec: Codec, chunkSize: Int) throws {
        #expect(try codec.unpack(codec.pack(Self.sample), chunkSize: chunkSize) == Self.sample)
    }

    @Test("Streams that follow each other unpack to one", arguments: Codec.allCases)
    func unpacksSeveral(codec: Codec) throws {
        let parts = [Array(Self.sample.prefix(1_000)), [], Array(Self.sample.dropFirst(1_000).prefix(2_000)), [1]]
        for chunkSize in [1, 10_000] {
            let packed = parts.flatMap { codec.pack($0) }
            #expect(try codec.unpack(packed, chunkSize: chunkSize) == parts.flatMap { $0 })
        }
    }

    @Test("A cut at any byte is refused", arguments: Codec.allCases)
    func refusesCuts(codec: Codec) throws {
        let packed = codec.pack(Array("some words to pack, some words".utf8))
        for length in 0..<packed.count {
            guard case .truncated = fault({ _ = try codec.unpack(Array(packed[..<length])) }) else {
                Issue.record("cut at \(length) of \(packed.count)")
                return
            }
        }
    }

    @Test("A changed bit in the data is refused", arguments: Codec.allCases)
    func refusesChanges(codec: Codec) throws {
        let packed = codec.pack(Array(Self.sample.prefix(5_000)))
        for position in stride(from: packed.count / 3, to: packed.count, by: 97) {
            var changed = packed
            changed[position] ^= 0x10
            #expect(fault { _ = try codec.unpack(changed) } != nil, "bit of byte \(position) of \(packed.count)")
        }
    }

    @Test("Garbage behind the last stream is refused", arguments: Codec.allCases)
    func refusesGarbage(codec: Codec) throws {
        let found = fault { _ = try codec.unpack(codec.pack([1, 2, 3]) + Array("garbage and more".utf8)) }
        guard case .corrupt = found else {
            Issue.record("found \(String(describing: found))")
            return
        }
    }

    @Test func aWindowBeyondTheLimitIsRefused() throws {
        let packed = Compression.zstd(Self.sample, windowLog: 17)
        let found = fault {
            _ = try ZstdSource(MemorySource(packed), windowLog: 16).next()
        }
        guard case .unsupported(.zstandard, _) = found else {
            Issue.record("found \(String(describing: found))")
            return
        }
    }
}
