/// The CRC-32 of bzip2 (polynomial 0x04C11DB7, highest bit first), eight bytes per step.
struct BZip2Checksum {
    private var state: UInt32 = 0xFFFF_FFFF

    /// The checksum of the bytes so far.
    var value: UInt32 { ~state }

    /// Takes in more bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        var crc = state
        var offset = 0
        Self.tables.withUnsafeBufferPointer { tables in
            guard let tables = tables.baseAddress else { return }
            while bytes.count - offset >= 8 {
                crc = Self.step(crc, (start + offset).loadUnaligned(as: UInt64.self).bigEndian, tables)
                offset += 8
            }
            while offset < bytes.count {
                let byte = start.load(fromByteOffset: offset, as: UInt8.self)
                crc = crc << 8 ^ tables[Int(UInt8(truncatingIfNeeded: crc >> 24) ^ byte)]
                offset += 1
            }
        }
        state = crc
    }

    @inline(__always)
    private static func step(_ crc: UInt32, _ block: UInt64, _ tables: UnsafePointer<UInt32>) -> UInt32 {
        let mixed = block ^ UInt64(crc) << 32
        var result: UInt32 = 0
        for index in 0..<8 {
            result ^= tables[index << 8 | Int(mixed >> UInt64(index * 8) & 0xFF)]
        }
        return result
    }

    /// Table k is the checksum of a byte that has k zero bytes behind it.
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var crc = UInt32(byte) << 24
            for _ in 0..<8 { crc = crc >> 31 == 1 ? 0x04C1_1DB7 ^ crc << 1 : crc << 1 }
            tables[byte] = crc
        }
        for index in 256..<tables.count {
            let previous = tables[index - 256]
            tables[index] = tables[Int(previous >> 24)] ^ previous << 8
        }
        return tables
    }()
}
