// Classes of ASCII bytes, as CEP 26 and CEP 33 name them.

/// Whether a byte is one of `0` to `9`.
func isDigit(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10
}

/// Whether a byte is an ASCII letter of either case.
func isLetter(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- UInt8(ascii: "a") < 26
}

/// Whether a byte separates the segments of a version.
func isSeparator(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
}

/// Whether a byte is a space, a tab or a line end.
func isBlank(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || (9...13).contains(byte)
}

/// The lower-case form of an ASCII letter; other bytes as they are.
func lowercased(_ byte: UInt8) -> UInt8 {
    byte &- UInt8(ascii: "A") < 26 ? byte | 0x20 : byte
}

extension UnsafeBufferPointer<UInt8> {
    /// `range` without the blanks at its ends.
    func trimmed(_ range: Range<Int>) -> Range<Int> {
        var range = range
        while let first = range.first, isBlank(self[first]) { range.removeFirst() }
        while let last = range.last, isBlank(self[last]) { range.removeLast() }
        return range
    }
}
