@testable import CondaArchive

/// A ZIP file made field by field, so that each can be wrong on purpose.
struct ZipFixture {
    struct Entry {
        var name: String
        var data: [UInt8]
        var method: UInt16 = 0
        var flags: UInt16 = 0
        var checksum: UInt32?
        var declaredSize: UInt32?
        var localName: String?
        var unpackedSize: UInt32?
        /// Type and permissions as Unix has them.
        var mode: UInt16 = 0
        /// Where the directory says that the local header is.
        var offset: Int?
    }

    var entries: [Entry] = []
    /// Whether sizes and offsets stand in ZIP64 records.
    var wide = false
    var comment: [UInt8] = []
    var declaredCount: UInt16?

    mutating func add(_ name: String, _ data: [UInt8], edit: (inout Entry) -> Void = { _ in }) {
        var entry = Entry(name: name, data: data)
        edit(&entry)
        entries.append(entry)
    }

    func bytes() -> [UInt8] {
        var file: [UInt8] = []
        var directory: [UInt8] = []
        for entry in entries {
            let offset = file.count
            let name = Array(entry.name.utf8)
            let local = Array((entry.localName ?? entry.name).utf8)
            let checksum = entry.checksum ?? Self.checksum(entry.data)
            let packed = entry.declaredSize ?? UInt32(entry.data.count)
            let size = entry.unpackedSize ?? packed
            file += [0x50, 0x4B, 3, 4] + le(UInt16(20)) + le(entry.flags) + le(entry.method) + le(UInt32(0))
            file += le(checksum) + le(packed) + le(size) + le(UInt16(local.count)) + le(UInt16(0)) + local + entry.data
            directory += [0x50, 0x4B, 1, 2] + le(UInt32(0x14_0314)) + le(entry.flags) + le(entry.method)
            directory += le(UInt32(0)) + le(checksum)
            directory += wide ? le(UInt32.max) + le(UInt32.max) : le(packed) + le(size)
            directory += le(UInt16(name.count)) + le(UInt16(wide ? 28 : 0)) + le(UInt16(0)) + le(UInt16(0))
            let place = UInt32(entry.offset ?? offset)
            directory += le(UInt16(0)) + le(UInt32(entry.mode) << 16) + le(wide ? UInt32.max : place) + name
            if wide {
                directory += le(UInt16(1)) + le(UInt16(24)) + le(UInt64(size)) + le(UInt64(size)) + le(UInt64(offset))
            }
        }
        return file + directory + end(start: file.count, size: directory.count)
    }

    private func end(start: Int, size: Int) -> [UInt8] {
        let count = declaredCount ?? UInt16(entries.count)
        var end: [UInt8] = []
        if wide {
            end += le(UInt32(0x0606_4B50)) + le(UInt64(44)) + le(UInt32(0x2D_002D)) + le(UInt64(0))
            end += le(UInt64(count)) + le(UInt64(count)) + le(UInt64(size)) + le(UInt64(start))
            end += le(UInt32(0x0706_4B50)) + le(UInt32(0)) + le(UInt64(start + size)) + le(UInt32(1))
        }
        end += [0x50, 0x4B, 5, 6] + le(UInt32(0)) + le(wide ? UInt16.max : count) + le(wide ? UInt16.max : count)
        end += le(wide ? UInt32.max : UInt32(size)) + le(wide ? UInt32.max : UInt32(start))
        return end + le(UInt16(comment.count)) + comment
    }

    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var checksum = CRC32()
        bytes.withUnsafeBytes { checksum.update($0) }
        return checksum.value
    }

    private func le<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
    }
}
