/// A tar file made block by block, so that each field can be wrong on purpose.
struct TarFixture {
    enum Dialect {
        case v7
        case ustar
        case gnu
    }

    private(set) var bytes: [UInt8] = []

    /// Appends a header and its data, padded to a whole block.
    mutating func add(
        _ name: String, type: Character = "0", data: [UInt8] = [], link: String = "", mode: Int = 0o644,
        time: Int = 1_700_000_000, dialect: Dialect = .ustar, edit: (inout [UInt8]) -> Void = { _ in }
    ) {
        add(
            bytes: Array(name.utf8), type: type, data: data, link: Array(link.utf8), mode: mode, time: time,
            dialect: dialect, edit: edit)
    }

    mutating func add(
        bytes name: [UInt8], type: Character = "0", data: [UInt8] = [], link: [UInt8] = [], mode: Int = 0o644,
        time: Int = 1_700_000_000, dialect: Dialect = .ustar, edit: (inout [UInt8]) -> Void = { _ in }
    ) {
        var block = [UInt8](repeating: 0, count: 512)
        Self.put(name.prefix(100), at: 0, in: &block)
        Self.put(Self.octal(mode, 7).utf8, at: 100, in: &block)
        Self.put(Self.octal(0, 7).utf8, at: 108, in: &block)
        Self.put(Self.octal(0, 7).utf8, at: 116, in: &block)
        Self.put(Self.octal(data.count, 11).utf8, at: 124, in: &block)
        Self.put(Self.octal(time, 11).utf8, at: 136, in: &block)
        block[156] = type == "\0" ? 0 : type.asciiValue ?? 0
        Self.put(link.prefix(100), at: 157, in: &block)
        switch dialect {
        case .v7: break
        case .ustar: Self.put("ustar\u{0}00".utf8, at: 257, in: &block)
        case .gnu: Self.put("ustar  \u{0}".utf8, at: 257, in: &block)
        }
        edit(&block)
        Self.sign(&block)
        append(block)
        append(data)
        pad()
    }

    /// Appends pax records for the next member, or for all that follow with type `g`.
    mutating func pax(_ records: [(String, String)], type: Character = "x") {
        pax(raw: records.flatMap { Self.record($0, Array($1.utf8)) }, type: type)
    }

    mutating func pax(raw: [UInt8], type: Character = "x") {
        add("PaxHeaders/member", type: type, data: raw)
    }

    mutating func append(_ more: [UInt8]) {
        bytes.append(contentsOf: more)
    }

    mutating func pad() {
        append([UInt8](repeating: 0, count: (512 - bytes.count % 512) % 512))
    }

    /// The file with its end marker.
    func finished(blocks: Int = 2) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: 512 * blocks)
    }

    static func record(_ key: String, _ value: [UInt8]) -> [UInt8] {
        let body = Array(" \(key)=".utf8) + value + [0x0A]
        var length = body.count
        while String(length).utf8.count + body.count != length { length = String(length).utf8.count + body.count }
        return Array(String(length).utf8) + body
    }

    static func put(_ text: some Sequence<UInt8>, at offset: Int, in block: inout [UInt8]) {
        for (index, byte) in text.enumerated() { block[offset + index] = byte }
    }

    static func octal(_ value: Int, _ width: Int) -> String {
        let digits = String(value, radix: 8)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Writes the checksum; `edit` of `add` runs before, so that its changes are covered.
    static func sign(_ block: inout [UInt8]) {
        for index in 148..<156 { block[index] = 0x20 }
        let sum = block.reduce(0) { $0 + Int($1) }
        put((octal(sum, 6) + "\u{0} ").utf8, at: 148, in: &block)
    }

    /// A number in GNU's base-256 form.
    static func binary(_ value: Int64, _ width: Int) -> [UInt8] {
        var field = [UInt8](repeating: value < 0 ? 0xFF : 0, count: width)
        for index in 0..<min(8, width - 1) {
            field[width - 1 - index] = UInt8(truncatingIfNeeded: value >> (8 * index))
        }
        if value >= 0 { field[0] = 0x80 }
        return field
    }
}
