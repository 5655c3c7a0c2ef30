import Testing

@testable import CondaChannel

@Suite struct BZip2StreamTests {
    private static func decompressed(
        _ bytes: [UInt8], limit: UInt64 = 1 << 24, pieces: Int = .max
    ) throws -> Result<[UInt8], DecompressionFailure> {
        let stream = try #require(BZip2Stream(limit: limit))
        var output: [UInt8] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let failure = try rest.prefix(pieces).withUnsafeBytes { piece in
                try stream.feed(piece) { output.append(contentsOf: $0) }
            }
            if let failure { return .failure(failure) }
            rest = rest.dropFirst(pieces)
        }
        return stream.finish().map(Result.failure) ?? .success(output)
    }

    private static let text = Array(repodataText((0..<4000).map { ("package\($0)", "1", []) }).utf8)

    @Test("pieces of any size, and streams in a row", arguments: [1, 7, 4096, Int.max])
    func reads(pieces: Int) throws {
        let (first, second) = (bzip2(Self.text), bzip2([]) + bzip2(Array("{}".utf8)))
        #expect(try Self.decompressed(first, pieces: pieces) == .success(Self.text))
        #expect(try Self.decompressed(first + second, pieces: pieces) == .success(Self.text + Array("{}".utf8)))
    }

    @Test("every cut is one")
    func truncated() throws {
        let whole = bzip2(Self.text)
        for cut in Array(0..<60) + Array(stride(from: 60, to: whole.count, by: 211)) + [whole.count - 1] {
            #expect(try Self.decompressed(Array(whole[..<cut])) == .failure(.truncated), "\(cut) of \(whole.count)")
        }
    }

    @Test("what is damaged, and what follows a stream, is refused")
    func corrupt() throws {
        let whole = bzip2(Self.text)
        var refused = 0
        for place in stride(from: 0, to: whole.count, by: 97) {
            var damaged = whole
            damaged[place] ^= 0x10
            // A few bits mean nothing, as the lengths of codes that no text uses.
            switch try Self.decompressed(damaged) {
            case .success(let text): #expect(text == Self.text, "a changed byte \(place) changes the text")
            case .failure: refused += 1
            }
        }
        #expect(refused > whole.count / 97 * 9 / 10)
        let magic = DecompressionFailure.corrupt(format: "bzip2", "its first bytes are others")
        #expect(try Self.decompressed(whole + Array("more".utf8)) == .failure(magic))
        #expect(try Self.decompressed(Array("{\"packages\": {}}".utf8)) == .failure(magic))
    }

    @Test("a bomb ends at the limit")
    func bounded() throws {
        let limit: UInt64 = 1 << 20
        let bomb = bzip2([UInt8](repeating: 0, count: 8 << 20))
        #expect(bomb.count < 1 << 10)
        #expect(try Self.decompressed(bomb, limit: limit) == .failure(.tooLarge(limit)))
        #expect(try Self.decompressed(bomb + bomb, limit: 8 << 20) == .failure(.tooLarge(8 << 20)))
        #expect(try Self.decompressed(bomb, limit: 8 << 20) == .success([UInt8](repeating: 0, count: 8 << 20)))
    }
}
