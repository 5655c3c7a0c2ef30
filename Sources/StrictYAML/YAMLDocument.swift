import Yams

extension YAMLNode {
    /// Parses a document that holds exactly one YAML value.
    ///
    /// - Parameters:
    ///   - text: the document; a byte order mark is allowed.
    ///   - file: its name in messages.
    /// - Returns: the document's value; `nil` for a document without any.
    /// - Throws: the place of a syntax error, of a key written twice, or of a second document.
    package static func parse(_ text: String, file: String) throws(DocumentError) -> YAMLNode? {
        let plain = text.first == "\u{FEFF}" ? String(text.dropFirst()) : text
        guard !AliasExpansion.isTooLarge(plain) else {
            throw DocumentError(
                file: file, problem: "its aliases stand for millions of values",
                advice: "write lists out that stand in other lists as aliases")
        }
        do {
            // The basic resolver gives every scalar the text tag, so that keys compare by their text.
            let parser = try Parser(yaml: plain, resolver: .basic, encoding: .utf8)
            return try parser.singleRoot().map { YAMLNode(file: file, key: "", node: $0) }
        } catch let error as YamlError {
            throw DocumentError(yaml: error, file: file)
        } catch {
            throw DocumentError(file: file, problem: "cannot be read as YAML (\(error))")
        }
    }

    /// Parses a document from its bytes.
    ///
    /// - Throws: as ``parse(_:file:)-(String,_)``; also the first line that is not UTF-8.
    package static func parse(_ bytes: [UInt8], file: String) throws(DocumentError) -> YAMLNode? {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw DocumentError(
                file: file, line: firstUndecodableLine(bytes), expected: "UTF-8 text", found: "other bytes",
                advice: "save the file as UTF-8")
        }
        return try parse(text, file: file)
    }

    private static func firstUndecodableLine(_ bytes: [UInt8]) -> Int {
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return 1 + (lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0)
    }
}

extension DocumentError {
    /// Puts an error of the YAML parser into this type's words.
    fileprivate init(yaml error: YamlError, file: String) {
        let remedy = "check indentation, colons and quotes near this place"
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let isTab = problem.contains("cannot start any token") || problem.contains("tab")
            let clauses = [context?.text, problem].compactMap { $0 }.filter { !$0.isEmpty }
            self.init(
                file: file, line: mark.line, column: mark.column,
                problem: "not valid YAML: \(clauses.joined(separator: ", "))",
                advice: isTab ? "indent with blanks, not with tabs, and quote text that begins with @, ` or %" : remedy)
        case .reader(let problem, let offset, _, let yaml):
            let line = offset.map { 1 + yaml.prefix($0).count { $0.isNewline } }
            self.init(
                file: file, line: line, problem: "not valid YAML: \(problem)", advice: "remove the control character")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map(quoted).joined(separator: ", ")
            self.init(
                file: file, line: context.mark.line, column: context.mark.column, problem: "\(names) is written twice",
                advice: "keep one of them")
        default:
            self.init(file: file, problem: "not valid YAML: \(error)")
        }
    }
}
