/// The lower-case hexadecimal form of some bytes, as conda and rpm write digests.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.underestimatedCount * 2)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// The bytes that a text stands for, two digits of either case for each; nil where it is no hexadecimal text.
package func bytes(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap(hexadecimalValue)
    guard digits.count == text.utf8.count, digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}

/// Whether a text is so many bytes in lower-case hexadecimal, as a digest is.
package func isHexadecimal(_ text: String, bytes: Int) -> Bool {
    var text = text
    return text.withUTF8 { isHexadecimal(UnsafeRawBufferPointer($0), bytes: bytes) }
}

/// Whether a text is so many bytes in lower-case hexadecimal, as a digest is.
package func isHexadecimal(_ text: UnsafeRawBufferPointer, bytes: Int) -> Bool {
    text.count == bytes * 2
        && text.allSatisfy {
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
        }
}

/// What one digit stands for; nil for any other byte.
package func hexadecimalValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}
