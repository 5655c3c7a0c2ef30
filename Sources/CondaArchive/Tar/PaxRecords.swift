/// What extended headers (POSIX pax `x` and `g`, GNU long names) say about the next member, over its own header.
struct PaxRecords {
    var path: [UInt8]?
    var linkPath: [UInt8]?
    var size: Int64?
    var modificationTime: FileTime?
    var sparse = PaxSparse()

    /// Reads records of the form `LENGTH KEY=VALUE\n`, LENGTH counting the whole record in bytes.
    ///
    /// An empty value takes back what an earlier record said. Keys that do not matter to a prefix (owners, attributes,
    /// comments) are checked for form only.
    /// - Throws: ``ArchiveFault/corrupt(_:_:)``.
    mutating func read(_ bytes: [UInt8]) throws(ArchiveFault) {
        var rest = bytes[...]
        // Some writers pad the data itself with NUL bytes.
        while let first = rest.first, first != 0 {
            guard let space = rest.prefix(20).firstIndex(of: 0x20) else { throw Self.malformed(rest) }
            let length = try TarNumber.decimal(rest[..<space], "pax record length")
            guard length <= rest.count, length > space - rest.startIndex + 1 else { throw Self.malformed(rest) }
            let record = rest.prefix(Int(length))
            guard record.last == 0x0A, let equals = record.firstIndex(of: UInt8(ascii: "=")), equals > space else {
                throw Self.malformed(rest)
            }
            try set(record[(space + 1)..<equals], to: record[(equals + 1)...].dropLast())
            rest = rest.dropFirst(Int(length))
        }
        guard rest.allSatisfy({ $0 == 0 }) else { throw Self.malformed(rest) }
    }

    private mutating func set(_ key: ArraySlice<UInt8>, to value: ArraySlice<UInt8>) throws(ArchiveFault) {
        switch String(decoding: key, as: UTF8.self) {
        case "path": path = value.isEmpty ? nil : Array(value)
        case "linkpath": linkPath = value.isEmpty ? nil : Array(value)
        case "size": size = value.isEmpty ? nil : try TarNumber.decimal(value, "pax size")
        case "mtime": modificationTime = value.isEmpty ? nil : try Self.time(value)
        case let key where key.hasPrefix("GNU.sparse."): try sparse.set(key.dropFirst(11), to: value)
        default: break
        }
    }

    /// Decimal seconds with an optional sign and fraction; digits beyond nanoseconds are cut.
    private static func time(_ value: ArraySlice<UInt8>) throws(ArchiveFault) -> FileTime {
        let negative = value.first == UInt8(ascii: "-")
        let parts = value.dropFirst(negative ? 1 : 0).split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let seconds = try parts.first.map { part throws(ArchiveFault) in try TarNumber.decimal(part, "pax mtime") } ?? 0
        var nanoseconds: Int64 = 0
        if parts.count == 2, !parts[1].isEmpty {
            let digits = Array(parts[1].prefix(9))
            nanoseconds = try TarNumber.decimal(digits, "pax mtime")
            for _ in digits.count..<9 { nanoseconds *= 10 }
        }
        guard negative else { return FileTime(seconds: seconds, nanoseconds: Int32(nanoseconds)) }
        return nanoseconds == 0
            ? FileTime(seconds: -seconds)
            : FileTime(seconds: -seconds - 1, nanoseconds: Int32(1_000_000_000 - nanoseconds))
    }

    private static func malformed(_ record: ArraySlice<UInt8>) -> ArchiveFault {
        .corrupt(.tar, "malformed pax record '\(printable(record.prefix(40)))'")
    }
}
