import CRPM
import HostSystem
import Testing

@Suite("Digests")
struct DigestTests {
    static let algorithms: [Digest.Algorithm] = [.md5, .sha1, .sha256, .sha384, .sha512]

    /// RFC 1321, section A.5, and the examples of NIST for FIPS 180-4: of nothing, of one block, of two.
    @Test(
        "The examples of the standards",
        arguments: [
            ("", Digest.Algorithm.md5, "d41d8cd98f00b204e9800998ecf8427e"),
            ("message digest", .md5, "f96b697d7cb7938d525a2f31aaf161d0"),
            ("abc", .sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", .sha1,
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
            ("", .sha256, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", .sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", .sha256,
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abc", .sha384,
                "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"
            ),
            (
                "abc", .sha512,
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ])
    func examples(text: String, algorithm: Digest.Algorithm, expected: String) {
        #expect(hexadecimal(Digest.of(algorithm, text.utf8)) == expected)
    }

    /// At every length around a block and its closing bytes, and at one that is many blocks, in pieces of every size.
    @Test("librpm's digests are the same, at every length and in whatever pieces", arguments: algorithms)
    func librpmAgrees(algorithm: Digest.Algorithm) throws {
        let bytes = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3 ^ $0) }
        for length in [Int](0...300) + [4095, 4096, 100_003] {
            var digest = Digest(algorithm)
            var rest = bytes[..<length]
            var size = length % 7
            while !rest.isEmpty {
                digest.update(rest.prefix(size))
                rest = rest.dropFirst(size)
                size = (size * 7 + 1) % 1009
            }
            #expect(digest.finalize() == (try librpm(algorithm, bytes[..<length])), "\(length) bytes")
        }
    }

    @Test("A digest can be asked for before its end, and a copy goes on by itself")
    func values() {
        var digest = Digest(.sha256)
        digest.update(Array("ab".utf8))
        var copy = digest
        _ = digest.finalize()
        digest.update(Array("c".utf8))
        copy.update(Array("d".utf8))
        #expect(digest.finalize() == Digest.sha256("abc".utf8))
        #expect(copy.finalize() == Digest.sha256("abd".utf8))
    }

    @Test("Bytes that are in no one place are taken, too")
    func sequences() {
        let pieces = AnySequence([UInt8](repeating: 7, count: 1000))
        #expect(Digest.sha256(pieces) == Digest.sha256([UInt8](repeating: 7, count: 1000)))
    }

    private func librpm(_ algorithm: Digest.Algorithm, _ bytes: ArraySlice<UInt8>) throws -> [UInt8] {
        let context = try #require(rpmDigestInit(CInt(algorithm.rawValue), 0))
        var result: UnsafeMutableRawPointer?
        var length = 0
        try #require(bytes.withUnsafeBytes { rpmDigestUpdate(context, $0.baseAddress, $0.count) } == 0)
        try #require(rpmDigestFinal(context, &result, &length, 0) == 0)
        defer { result?.deallocate() }
        return Array(UnsafeRawBufferPointer(start: result, count: length))
    }
}
