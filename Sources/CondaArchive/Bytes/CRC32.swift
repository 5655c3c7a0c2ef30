/// The CRC-32 of ZIP (polynomial 0xEDB88320), sixteen bytes per step.
struct CRC32 {
    private var state: UInt32 = 0xFFFF_FFFF

    /// The checksum of the bytes so far.
    var value: UInt32 { ~state }

    /// Takes in more bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        var crc = state
        var rest = bytes[...]
        Self.tables.withUnsafeBufferPointer { tables in
            while rest.count >= 16 {
                crc = Self.step(crc, UnsafeRawBufferPointer(rebasing: rest.prefix(16)), tables)
                rest = rest.dropFirst(16)
            }
            for byte in rest {
                crc = tables[Int((crc ^ UInt32(byte)) & 0xFF)] ^ (crc >> 8)
            }
        }
        state = crc
    }

    @inline(__always)
    private static func step(
        _ crc: UInt32, _ block: UnsafeRawBufferPointer, _ tables: UnsafeBufferPointer<UInt32>
    ) -> UInt32 {
        let low = UInt64(littleEndian: block.loadUnaligned(fromByteOffset: 0, as: UInt64.self)) ^ UInt64(crc)
        let high = UInt64(littleEndian: block.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        var result: UInt32 = 0
        for index in 0..<8 {
            let shift = UInt64(index) * 8
            result ^= tables[(15 - index) * 256 + Int((low >> shift) & 0xFF)]
            result ^= tables[(7 - index) * 256 + Int((high >> shift) & 0xFF)]
        }
        return result
    }

    /// Table k is the checksum of a byte that has k zero bytes behind it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 16 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte)
            for _ in 0..<8 { crc = crc & 1 == 1 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1 }
            tables[byte] = crc
        }
        for index in 256..<tables.count {
            let previous = tables[index - 256]
            tables[index] = tables[Int(previous & 0xFF)] ^ (previous >> 8)
        }
        return tables
    }()
}
