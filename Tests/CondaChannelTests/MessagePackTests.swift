import Testing

@testable import CondaChannel

@Suite struct MessagePackTests {
    /// The formats of the MessagePack specification that carry JSON-like values and bytes.
    @Test(
        arguments: [
            ([0x00], MessagePackValue.integer(0)), ([0x7f], .integer(127)), ([0xff], .integer(-1)),
            ([0xe0], .integer(-32)),
            ([0xcc, 0xff], .integer(255)), ([0xcd, 0x01, 0x00], .integer(256)),
            ([0xce, 0xff, 0xff, 0xff, 0xff], .integer(4_294_967_295)),
            ([0xcf, 0, 0, 0, 1, 0, 0, 0, 0], .integer(4_294_967_296)), ([0xd0, 0x80], .integer(-128)),
            ([0xd1, 0x80, 0x00], .integer(-32768)),
            ([0xd2, 0xff, 0xff, 0xff, 0xfe], .integer(-2)),
            ([0xd3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfd], .integer(-3)),
            ([0xca, 0x3f, 0x80, 0x00, 0x00], .real(1)), ([0xcb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0], .real(1.5)),
            ([0xc0], .null),
            ([0xc2], .boolean(false)), ([0xc3], .boolean(true)), ([0xa1, 0x61], .text("a")),
            ([0xd9, 0x01, 0x61], .text("a")),
            ([0xda, 0x00, 0x01, 0x61], .text("a")), ([0xdb, 0, 0, 0, 1, 0x61], .text("a")),
            ([0xc4, 0x02, 1, 2], .bytes([1, 2])),
            ([0xc5, 0, 1, 9], .bytes([9])), ([0xc6, 0, 0, 0, 1, 9], .bytes([9])),
            ([0x92, 1, 2], .array([.integer(1), .integer(2)])),
            ([0xdc, 0, 1, 1], .array([.integer(1)])), ([0xdd, 0, 0, 0, 1, 1], .array([.integer(1)])),
            ([0x81, 0xa1, 0x61, 0x01], .map([.init(key: "a", value: .integer(1))])),
            ([0xde, 0, 1, 0xa1, 0x61, 0x01], .map([.init(key: "a", value: .integer(1))])),
            ([0xdf, 0, 0, 0, 1, 0xa1, 0x61, 0x01], .map([.init(key: "a", value: .integer(1))])),
        ] as [([UInt8], MessagePackValue)])
    func reads(_ bytes: [UInt8], _ value: MessagePackValue) throws {
        #expect(try MessagePackReader.read(bytes) == value)
        for length in 0..<bytes.count {
            #expect(throws: MessagePackReader.Failure.self) { try MessagePackReader.read(Array(bytes[..<length])) }
        }
    }

    @Test(
        arguments: [
            [], [0x00, 0x00], [0xc1], [0xd4, 1, 2], [0xa1, 0xff], [0x81, 0x01, 0x01],
            [0x82, 0xa1, 0x61, 1, 0xa1, 0x61, 2],
            [0xdd, 0xff, 0xff, 0xff, 0xff], [0xdf, 0x7f, 0xff, 0xff, 0xff], [0xc6, 0xff, 0xff, 0xff, 0xff],
            [0xcf, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [UInt8](repeating: 0x91, count: 100),
        ] as [[UInt8]])
    func refuses(_ bytes: [UInt8]) {
        #expect(throws: MessagePackReader.Failure.self) { try MessagePackReader.read(bytes) }
    }
}

/// Writes what ``MessagePackReader`` reads, for fixtures.
func messagePackBytes(_ value: MessagePackValue) -> [UInt8] {
    func big(_ code: UInt8, _ count: Int) -> [UInt8] {
        [code] + (0..<4).reversed().map { UInt8(truncatingIfNeeded: count >> ($0 * 8)) }
    }
    switch value {
    case .null: return [0xc0]
    case .boolean(let flag): return [flag ? 0xc3 : 0xc2]
    case .integer(let number): return [0xd3] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    case .real(let real):
        return [0xcb] + (0..<8).reversed().map { UInt8(truncatingIfNeeded: real.bitPattern >> ($0 * 8)) }
    case .text(let text): return big(0xdb, text.utf8.count) + text.utf8
    case .bytes(let bytes): return big(0xc6, bytes.count) + bytes
    case .array(let items): return big(0xdd, items.count) + items.flatMap(messagePackBytes)
    case .map(let members):
        return big(0xdf, members.count)
            + members.flatMap { messagePackBytes(.text($0.key)) + messagePackBytes($0.value) }
    }
}
