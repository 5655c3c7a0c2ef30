import CYAML

/// libyaml's parser over some bytes: it tells what it reads in events, one after another.
///
/// libyaml and not Yams, which wraps the same parser: a program with Yams holds all of Foundation and the 37 MB of ICU's tables
/// (its resolver is made of `NSRegularExpression`). Three lines that print a parsed list have 58.6 MB with it, stripped, and
/// 13.6 MB with FoundationEssentials alone (Swift 6.3, December 2026).
final class YAMLParser {
    /// A pointer, as the parser holds its own address.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>
    private let file: String

    /// - Parameters:
    ///   - bytes: UTF-8; they must outlive the parser.
    ///   - file: their name in messages.
    init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws(DocumentError) {
        self.bytes = bytes
        self.file = file
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw Self.noMemory(file)
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// Hands the next event to `take`.
    ///
    /// - Throws: the place of a syntax error, and what `take` throws.
    func next<Answer>(_ take: (yaml_event_t) throws(DocumentError) -> Answer) throws(DocumentError) -> Answer {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure }
        defer { yaml_event_delete(&event) }
        return try take(event)
    }

    /// The parser's last error in our words.
    private var failure: DocumentError {
        let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it cannot be read"
        switch parser.pointee.error {
        case YAML_MEMORY_ERROR: return Self.noMemory(file)
        case YAML_READER_ERROR:
            return DocumentError(
                file: file, line: 1 + lineEnds(before: parser.pointee.problem_offset),
                problem: "not valid YAML: \(problem)", advice: "remove the control character")
        default:
            let context = parser.pointee.context.map { String(cString: $0) }
            return .invalidYAML(file, parser.pointee.problem_mark, problem, context: context)
        }
    }

    private func lineEnds(before offset: Int) -> Int {
        String(decoding: bytes.prefix(offset), as: UTF8.self).count { $0.isNewline }
    }

    private static func noMemory(_ file: String) -> DocumentError {
        DocumentError(file: file, problem: "there is no memory to read it")
    }
}

extension DocumentError {
    /// An error of the parser, or of what is made of its events.
    static func invalidYAML(
        _ file: String, _ place: yaml_mark_t, _ problem: String, context: String? = nil
    ) -> DocumentError {
        let isTab = problem.contains("cannot start any token") || problem.contains("tab")
        let clauses = [context, problem].compactMap { $0 }.filter { !$0.isEmpty }
        return DocumentError(
            file: file, line: place.line + 1, column: place.column + 1,
            problem: "not valid YAML: \(clauses.joined(separator: ", "))",
            advice: isTab
                ? "indent with blanks, not with tabs, and quote text that begins with @, ` or %"
                : "check indentation, colons and quotes near this place")
    }
}
