extension YAMLNode {
    /// Parses a document that holds exactly one YAML value.
    ///
    /// - Parameters:
    ///   - text: the document; a byte order mark is allowed.
    ///   - file: its name in messages.
    /// - Returns: the document's value; `nil` for a document without any.
    /// - Throws: the place of a syntax error, of a key written twice, or of a second document.
    package static func parse(_ text: String, file: String) throws(DocumentError) -> YAMLNode? {
        try parseText(Array(text.utf8), file: file)
    }

    /// Parses a document from its bytes.
    ///
    /// - Throws: as ``parse(_:file:)-(String,_)``; also the first line that is not UTF-8.
    package static func parse(_ bytes: [UInt8], file: String) throws(DocumentError) -> YAMLNode? {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw DocumentError(
                file: file, line: firstUndecodableLine(bytes), expected: "UTF-8 text", found: "other bytes",
                advice: "save the file as UTF-8")
        }
        return try parseText(bytes, file: file)
    }

    private static func parseText(_ bytes: [UInt8], file: String) throws(DocumentError) -> YAMLNode? {
        let byteOrderMark = "\u{FEFF}".utf8
        let text = bytes.starts(with: byteOrderMark) ? Array(bytes.dropFirst(byteOrderMark.count)) : bytes
        return try YAMLComposer.compose(text, file: file).map { YAMLNode(file: file, key: "", node: $0) }
    }

    private static func firstUndecodableLine(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return 1 + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0)
    }
}
