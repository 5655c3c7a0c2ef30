/// Where the data of a sparse member lies; all else in it is zeros.
struct SparseMap {
    /// One run of data.
    struct Region: Equatable {
        let offset: Int64
        let size: Int64
    }

    /// Regions in ascending order, not overlapping, all inside the member.
    let regions: [Region]

    /// Bytes of the member when written out.
    let realSize: Int64

    /// - Parameter dataSize: bytes of data in the archive, which the regions must add up to.
    /// - Throws: ``ArchiveFault/corrupt(_:_:)``.
    init(regions: [Region], realSize: Int64, dataSize: Int64) throws(ArchiveFault) {
        var end: Int64 = 0
        var total: Int64 = 0
        for region in regions {
            let (next, overflow) = region.offset.addingReportingOverflow(region.size)
            guard region.offset >= end, region.size >= 0, !overflow, next <= realSize else {
                throw .corrupt(.tar, "the sparse map's regions overlap or leave the file")
            }
            end = next
            total += region.size
        }
        guard total == dataSize else {
            throw .corrupt(.tar, "the sparse map covers \(total) bytes, expected \(dataSize)")
        }
        self.regions = regions.filter { $0.size > 0 }
        self.realSize = realSize
    }
}

/// What pax records say about a sparse member (GNU formats 0.0, 0.1 and 1.0).
struct PaxSparse {
    var name: [UInt8]?
    var realSize: Int64?
    /// Offsets and sizes in turn, formats 0.0 and 0.1.
    var numbers: [Int64] = []
    private var major: Int64?
    private var minor: Int64?
    private var count: Int64?

    /// Whether any record spoke of a sparse member.
    var isPresent: Bool { major != nil || minor != nil || count != nil || realSize != nil || !numbers.isEmpty }

    /// Whether the map stands before the data in the archive, format 1.0.
    var hasMapInData: Bool { major == 1 && minor == 0 }

    mutating func set(_ key: Substring, to value: ArraySlice<UInt8>) throws(ArchiveFault) {
        switch key {
        case "name": name = Array(value)
        case "major": major = try TarNumber.decimal(value, "GNU.sparse.major")
        case "minor": minor = try TarNumber.decimal(value, "GNU.sparse.minor")
        case "size", "realsize": realSize = try TarNumber.decimal(value, "GNU.sparse.size")
        case "numblocks": count = try TarNumber.decimal(value, "GNU.sparse.numblocks")
        case "offset", "numbytes":
            // Format 0.0 repeats the two keys in turn, which is not what POSIX allows but what it does.
            guard numbers.count.isMultiple(of: 2) == (key == "offset") else { throw Self.malformed }
            numbers.append(try TarNumber.decimal(value, "GNU.sparse.\(key)"))
        case "map":
            numbers = []
            for part in value.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) where !value.isEmpty
            {
                numbers.append(try TarNumber.decimal(part, "GNU.sparse.map"))
            }
        default: break
        }
    }

    /// The map of formats 0.0 and 0.1, which is complete once the records are read.
    func map(dataSize: Int64) throws(ArchiveFault) -> SparseMap {
        guard let realSize, numbers.count.isMultiple(of: 2), count.map({ $0 == numbers.count / 2 }) ?? true else {
            throw Self.malformed
        }
        return try SparseMap(regions: Self.regions(numbers), realSize: realSize, dataSize: dataSize)
    }

    static func regions(_ numbers: [Int64]) -> [SparseMap.Region] {
        stride(from: 0, to: numbers.count - 1, by: 2).map { .init(offset: numbers[$0], size: numbers[$0 + 1]) }
    }

    static let malformed = ArchiveFault.corrupt(.tar, "the sparse map is incomplete")
}
