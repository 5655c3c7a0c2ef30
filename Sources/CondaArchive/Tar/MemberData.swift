import Glibc

/// How far the data of one member has been read, and where its holes are.
struct MemberData {
    /// Bytes not yet handed out, holes included.
    private(set) var remaining: Int64

    private var physical: Int64
    private let padding: Int64
    private let map: SparseMap?
    private var region = 0
    private var position: Int64 = 0

    /// A member without data.
    init() {
        self.init(physical: 0)
    }

    /// A plain member.
    init(physical: Int64) {
        remaining = physical
        self.physical = physical
        padding = Self.padding(physical)
        map = nil
    }

    /// A sparse member.
    ///
    /// - Parameter padding: bytes between the data's end and the next header.
    init(map: SparseMap, physical: Int64, padding: Int64? = nil) {
        remaining = map.realSize
        self.physical = physical
        self.padding = padding ?? Self.padding(physical)
        self.map = map
    }

    /// Bytes of the stream that still belong to the member, padding included.
    var rest: Int64 { physical + padding }

    /// Bytes that fill up the last block of data.
    static func padding(_ size: Int64) -> Int64 {
        -size & Int64(TarHeader.blockSize - 1)
    }

    /// The next bytes, nil at the member's end.
    mutating func next(from blocks: inout BlockReader) throws(ArchiveFault) -> UnsafeRawBufferPointer? {
        guard remaining > 0 else { return nil }
        let hole = holeSize
        if hole > 0 {
            let zeros = Zeros.chunk(atMost: hole)
            advance(zeros.count)
            return zeros
        }
        let taken = try blocks.take(atMost: regionRest)
        guard !taken.isEmpty else {
            throw .truncated(.tar, "expected \(remaining) more bytes of the member, found the end")
        }
        physical -= Int64(taken.count)
        advance(taken.count)
        return taken
    }

    private mutating func advance(_ count: Int) {
        position += Int64(count)
        remaining -= Int64(count)
        if let map, region < map.regions.count {
            let current = map.regions[region]
            if position == current.offset + current.size { region += 1 }
        }
    }

    /// Zeros before the next data.
    private var holeSize: Int64 {
        guard let map else { return 0 }
        return (region < map.regions.count ? map.regions[region].offset : map.realSize) - position
    }

    /// Data up to the next hole.
    private var regionRest: Int64 {
        guard let map else { return remaining }
        return map.regions[region].offset + map.regions[region].size - position
    }
}

/// A run of zeros that every hole is read from.
private enum Zeros {
    private static let size = 64 << 10

    /// Safe because the memory is written once, here, and only read ever after.
    nonisolated(unsafe) private static let memory = UnsafeRawBufferPointer(
        start: calloc(size, 1), count: size)

    static func chunk(atMost count: Int64) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: memory.prefix(Int(min(count, Int64(size)))))
    }
}
