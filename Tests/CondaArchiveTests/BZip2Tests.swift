import CondaArchive
import Testing

@Suite("bzip2")
struct BZip2Tests {
    static func unpack(_ source: any ByteSource) throws(ArchiveFault) -> [UInt8] {
        var unpacked: [UInt8] = []
        while true {
            let chunk = try source.next()
            if chunk.isEmpty { return unpacked }
            unpacked.append(contentsOf: chunk)
        }
    }

    static func ours(_ packed: [UInt8], chunkSize: Int = .max, threads: Int = 1) throws(ArchiveFault) -> [UInt8] {
        try unpack(BZip2Source(MemorySource(packed, chunkSize: chunkSize), threads: threads))
    }

    struct Sample: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]

        init(_ name: String, _ bytes: [UInt8]) {
            testDescription = name
            self.bytes = bytes
        }
    }

    static let samples: [Sample] = {
        var random = SeededGenerator(seed: 3)
        let noise = (0..<120_000).map { _ in UInt8.random(in: 0...255, using: &random) }
        let skewed = (0..<120_000).map { _ in UInt8(random.next().leadingZeroBitCount) }
        let runs = (0..<1_500).flatMap { _ in
            [UInt8](repeating: UInt8.random(in: 0...3, using: &random), count: Int.random(in: 1...300, using: &random))
        }
        return [
            Sample("nothing", []), Sample("one byte", [0]), Sample("four equal", [7, 7, 7, 7]),
            Sample("five equal", [7, 7, 7, 7, 7]), Sample("259 equal", [UInt8](repeating: 1, count: 259)),
            Sample("260 equal", [UInt8](repeating: 1, count: 260)),
            Sample("zeros", [UInt8](repeating: 0, count: 1_000_000)),
            Sample("every byte", (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }),
            Sample("two bytes", (0..<100_000).map { $0.isMultiple(of: 2) ? 0x20 : 0xFF }),
            Sample("noise", noise), Sample("skewed", skewed), Sample("runs", runs),
            Sample("text", CompressionTests.sample),
        ]
    }()

    @Test("Every kind of data comes back", arguments: samples, [1, 3])
    func unpacks(sample: Sample, threads: Int) throws {
        let packed = Compression.bzip2(sample.bytes, level: 1)
        #expect(try Self.ours(packed, threads: threads) == sample.bytes)
    }

    @Test("Blocks of every size are read", arguments: [Int32(1), 4, 9])
    func readsLevels(level: Int32) throws {
        let bytes = (0..<3).flatMap { _ in CompressionTests.sample }
        #expect(try Self.ours(Compression.bzip2(bytes, level: level), chunkSize: 5_000) == bytes)
    }

    @Test func aBlockThatGrowsIsHandedOutInParts() throws {
        let source = BZip2Source(MemorySource(Compression.bzip2([UInt8](repeating: 9, count: 20_000_000))))
        var total = 0
        while true {
            let chunk = try source.next()
            if chunk.isEmpty { break }
            #expect(chunk.count <= 1 << 20)
            total += chunk.count
        }
        #expect(total == 20_000_000)
    }

    /// The library's judgement is the measure: what it refuses we refuse, and what both read is the same.
    @Test func agreesWithTheLibraryOnDamage() {
        let packed = Compression.bzip2(Array(CompressionTests.sample.prefix(1_000)), level: 1)
        var random = SeededGenerator(seed: 99)
        for round in 0..<700 {
            var damaged = packed
            // Most damage goes where the tables are; behind them the checksum catches everything.
            let range = round.isMultiple(of: 3) ? packed.count : 160
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                damaged[Int.random(in: 0..<range, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            }
            let ours = try? Self.ours(damaged)
            let library = try? Self.unpack(ReferenceBZip2Source(MemorySource(damaged)))
            #expect(ours == library, "round \(round)")
        }
    }

    @Test("A cut in the middle of many blocks is refused", arguments: [1, 4])
    func refusesCuts(threads: Int) throws {
        let packed = Compression.bzip2((0..<4).flatMap { _ in CompressionTests.sample }, level: 1)
        for length in stride(from: 1, to: packed.count, by: packed.count / 6) {
            guard case .truncated(.bzip2, _) = fault({ _ = try Self.ours(Array(packed[..<length]), threads: threads) })
            else {
                Issue.record("cut at \(length) of \(packed.count)")
                return
            }
        }
    }

    @Test func aWrongStreamChecksumIsRefused() throws {
        var packed = Compression.bzip2(CompressionTests.sample, level: 1)
        packed[packed.count - 3] ^= 1
        #expect(
            fault { _ = try Self.ours(packed) }
                == .corrupt(.bzip2, "a stream's checksum differs from its blocks'"))
    }

    @Test func blocksBeforeTheDamageAreHandedOut() throws {
        var packed = Compression.bzip2((0..<4).flatMap { _ in CompressionTests.sample }, level: 1)
        packed[packed.count - 8] ^= 1
        let source = BZip2Source(MemorySource(packed), threads: 2)
        var total = 0
        let found = fault {
            while true {
                let chunk = try source.next()
                if chunk.isEmpty { break }
                total += chunk.count
            }
        }
        #expect(found != nil)
        #expect(total > 900_000)
    }

    @Test func aSourceMayBeDroppedWhileHelpersWork() throws {
        let packed = Compression.bzip2((0..<6).flatMap { _ in CompressionTests.sample }, level: 1)
        for _ in 0..<8 {
            _ = try BZip2Source(MemorySource(packed), threads: 4).next()
        }
    }
}
