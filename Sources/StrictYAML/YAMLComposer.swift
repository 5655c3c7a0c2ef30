import CYAML

/// Makes one tree of values out of the parser's events, and refuses what nobody could work with.
struct YAMLComposer {
    /// More values than the largest document without aliases has.
    ///
    /// Lists of aliases of lists of aliases make billions of values out of a few lines, and whoever walks through them never
    /// comes to an end. The values that they stand for are counted here, where each is still one.
    private static let valueLimit = 1 << 22
    /// How many collections may stand in one another: the stack is finite for all who walk through them.
    private static let depthLimit = 1000

    /// A list or a mapping whose end has not come yet.
    private struct Open {
        let anchor: String?
        let tag: String?
        let mark: yaml_mark_t
        let countBefore: Int
        /// The items; of a mapping keys and values in turn.
        var items: [YAMLValue] = []
    }

    private let file: String
    private var root: YAMLValue?
    private var open: [Open] = []
    /// What aliases may name, with the number of values in it.
    private var anchors: [String: (value: YAMLValue, count: Int)] = [:]
    private var count = 0

    private init(file: String) { self.file = file }

    /// Reads a document that holds exactly one value, or none.
    static func compose(_ bytes: [UInt8], file: String) throws(DocumentError) -> YAMLValue? {
        try bytes.withUnsafeBufferPointer { bytes throws(DocumentError) in
            let parser = try YAMLParser(bytes, file: file)
            var composer = YAMLComposer(file: file)
            while try parser.next({ event throws(DocumentError) in try composer.take(event) }) {}
            return composer.root
        }
    }

    /// - Returns: whether more is to come.
    private mutating func take(_ event: yaml_event_t) throws(DocumentError) -> Bool {
        switch event.type {
        case YAML_STREAM_END_EVENT: return false
        case YAML_DOCUMENT_START_EVENT:
            guard root == nil else {
                throw .invalidYAML(
                    file, event.start_mark, "but found another document",
                    context: "expected a single document in the stream")
            }
        case YAML_SCALAR_EVENT: add(scalar(event), 1, anchor: Self.text(event.data.scalar.anchor))
        case YAML_ALIAS_EVENT: try addAlias(event)
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            try open(event, anchor: start.anchor, tag: start.implicit != 0 ? nil : start.tag)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            try open(event, anchor: start.anchor, tag: start.implicit != 0 ? nil : start.tag)
        case YAML_SEQUENCE_END_EVENT: try close { items throws(DocumentError) in .list(items) }
        case YAML_MAPPING_END_EVENT: try close(mapping)
        default: break
        }
        return true
    }

    private func scalar(_ event: yaml_event_t) -> YAMLValue {
        let scalar = event.data.scalar
        // With its length, as it may hold NUL characters.
        let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
        return YAMLValue(
            content: .scalar(text, style: scalar.style), tag: Self.text(scalar.tag), mark: event.start_mark)
    }

    private mutating func addAlias(_ event: yaml_event_t) throws(DocumentError) {
        guard let named = Self.text(event.data.alias.anchor).flatMap({ anchors[$0] }) else {
            throw .invalidYAML(file, event.start_mark, "found undefined alias")
        }
        add(named.value, named.count, anchor: nil)
        guard count <= Self.valueLimit else {
            throw DocumentError(
                file: file, problem: "its aliases stand for millions of values",
                advice: "write lists out that stand in other lists as aliases")
        }
    }

    private mutating func open(
        _ event: yaml_event_t, anchor: UnsafePointer<yaml_char_t>?, tag: UnsafePointer<yaml_char_t>?
    ) throws(DocumentError) {
        guard open.count < Self.depthLimit else {
            throw .invalidYAML(
                file, event.start_mark, "more than \(Self.depthLimit) lists and mappings stand in one another")
        }
        open.append(
            Open(anchor: Self.text(anchor), tag: Self.text(tag), mark: event.start_mark, countBefore: count))
        count += 1
    }

    private mutating func close(
        _ content: ([YAMLValue]) throws(DocumentError) -> YAMLValue.Content
    ) throws(DocumentError) {
        guard let closed = open.popLast() else { return }
        let value = YAMLValue(content: try content(closed.items), tag: closed.tag, mark: closed.mark)
        let size = count - closed.countBefore
        count = closed.countBefore
        add(value, size, anchor: closed.anchor)
    }

    /// Adds a value, with all that is in it, to the collection that is open.
    private mutating func add(_ value: YAMLValue, _ size: Int, anchor: String?) {
        count += size
        if let anchor { anchors[anchor] = (value, size) }
        if open.isEmpty { root = value } else { open[open.count - 1].items.append(value) }
    }

    /// - Throws: that a key is written twice; keys that are no text are for nobody.
    private func mapping(_ items: [YAMLValue]) throws(DocumentError) -> YAMLValue.Content {
        let members = stride(from: 0, to: items.count - 1, by: 2).map { (key: items[$0], value: items[$0 + 1]) }
        var known: [String: YAMLValue] = [:]
        var twice: Set<String> = []
        for (key, _) in members {
            guard let name = key.text else { continue }
            if known[name] == nil { known[name] = key } else { twice.insert(name) }
        }
        guard let first = twice.min() else { return .mapping(members) }
        throw DocumentError(
            file: file, line: known[first]?.line, column: known[first]?.column,
            problem: "\(twice.sorted().map(quoted).joined(separator: ", ")) is written twice",
            advice: "keep one of them")
    }

    private static func text(_ pointer: UnsafePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }
}
