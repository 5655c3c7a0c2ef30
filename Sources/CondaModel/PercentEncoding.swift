import HostSystem

/// What may stand in the path of a URL beside letters and digits (RFC 3986); `/` is among it.
package let pathPunctuation = "!$&'()*+,-./:;=@_~"

/// A text as a URL holds it: `%21` and the like for every byte that is neither an ASCII letter, a digit nor `punctuation`.
package func percentEncoded(_ text: String, keeping punctuation: String = pathPunctuation) -> String {
    let kept = punctuation.utf8
    func isKept(_ byte: UInt8) -> Bool { isDigit(byte) || isLetter(byte) || kept.contains(byte) }
    if text.utf8.allSatisfy(isKept) { return text }
    var encoded: [UInt8] = []
    for byte in text.utf8 {
        if isKept(byte) {
            encoded.append(byte)
        } else {
            encoded += "%\(hexadecimal([byte]).uppercased())".utf8
        }
    }
    return String(decoding: encoded, as: UTF8.self)
}

/// A part of a URL with `%21` and the like replaced by what they stand for.
///
/// An incomplete escape stays as it is, and what is no UTF-8 becomes U+FFFD, as in Python's `unquote` and so in conda.
package func percentDecoded(_ text: some StringProtocol) -> String {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    while let byte = rest.popFirst() {
        let digits = rest.prefix(2).compactMap(hexadecimalValue)
        if byte == UInt8(ascii: "%"), digits.count == 2 {
            bytes.append(digits[0] << 4 | digits[1])
            rest = rest.dropFirst(2)
        } else {
            bytes.append(byte)
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
