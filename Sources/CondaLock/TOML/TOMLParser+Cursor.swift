import StrictYAML

extension TOMLParser {
    /// The next byte; `nil` at the end.
    func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    /// Steps over one byte and counts lines.
    mutating func advance() {
        if peek() == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    /// Steps over a text if it comes next.
    mutating func skip(_ text: StaticString) -> Bool {
        let matches = text.withUTF8Buffer { wanted in wanted.indices.allSatisfy { peek($0) == wanted[$0] } }
        guard matches else { return false }
        for _ in 0..<text.utf8CodeUnitCount { advance() }
        return true
    }

    /// Steps over a text that must come next, blanks before it allowed.
    mutating func expect(_ text: StaticString) throws(LockError) {
        skipBlanks()
        guard skip(text) else { throw unexpected("\"\(text)\"") }
    }

    mutating func skipBlanks() {
        while peek() == UInt8(ascii: " ") || peek() == UInt8(ascii: "\t") { advance() }
    }

    /// Steps over blanks, line ends and comments.
    mutating func skipBlankLines() {
        while true {
            skipBlanks()
            skipComment()
            guard skip("\n") || skip("\r\n") else { return }
        }
    }

    /// Steps to the end of a line that may hold nothing but a comment.
    mutating func endOfLine() throws(LockError) {
        skipBlanks()
        skipComment()
        guard peek() == nil || skip("\n") || skip("\r\n") else { throw unexpected("the end of the line") }
    }

    private mutating func skipComment() {
        guard peek() == UInt8(ascii: "#") else { return }
        while let byte = peek(), byte != UInt8(ascii: "\n") { _ = (byte, advance()) }
    }

    /// An error at the current line.
    func error(_ problem: String) -> LockError {
        LockError(file: file, line: line, problem: "not valid TOML: \(problem)")
    }

    /// An error that names what should come next.
    func unexpected(_ expected: String) -> LockError {
        let rest = bytes[min(position, bytes.count)...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        let found = rest.isEmpty ? "the end of the line" : quoted(String(decoding: rest.prefix(40), as: UTF8.self))
        return LockError(file: file, line: line, problem: "not valid TOML", expected: expected, found: found)
    }
}
