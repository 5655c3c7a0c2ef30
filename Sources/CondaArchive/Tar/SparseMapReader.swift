/// Reads the sparse maps that stand between a header and its data.
enum SparseMapReader {
    /// GNU format 1.0: lines of decimal digits (a count, then offsets and sizes in turn) that fill whole blocks.
    static func pax(
        _ blocks: inout BlockReader, _ sparse: PaxSparse, physical: Int64, limits: ArchiveLimits
    ) throws(ArchiveFault) -> MemberData {
        guard let realSize = sparse.realSize else { throw PaxSparse.malformed }
        var lines = MapLines(physical: physical)
        let count = try lines.next(&blocks)
        try checkCount(count, limits)
        var numbers: [Int64] = []
        for _ in 0..<(2 * count) { numbers.append(try lines.next(&blocks)) }
        let dataSize = physical - lines.read
        let map = try SparseMap(regions: PaxSparse.regions(numbers), realSize: realSize, dataSize: dataSize)
        return MemberData(map: map, physical: dataSize, padding: MemberData.padding(physical))
    }

    /// GNU's old format: four regions in the header, 21 in each block that follows as long as a flag says so.
    static func gnu(
        _ blocks: inout BlockReader, _ fields: [UInt8], physical: Int64, limits: ArchiveLimits
    ) throws(ArchiveFault) -> MemberData {
        var regions = try gnuRegions(fields, count: 4)
        var more = fields[96] != 0
        let realSize = try TarNumber.parseSize(TarHeader.slice(fields, 97, 12), "realsize")
        while more {
            let block = try blocks.bytes(TarHeader.blockSize)
            regions += try gnuRegions(block, count: 21)
            try checkCount(Int64(regions.count), limits)
            more = block[504] != 0
        }
        return MemberData(
            map: try SparseMap(regions: regions, realSize: realSize, dataSize: physical), physical: physical)
    }

    private static func gnuRegions(_ bytes: [UInt8], count: Int) throws(ArchiveFault) -> [SparseMap.Region] {
        var regions: [SparseMap.Region] = []
        for index in 0..<count where bytes[index * 24] != 0 {
            let offset = try TarNumber.parseSize(TarHeader.slice(bytes, index * 24, 12), "sparse offset")
            let size = try TarNumber.parseSize(TarHeader.slice(bytes, index * 24 + 12, 12), "sparse size")
            regions.append(.init(offset: offset, size: size))
        }
        return regions
    }

    private static func checkCount(_ count: Int64, _ limits: ArchiveLimits) throws(ArchiveFault) {
        guard count <= limits.sparseRegionCount else {
            throw .overLimit("regions of a sparse member", limit: Int64(limits.sparseRegionCount), found: count)
        }
    }
}

/// The lines of a format 1.0 map, read block by block.
private struct MapLines {
    /// Bytes of the member's data that the map took so far.
    private(set) var read: Int64 = 0

    private let physical: Int64
    private var block: ArraySlice<UInt8> = []

    init(physical: Int64) {
        self.physical = physical
    }

    mutating func next(_ blocks: inout BlockReader) throws(ArchiveFault) -> Int64 {
        var digits: [UInt8] = []
        while true {
            if block.isEmpty { try refill(&blocks) }
            let byte = block.removeFirst()
            if byte == 0x0A { return try TarNumber.decimal(digits, "sparse map") }
            guard digits.count < 20 else { throw PaxSparse.malformed }
            digits.append(byte)
        }
    }

    private mutating func refill(_ blocks: inout BlockReader) throws(ArchiveFault) {
        guard read + Int64(TarHeader.blockSize) <= physical else { throw PaxSparse.malformed }
        block = try blocks.bytes(TarHeader.blockSize)[...]
        read += Int64(TarHeader.blockSize)
    }
}
