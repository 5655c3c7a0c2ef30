extension TOMLParser {
    /// A string in one or three quotes of either kind.
    mutating func string(allowsLines: Bool) throws(LockError) -> String {
        let quote = peek() ?? 0
        let isLiteral = quote == UInt8(ascii: "'")
        let isLong = allowsLines && peek(1) == quote && peek(2) == quote
        for _ in 0..<(isLong ? 3 : 1) { advance() }
        if isLong, !skip("\n") { _ = skip("\r\n") }
        var result: [UInt8] = []
        while let byte = peek() {
            if byte == quote, let more = closing(quote, isLong: isLong) {
                result += Array(repeating: quote, count: more)
                return String(decoding: result, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\"), !isLiteral {
                advance()
                try escape(into: &result, isLong: isLong)
                continue
            }
            let isLineEnd = byte == UInt8(ascii: "\n") || (byte == UInt8(ascii: "\r") && peek(1) == UInt8(ascii: "\n"))
            guard byte >= 0x20 && byte != 0x7f || byte == UInt8(ascii: "\t") || (isLong && isLineEnd) else { break }
            result.append(byte)
            advance()
        }
        throw unexpected("the end of a string")
    }

    /// Steps over closing quotes; the number of quotes before them that belong to the string, or `nil` when none close.
    private mutating func closing(_ quote: UInt8, isLong: Bool) -> Int? {
        var count = 0
        while count < 5, peek(count) == quote { count += 1 }
        guard !isLong || count >= 3 else { return nil }
        let length = isLong ? count : 1
        for _ in 0..<length { advance() }
        return isLong ? count - 3 : 0
    }

    private mutating func escape(into result: inout [UInt8], isLong: Bool) throws(LockError) {
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "f"): 12,
            UInt8(ascii: "r"): 13, UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
        ]
        guard let byte = peek() else { throw unexpected("an escape sequence") }
        if let value = simple[byte] {
            result.append(value)
            advance()
        } else if byte == UInt8(ascii: "u") || byte == UInt8(ascii: "U") {
            advance()
            result += Array(String(try scalarEscape(digits: byte == UInt8(ascii: "u") ? 4 : 8)).utf8)
        } else if isLong {
            try lineContinuation()
        } else {
            throw unexpected("an escape sequence")
        }
    }

    private mutating func scalarEscape(digits: Int) throws(LockError) -> Character {
        let text = String(decoding: bytes[position...].prefix(digits), as: UTF8.self)
        guard text.utf8.count == digits, text.allSatisfy({ $0.isASCII && $0.isHexDigit }),
            let scalar = UInt32(text, radix: 16).flatMap(Unicode.Scalar.init), scalar.value != 0
        else { throw unexpected("\(digits) hexadecimal digits of a character") }
        for _ in 0..<digits { advance() }
        return Character(scalar)
    }

    /// A backslash at the end of a line joins the next text to it.
    private mutating func lineContinuation() throws(LockError) {
        skipBlanks()
        guard skip("\n") || skip("\r\n") else { throw unexpected("an escape sequence") }
        repeat { skipBlanks() } while skip("\n") || skip("\r\n")
    }

    /// A number, truth value, date or time.
    mutating func scalar() throws(LockError) -> String {
        let start = position
        while let byte = peek(), isScalarByte(byte) { advance() }
        // A date and its time may have a blank between them.
        if position - start == 10, peek() == UInt8(ascii: " "), peek(1).map(isDigit) ?? false {
            advance()
            while let byte = peek(), isScalarByte(byte) { advance() }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        guard isKnownScalar(text) else {
            position = start
            throw unexpected("a value")
        }
        return text
    }

    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private func isScalarByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
            || "+-.:_".utf8.contains(byte)
    }

    private func isKnownScalar(_ text: String) -> Bool {
        if ["true", "false", "inf", "+inf", "-inf", "nan", "+nan", "-nan"].contains(text) { return true }
        let digits = text.filter { $0 != "_" }
        if ["0x", "0o", "0b"].contains(String(text.prefix(2))) {
            let radix = ["x": 16, "o": 8, "b": 2][text.dropFirst().prefix(1)] ?? 10
            return UInt64(digits.dropFirst(2), radix: radix) != nil
        }
        if let first = digits.utf8.first, isDigit(first) || first == UInt8(ascii: "+") || first == UInt8(ascii: "-") {
            if Double(digits) != nil { return true }
        }
        return text.wholeMatch(
            of: /(\d{4}-\d\d-\d\d)?([Tt ]?\d\d:\d\d:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?/) != nil && text.utf8.count >= 8
    }
}
