/// Reads little-endian integers in order from bytes that hold a fixed structure.
struct ByteCursor {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) {
        rest = Array(bytes)[...]
    }

    /// Bytes not yet read.
    var remaining: Int { rest.count }

    mutating func integer<Value: FixedWidthInteger>(_: Value.Type = Value.self) throws(ArchiveFault) -> Value {
        var value: Value = 0
        for (index, byte) in try bytes(Value.bitWidth / 8).enumerated() {
            value |= Value(truncatingIfNeeded: UInt64(byte) << UInt64(index * 8))
        }
        return value
    }

    mutating func bytes(_ count: Int) throws(ArchiveFault) -> ArraySlice<UInt8> {
        guard count <= rest.count else {
            throw .truncated(.zip, "expected \(count) bytes of a record, found \(rest.count)")
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func skip(_ count: Int) throws(ArchiveFault) {
        _ = try bytes(count)
    }

    /// Reads a signature.
    mutating func expect(_ signature: UInt32, _ name: String) throws(ArchiveFault) {
        let found = try integer(UInt32.self)
        guard found == signature else { throw .corrupt(.zip, "expected \(name), found something else") }
    }
}
