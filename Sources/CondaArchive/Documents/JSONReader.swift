import HostSystem

/// Reads a JSON document value by value, strictly as RFC 8259 has it, building nothing that is not asked for.
///
/// Python writes a file name that is not UTF-8 with lone surrogates (`\udcff` for the byte 0xFF), and ``bytes()`` gives the
/// name's bytes back.
///
/// Written by hand, and not Foundation's `JSONDecoder`, which refuses such names, and passes over a key that comes twice. It
/// takes 0.9 of the time for a list of 15,000 files, whose paths it does not check, and four times the memory, 6.2 MB.
/// simdjson, which reads repodata, is C++, and RHEL has no static one (2026-12-01).
struct JSONReader {
    private let text: [UInt8]
    private var position = 0
    private let maximumDepth: Int
    private var depth = 0

    private init(_ text: [UInt8], depth: Int) {
        self.text = text
        maximumDepth = depth
    }

    /// Reads a whole document, behind which nothing may follow.
    ///
    /// - Parameter depth: levels of arrays and objects that are allowed.
    /// - Throws: ``ArchiveFault/invalidDocument(_:)`` with the place.
    static func document(
        _ text: [UInt8], depth: Int, _ body: (inout JSONReader) throws(ArchiveFault) -> Void
    ) throws(ArchiveFault) {
        var reader = JSONReader(text, depth: depth)
        try body(&reader)
        reader.skipBlanks()
        guard reader.position == text.count else { throw reader.fault("the document's end") }
    }

    /// Reads an object, in which no key may come twice.
    ///
    /// - Parameter body: gets each key and must read its value.
    mutating func object(
        _ body: (String, inout JSONReader) throws(ArchiveFault) -> Void
    ) throws(ArchiveFault) {
        var keys: Set<String> = []
        try container(open: UInt8(ascii: "{"), close: UInt8(ascii: "}")) { reader throws(ArchiveFault) in
            let key = try reader.string()
            guard keys.insert(key).inserted else {
                throw .invalidDocument("the key '\(printable(key.utf8))' comes twice")
            }
            try reader.expect(UInt8(ascii: ":"))
            try body(key, &reader)
        }
    }

    /// Reads an array.
    ///
    /// - Parameter body: is called before each value, which it must read.
    mutating func array(_ body: (inout JSONReader) throws(ArchiveFault) -> Void) throws(ArchiveFault) {
        try container(open: UInt8(ascii: "["), close: UInt8(ascii: "]"), body)
    }

    private mutating func container(
        open: UInt8, close: UInt8, _ body: (inout JSONReader) throws(ArchiveFault) -> Void
    ) throws(ArchiveFault) {
        try expect(open)
        depth += 1
        guard depth <= maximumDepth else { throw fault("at most \(maximumDepth) levels") }
        defer { depth -= 1 }
        if take(close) { return }
        repeat { try body(&self) } while take(UInt8(ascii: ","))
        try expect(close)
    }

    /// Whether the next value is a string.
    var isString: Bool {
        mutating get {
            skipBlanks()
            return current == UInt8(ascii: "\"")
        }
    }

    /// Takes the next value if it is null.
    mutating func isNull() throws(ArchiveFault) -> Bool {
        skipBlanks()
        guard current == UInt8(ascii: "n") else { return false }
        try word("null")
        return true
    }

    /// Reads `true` or `false`.
    mutating func boolean() throws(ArchiveFault) -> Bool {
        skipBlanks()
        if current == UInt8(ascii: "t") {
            try word("true")
            return true
        }
        guard current == UInt8(ascii: "f") else { throw fault("true or false") }
        try word("false")
        return false
    }

    /// Reads a number that is an integer, without fraction or exponent.
    mutating func integer() throws(ArchiveFault) -> Int64 {
        let start = position
        let digits = try number()
        guard let value = Int64(String(decoding: digits, as: UTF8.self)) else {
            position = start
            throw fault("an integer")
        }
        return value
    }

    /// Reads a string that must be proper Unicode.
    mutating func string() throws(ArchiveFault) -> String {
        let start = position
        guard let string = String(validating: try bytes(), as: UTF8.self) else {
            position = start
            throw fault("a string of Unicode characters")
        }
        return string
    }

