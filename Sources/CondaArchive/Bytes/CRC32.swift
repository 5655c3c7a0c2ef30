import CZlib

/// The CRC-32 of ZIP (polynomial 0xEDB88320).
struct CRC32 {
    /// The checksum of the bytes so far.
    private(set) var value: UInt32 = 0

    /// Takes in more bytes.
    mutating func update(_ bytes: UnsafeRawBufferPointer) {
        // Of no bytes at a null pointer zlib would start anew.
        guard let start = bytes.baseAddress else { return }
        value = UInt32(crc32_z(UInt(value), start.assumingMemoryBound(to: UInt8.self), bytes.count))
    }
}
