/// The numeric fields of a tar header.
enum TarNumber {
    /// Reads octal digits between blanks, or GNU's big-endian base-256 form; an empty field is 0.
    ///
    /// - Throws: ``ArchiveFault/corrupt(_:_:)`` for anything else, and for what does not fit.
    static func parse(_ field: ArraySlice<UInt8>, _ name: String) throws(ArchiveFault) -> Int64 {
        guard let first = field.first else { return 0 }
        return try first & 0x80 != 0 ? binary(field, name) : octal(field, name)
    }

    /// As ``parse(_:_:)``, for fields that must not be negative.
    static func parseSize(_ field: ArraySlice<UInt8>, _ name: String) throws(ArchiveFault) -> Int64 {
        let value = try parse(field, name)
        guard value >= 0 else { throw .corrupt(.tar, "the field '\(name)' is negative: \(value)") }
        return value
    }

    /// Reads unsigned decimal digits, as pax records and sparse maps hold them.
    static func decimal(_ digits: some Collection<UInt8>, _ name: String) throws(ArchiveFault) -> Int64 {
        var value: Int64 = 0
        for digit in digits {
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            guard (0x30...0x39).contains(digit), !overflow else { throw unreadable(digits, name) }
            let (sum, carry) = scaled.addingReportingOverflow(Int64(digit - 0x30))
            guard !carry else { throw unreadable(digits, name) }
            value = sum
        }
        guard !digits.isEmpty else { throw unreadable(digits, name) }
        return value
    }

    private static func octal(_ field: ArraySlice<UInt8>, _ name: String) throws(ArchiveFault) -> Int64 {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0 }
        let leading = field.drop { $0 == 0x20 }
        let digits = leading.prefix { (0x30...0x37).contains($0) }
        guard leading.dropFirst(digits.count).first.map(isBlank) ?? true else { throw unreadable(field, name) }
        var value: Int64 = 0
        for digit in digits {
            guard value >> 60 == 0 else { throw unreadable(field, name) }
            value = value << 3 | Int64(digit - 0x30)
        }
        return value
    }

    private static func binary(_ field: ArraySlice<UInt8>, _ name: String) throws(ArchiveFault) -> Int64 {
        let negative = field.first == 0xFF
        guard negative || field.first == 0x80 else { throw unreadable(field, name) }
        var value: Int64 = negative ? -1 : 0
        for byte in field.dropFirst() {
            guard value >> 55 == (negative ? -1 : 0) else { throw unreadable(field, name) }
            value = value << 8 | Int64(byte)
        }
        return value
    }

    private static func unreadable(_ field: some Collection<UInt8>, _ name: String) -> ArchiveFault {
        .corrupt(.tar, "the field '\(name)' holds '\(printable(field))', expected a number")
    }
}
