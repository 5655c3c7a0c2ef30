import CondaArchive
import Testing

@Suite("Tar streams")
struct TarReaderTests {
    @Test("Every dialect gives the same members", arguments: [TarFixture.Dialect.v7, .ustar, .gnu])
    func readsDialects(dialect: TarFixture.Dialect) throws {
        var tar = TarFixture()
        tar.add("lib/", type: dialect == .v7 ? "\0" : "5", mode: 0o755, dialect: dialect)
        tar.add("lib/a", type: dialect == .v7 ? "\0" : "0", data: Array("hello".utf8), mode: 0o4755, dialect: dialect)
        tar.add("lib/b", type: "2", link: "a", mode: 0o777, dialect: dialect)
        tar.add("lib/c", type: "1", link: "lib/a", dialect: dialect)
        tar.add("empty", dialect: dialect)
        let members = try readTar(tar.finished())
        #expect(members.map(\.member.path) == ["lib", "lib/a", "lib/b", "lib/c", "empty"])
        #expect(
            members.map(\.member.kind) == [
                .directory, .file, .symlink(target: [0x61]), .hardlink(target: try RelativePath("lib/a")), .file,
            ])
        #expect(members[1].contents == Array("hello".utf8))
        #expect(members[1].member.mode == 0o4755)
        #expect(members[1].member.safeMode == 0o755)
        #expect(members[1].member.modificationTime == FileTime(seconds: 1_700_000_000))
    }

    @Test("Chunks of any size give the same contents", arguments: [1, 7, 511, 512, 513, 10_240])
    func readsChunks(size: Int) throws {
        let data = (0..<3_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var tar = TarFixture()
        tar.add("a", data: data)
        tar.pax([("path", "long/" + String(repeating: "n", count: 200))])
        tar.add("b", data: Array(data.prefix(512)))
        let members = try readTar(tar.finished(), chunkSize: size)
        #expect(members.map(\.contents) == [data, Array(data.prefix(512))])
    }

    @Test func ustarPrefixJoinsTheName() throws {
        var tar = TarFixture()
        tar.add("name") { TarFixture.put("some/prefix".utf8, at: 345, in: &$0) }
        tar.add("plain", dialect: .gnu) { TarFixture.put("0123".utf8, at: 345, in: &$0) }
        #expect(try readTar(tar.finished()).map(\.member.path) == ["some/prefix/name", "plain"])
    }

    @Test func gnuLongNamesReplaceTheHeaders() throws {
        let path = "lib/" + String(repeating: "x", count: 300)
        let target = String(repeating: "y", count: 200)
        var tar = TarFixture()
        tar.add("././@LongLink", type: "K", data: Array(target.utf8) + [0], dialect: .gnu)
        tar.add("././@LongLink", type: "L", data: Array(path.utf8) + [0], dialect: .gnu)
        tar.add("lib/xxx", type: "2", link: "yyy", dialect: .gnu)
        tar.add("next", dialect: .gnu)
        let members = try readTar(tar.finished())
        #expect(members.map(\.member.path) == [path, "next"])
        #expect(members[0].member.kind == .symlink(target: Array(target.utf8)))
    }

    @Test func paxRecordsWinOverTheHeader() throws {
        var tar = TarFixture()
        tar.pax([
            ("path", "bin/längster"), ("mtime", "1700000000.25"), ("size", "3"), ("uid", "1000"), ("comment", "a=b\nc"),
        ])
        tar.add("short", data: [1, 2, 3]) { TarFixture.put("00000000000".utf8, at: 124, in: &$0) }
        tar.pax([("linkpath", "target/long")])
        tar.add("link", type: "2", link: "x")
        let members = try readTar(tar.finished())
        #expect(members[0].member.path == "bin/längster")
        #expect(members[0].member.modificationTime == FileTime(seconds: 1_700_000_000, nanoseconds: 250_000_000))
        #expect(members[0].contents == [1, 2, 3])
        #expect(members[1].member.kind == .symlink(target: Array("target/long".utf8)))
    }

    @Test(
        "A pax time may be negative or precise",
        arguments: [
            ("-1.5", Int64(-2), Int32(500_000_000)), ("-3", -3, 0), ("0.123456789123", 0, 123_456_789), ("7.", 7, 0),
        ])
    func readsTimes(text: String, seconds: Int64, nanoseconds: Int32) throws {
        var tar = TarFixture()
        tar.pax([("mtime", text)])
        tar.add("a")
        let time = try #require(try readTar(tar.finished()).first).member.modificationTime
        #expect(time == FileTime(seconds: seconds, nanoseconds: nanoseconds))
    }

    @Test func globalRecordsLastAndLocalOnesDoNot() throws {
        var tar = TarFixture()
        tar.pax([("mtime", "5")], type: "g")
        tar.add("a")
        tar.pax([("mtime", "6")])
        tar.add("b")
        tar.add("c")
        #expect(try readTar(tar.finished()).map(\.member.modificationTime.seconds) == [5, 6, 5])
    }

    @Test func namesMayBeAnyBytes() throws {
        var tar = TarFixture()
        tar.add(bytes: [0x62, 0xFE, 0x0A, 0x22])
        tar.pax(raw: TarFixture.record("path", [0xC3, 0x28]))
        tar.add("x")
        let members = try readTar(tar.finished())
        #expect(members.map(\.member.location.bytes) == [[0x62, 0xFE, 0x0A, 0x22], [0xC3, 0x28]])
    }

    @Test func numbersMayBeBase256() throws {
        var tar = TarFixture()
        tar.add("a", data: [9], dialect: .gnu) {
            TarFixture.put(TarFixture.binary(1, 12), at: 124, in: &$0)
            TarFixture.put(TarFixture.binary(-86_400, 12), at: 136, in: &$0)
        }
        let members = try readTar(tar.finished())
        #expect(members[0].contents == [9])
        #expect(members[0].member.modificationTime.seconds == -86_400)
    }

    @Test func aSignedChecksumIsAccepted() throws {
        var tar = TarFixture()
        tar.add(bytes: [0xFF, 0xFE])
        var bytes = tar.finished()
        for index in 148..<156 { bytes[index] = 0x20 }
        let sum = bytes[..<512].reduce(0) { $0 + Int(Int8(bitPattern: $1)) }
        TarFixture.put((TarFixture.octal(sum, 6) + "\u{0} ").utf8, at: 148, in: &bytes)
        #expect(try readTar(bytes).count == 1)
    }

    @Test func theRootItselfIsNoMember() throws {
        var tar = TarFixture()
        tar.add("./", type: "5")
        tar.add("./a")
        #expect(try readTar(tar.finished()).map(\.member.path) == ["a"])
    }

    @Test func aDirectoryMayComeTwice() throws {
        var tar = TarFixture()
        tar.add("a/", type: "5")
        tar.add("a", type: "5")
        #expect(try readTar(tar.finished()).count == 2)
    }

    @Test func whatIsNotReadIsSkipped() throws {
        var tar = TarFixture()
        tar.add("a", data: [UInt8](repeating: 1, count: 5_000))
        tar.add("b", data: [2])
        let reader = TarReader(MemorySource(tar.finished(), chunkSize: 600), limits: .standard, expansion: 1 << 20)
        _ = try reader.nextMember()
        _ = try reader.nextChunk()
        #expect(try reader.nextMember()?.path == "b")
        #expect(try reader.nextChunk().map(Array.init) == [2])
        #expect(try reader.nextMember() == nil)
        #expect(try reader.nextMember() == nil)
    }

    @Test("One zero block before the end of the data, or many, end the archive", arguments: [1, 2, 20])
    func readsEndMarkers(blocks: Int) throws {
        var tar = TarFixture()
        tar.add("a")
        #expect(try readTar(tar.finished(blocks: blocks)).count == 1)
    }
}
