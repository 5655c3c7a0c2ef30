import CYaml

/// How many values a document has when its aliases stand for what they name.
///
/// Lists of aliases of lists of aliases make billions of values out of a few lines, and whoever walks through them never
/// comes to an end. Here they are counted from the events of the parser, before any of them is made.
struct AliasExpansion {
    /// More values than the largest document without aliases has.
    private static let limit = 1 << 22

    private var sizes: [String: Int] = [:]
    /// The collections that are open: what each is called, and its values so far.
    private var open: [(anchor: String?, count: Int)] = [(nil, 0)]

    /// Whether a text has more values than can be looked at.
    static func isTooLarge(_ text: String) -> Bool {
        // Few documents have anchors at all.
        guard text.utf8.contains(UInt8(ascii: "&")) else { return false }
        var text = text
        return text.withUTF8 { bytes in
            var parser = yaml_parser_t()
            guard yaml_parser_initialize(&parser) == 1 else { return true }
            defer { yaml_parser_delete(&parser) }
            yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
            yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            var expansion = AliasExpansion()
            return expansion.exceedsLimit(&parser)
        }
    }

    /// What is no YAML is for the reader to refuse.
    private mutating func exceedsLimit(_ parser: inout yaml_parser_t) -> Bool {
        while true {
            var event = yaml_event_t()
            guard yaml_parser_parse(&parser, &event) == 1 else { return false }
            defer { yaml_event_delete(&event) }
            if event.type == YAML_STREAM_END_EVENT { return false }
            take(event)
            if open.reduce(0, { $0 + $1.count }) > Self.limit { return true }
        }
    }

    private mutating func take(_ event: yaml_event_t) {
        switch event.type {
        case YAML_SCALAR_EVENT: add(1, Self.name(event.data.scalar.anchor))
        case YAML_ALIAS_EVENT: add(Self.name(event.data.alias.anchor).flatMap { sizes[$0] } ?? 1, nil)
        case YAML_SEQUENCE_START_EVENT: open.append((Self.name(event.data.sequence_start.anchor), 1))
        case YAML_MAPPING_START_EVENT: open.append((Self.name(event.data.mapping_start.anchor), 1))
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            guard open.count > 1, let closed = open.popLast() else { return }
            add(closed.count, closed.anchor)
        default: break
        }
    }

    /// Adds a value, with all that is in it, to the collection that is open.
    private mutating func add(_ count: Int, _ anchor: String?) {
        if let anchor { sizes[anchor] = count }
        open[open.count - 1].count += count
    }

    private static func name(_ anchor: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        anchor.map { String(cString: $0) }
    }
}
