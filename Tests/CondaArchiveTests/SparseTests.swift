import CondaArchive
import Testing

@Suite("Sparse members")
struct SparseTests {
    /// 1,000 zeros, "abc", 500 zeros, "de", 95 zeros.
    static let expected: [UInt8] =
        [UInt8](repeating: 0, count: 1_000) + Array("abc".utf8) + [UInt8](repeating: 0, count: 500) + Array("de".utf8)
        + [UInt8](repeating: 0, count: 95)

    static let data = Array("abcde".utf8)

    static func check(_ tar: TarFixture, path: String = "blob") throws {
        for chunkSize in [3, 512, 100_000] {
            let members = try readTar(tar.finished(), chunkSize: chunkSize)
            #expect(members.map(\.member.path) == [path, "after"])
            #expect(members[0].member.size == 1_600)
            #expect(members[0].contents == expected)
            #expect(members[1].contents == [7])
        }
    }

    @Test func paxFormat00() throws {
        var tar = TarFixture()
        tar.pax([
            ("GNU.sparse.size", "1600"), ("GNU.sparse.numblocks", "2"), ("GNU.sparse.offset", "1000"),
            ("GNU.sparse.numbytes", "3"), ("GNU.sparse.offset", "1503"), ("GNU.sparse.numbytes", "2"),
        ])
        tar.add("blob", data: Self.data)
        tar.add("after", data: [7])
        try Self.check(tar)
    }

    @Test func paxFormat01() throws {
        var tar = TarFixture()
        tar.pax([
            ("GNU.sparse.size", "1600"), ("GNU.sparse.numblocks", "3"), ("GNU.sparse.name", "blob"),
            ("GNU.sparse.map", "1000,3,1503,2,1600,0"),
        ])
        tar.add("GNUSparseFile.0/blob", data: Self.data)
        tar.add("after", data: [7])
        try Self.check(tar)
    }

    @Test func paxFormat10() throws {
        var map = Array("3\n1000\n3\n1503\n2\n1600\n0\n".utf8)
        map += [UInt8](repeating: 0, count: 512 - map.count)
        var tar = TarFixture()
        tar.pax([
            ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "blob"),
            ("GNU.sparse.realsize", "1600"),
        ])
        tar.add("GNUSparseFile.0/blob", data: map + Self.data)
        tar.add("after", data: [7])
        try Self.check(tar)
    }

    @Test func oldGNUFormat() throws {
        var tar = TarFixture()
        tar.add("blob", type: "S", data: Self.data, dialect: .gnu) { block in
            Self.put([(1_000, 3), (1_503, 2), (1_600, 0)], at: 386, in: &block)
            TarFixture.put(TarFixture.octal(1_600, 11).utf8, at: 483, in: &block)
        }
        tar.add("after", data: [7])
        try Self.check(tar)
    }

    @Test func oldGNUFormatWithMoreRegionsThanTheHeaderHolds() throws {
        var tar = TarFixture()
        let regions = (0..<30).map { ($0 * 10, 1) }
        tar.add("many", type: "S", data: [], dialect: .gnu) { block in
            Self.put(Array(regions.prefix(4)), at: 386, in: &block)
            block[482] = 1
            TarFixture.put(TarFixture.octal(300, 11).utf8, at: 483, in: &block)
            TarFixture.put(TarFixture.octal(30, 11).utf8, at: 124, in: &block)
        }
        for (start, more) in [(4, true), (25, false)] {
            var continuation = [UInt8](repeating: 0, count: 512)
            Self.put(Array(regions.dropFirst(start).prefix(21)), at: 0, in: &continuation)
            continuation[504] = more ? 1 : 0
            tar.append(continuation)
        }
        tar.append([UInt8](repeating: 0x78, count: 30))
        tar.pad()
        tar.add("after", data: [7])
        let members = try readTar(tar.finished(), chunkSize: 100)
        #expect(members[0].contents.count == 300)
        #expect(members[0].contents.enumerated().allSatisfy { $1 == ($0.isMultiple(of: 10) ? 0x78 : 0) })
        #expect(members[1].contents == [7])
    }

    @Test func aMemberMayBeOneHole() throws {
        var tar = TarFixture()
        tar.pax([("GNU.sparse.size", "100000"), ("GNU.sparse.map", ""), ("GNU.sparse.numblocks", "0")])
        tar.add("blob")
        let members = try readTar(tar.finished())
        #expect(members[0].contents == [UInt8](repeating: 0, count: 100_000))
    }

    @Test(
        "A map that lies is refused",
        arguments: [
            "0,3,2,2", "1503,2,1000,3", "0,5,1600,1", "0,4", "0,6", "5", "-1,5", "0,x", "0,5,9223372036854775807,9",
        ])
    func refusesMaps(map: String) throws {
        var tar = TarFixture()
        tar.pax([("GNU.sparse.size", "1600"), ("GNU.sparse.map", map)])
        tar.add("blob", data: Self.data)
        #expect(fault { _ = try readTar(tar.finished()) } != nil)
    }

    @Test(
        "A map before the data that lies is refused",
        arguments: [
            "1\n0\n", "99999999\n0\n5\n", "x\n", "", "1\n0\n99999999999999999999\n", "2\n0\n5\n",
        ])
    func refusesMapsInData(map: String) throws {
        var tar = TarFixture()
        tar.pax([("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "5")])
        let padding = [UInt8](repeating: 0, count: 512 - map.utf8.count)
        tar.add("blob", data: Array(map.utf8) + padding + Self.data)
        #expect(fault { _ = try readTar(tar.finished()) } != nil)
    }

    @Test func aHoleBeyondTheLimitIsRefused() throws {
        var tar = TarFixture()
        tar.pax([("GNU.sparse.size", "9000000000000000000"), ("GNU.sparse.map", "0,5")])
        tar.add("blob", data: Self.data)
        guard case .overLimit = fault({ _ = try readTar(tar.finished()) }) else {
            Issue.record("expected the size of a member to be bounded")
            return
        }
    }

    private static func put(_ regions: [(Int, Int)], at offset: Int, in block: inout [UInt8]) {
        for (index, region) in regions.enumerated() {
            TarFixture.put(TarFixture.octal(region.0, 11).utf8, at: offset + index * 24, in: &block)
            TarFixture.put(TarFixture.octal(region.1, 11).utf8, at: offset + index * 24 + 12, in: &block)
        }
    }
}