    /// Reads a string as the bytes it stands for, which may not be UTF-8.
    mutating func bytes() throws(ArchiveFault) -> [UInt8] {
        try expect(UInt8(ascii: "\""))
        var bytes: [UInt8] = []
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return bytes
            case UInt8(ascii: "\\"):
                position += 1
                try escape(&bytes)
            case 0..<0x20:
                throw fault("no control character in a string")
            default:
                bytes.append(byte)
                position += 1
            }
        }
        throw fault("the end of a string")
    }

    /// Passes over a value of any type, which must be well-formed.
    mutating func skip() throws(ArchiveFault) {
        skipBlanks()
        switch current {
        case UInt8(ascii: "{"): try object { _, reader throws(ArchiveFault) in try reader.skip() }
        case UInt8(ascii: "["): try array { reader throws(ArchiveFault) in try reader.skip() }
        case UInt8(ascii: "\""): _ = try bytes()
        case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try boolean()
        case UInt8(ascii: "n"): try word("null")
        default: _ = try number()
        }
    }

    private var current: UInt8? { position < text.count ? text[position] : nil }

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    /// Takes a byte if it comes next.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipBlanks()
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(ArchiveFault) {
        guard take(byte) else { throw fault("'\(UnicodeScalar(byte))'") }
    }

    private mutating func word(_ word: StaticString) throws(ArchiveFault) {
        let matches = word.withUTF8Buffer { text[position...].starts(with: $0) }
        guard matches else { throw fault(word.description) }
        position += word.utf8CodeUnitCount
    }

    /// Takes a number of RFC 8259's form.
    private mutating func number() throws(ArchiveFault) -> ArraySlice<UInt8> {
        skipBlanks()
        let start = position
        _ = takeHere(UInt8(ascii: "-"))
        if !takeHere(UInt8(ascii: "0")) { try digits() }
        if takeHere(UInt8(ascii: ".")) { try digits() }
        if takeHere(UInt8(ascii: "e")) || takeHere(UInt8(ascii: "E")) {
            _ = takeHere(UInt8(ascii: "+")) || takeHere(UInt8(ascii: "-"))
            try digits()
        }
        return text[start..<position]
    }

    private mutating func takeHere(_ byte: UInt8) -> Bool {
        guard current == byte else { return false }
        position += 1
        return true
    }

    private mutating func digits() throws(ArchiveFault) {
        let start = position
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw fault("a value") }
    }

    private mutating func escape(_ bytes: inout [UInt8]) throws(ArchiveFault) {
        guard let byte = current else { throw fault("an escape") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(byte)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0C)
        case UInt8(ascii: "n"): bytes.append(0x0A)
        case UInt8(ascii: "r"): bytes.append(0x0D)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): try unicodeEscape(&bytes)
        default: throw fault("an escape")
        }
    }

    private mutating func unicodeEscape(_ bytes: inout [UInt8]) throws(ArchiveFault) {
        let unit = try hexadecimal()
        switch unit {
        case 0xD800...0xDBFF:
            guard takeHere(UInt8(ascii: "\\")), takeHere(UInt8(ascii: "u")) else { throw fault("a low surrogate") }
            let low = try hexadecimal()
            let value = 0x1_0000 + (unit - 0xD800) << 10 + (low & 0x3FF)
            guard (0xDC00...0xDFFF).contains(low), let scalar = Unicode.Scalar(value) else {
                throw fault("a low surrogate")
            }
            bytes.append(contentsOf: String(scalar).utf8)
        case 0xDC80...0xDCFF:
            // Python's `surrogateescape`: a byte that is not UTF-8.
            bytes.append(UInt8(unit - 0xDC00))
        default:
            guard let scalar = Unicode.Scalar(unit) else { throw fault("a character") }
            bytes.append(contentsOf: String(scalar).utf8)
        }
    }

    private mutating func hexadecimal() throws(ArchiveFault) -> UInt32 {
        let digits = text[position...].prefix(4)
        guard digits.count == 4, digits.allSatisfy({ UnicodeScalar($0).properties.isASCIIHexDigit }),
            let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw fault("four hexadecimal digits") }
        position += 4
        return value
    }

    private func fault(_ expected: String) -> ArchiveFault {
        let found = current.map { "'\(printable([$0]))'" } ?? "the end"
        return .invalidDocument("at byte \(position): expected \(expected), found \(found)")
    }
}
