extension YAMLNode {
    /// One key of a mapping with its value.
    package struct Entry {
        /// The key's text.
        package let name: String
        /// The key itself, for errors about it; its path names the value.
        package let keyNode: YAMLNode
        /// The value.
        package let value: YAMLNode
    }

    /// The value's text, as written between the quotes or without them.
    package func text(expected: String = "text") throws(DocumentError) -> String {
        guard kind == .text, let text = node.text else { throw unexpected(expected: expected) }
        try refuseForeignTag()
        guard !text.unicodeScalars.contains("\0") else {
            throw error(expected: expected, found: "text with a NUL character")
        }
        return text
    }

    /// A whole number in decimal digits.
    package func integer(in range: ClosedRange<Int>, expected: String) throws(DocumentError) -> Int {
        let text = try text(expected: expected)
        guard isPlain, let number = Int(text), range.contains(number), text.first != "+" else {
            throw unexpected(expected: expected)
        }
        return number
    }

    /// A truth value: `true` or `false`, or YAML 1.1's `yes`, `no`, `on`, `off`.
    package func boolean() throws(DocumentError) -> Bool {
        let text = try text(expected: "true or false")
        switch text.lowercased() {
        case "true", "yes", "on": if isPlain { return true }
        case "false", "no", "off": if isPlain { return false }
        default: break
        }
        throw unexpected(expected: "true or false")
    }

    /// The items of a list.
    package func items(expected: String = "a list") throws(DocumentError) -> [YAMLNode] {
        guard case .list(let values) = node.content else { throw unexpected(expected: expected) }
        var items: [YAMLNode] = []
        items.reserveCapacity(values.count)
        for (index, item) in values.enumerated() {
            items.append(YAMLNode(file: file, key: "\(key)[\(index)]", node: item))
        }
        return items
    }

    /// The keys and values of a mapping in the order written, merge keys (`<<`) resolved; a key written wins.
    package func entries(expected: String = "a mapping") throws(DocumentError) -> [Entry] {
        guard case .mapping(let members) = node.content else { throw unexpected(expected: expected) }
        var entries: [Entry] = []
        var merged: [Entry] = []
        for (keyNode, value) in members {
            let place = YAMLNode(file: file, key: key, node: keyNode)
            guard let name = keyNode.text else {
                throw place.error(expected: "a key that is text", found: place.summary)
            }
            if name == "<<", keyNode.isPlain {
                merged += try mergedEntries(YAMLNode(file: file, key: key, node: value))
                continue
            }
            let path = key.isEmpty ? name : "\(key).\(name)"
            entries.append(
                Entry(
                    name: name, keyNode: YAMLNode(file: file, key: path, node: keyNode),
                    value: YAMLNode(file: file, key: path, node: value)))
        }
        var known = Set(entries.map(\.name))
        for entry in merged where known.insert(entry.name).inserted { entries.append(entry) }
        return entries
    }

    /// The value of one key, or `nil` when the mapping has no such key.
    package subscript(_ name: String) -> YAMLNode? {
        guard let entries = try? entries() else { return nil }
        return entries.first { $0.name == name }?.value
    }

    private func mergedEntries(_ value: YAMLNode) throws(DocumentError) -> [Entry] {
        guard value.kind == .list else { return try value.entries(expected: "a mapping to merge") }
        var entries: [Entry] = []
        for item in try value.items() {
            entries += try YAMLNode(file: file, key: key, node: item.node).entries(expected: "a mapping to merge")
        }
        return entries
    }

    private func refuseForeignTag() throws(DocumentError) {
        guard let tag = node.tag, !Self.coreTags.contains(tag) else { return }
        throw error("a tag has no meaning here", found: tag, advice: "remove the tag")
    }

    private static let coreTags = Set(
        ["str", "int", "float", "bool", "null", "timestamp"].map { "tag:yaml.org,2002:\($0)" })
}
