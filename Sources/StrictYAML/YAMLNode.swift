/// A value of a YAML document, together with the place and the key it stands at.
///
/// Decoders walk a document through this cursor, so that whatever they refuse is reported with file, line, column and
/// key. Text is always the scalar's own text: `version: 2.10` is read as "2.10", never as the number 2.1.
package struct YAMLNode {
    /// What kind of value a node is.
    package enum Kind: Sendable {
        case nothing, text, list, mapping
    }

    /// The document's name in messages.
    package let file: String
    /// The key's path from the top, as in `rpm.services[0].user`.
    package let key: String
    let node: YAMLValue

    init(file: String, key: String, node: YAMLValue) {
        self.file = file
        self.key = key
        self.node = node
    }

    /// The line the value starts on, counted from 1.
    package var line: Int? { node.line }

    /// The column the value starts in, counted from 1.
    package var column: Int? { node.column }

    /// The kind of the value.
    ///
    /// An empty value, `~` and `null` are `nothing`; every other scalar is text.
    package var kind: Kind {
        switch node.content {
        case .mapping: .mapping
        case .list: .list
        case .scalar(let text, _): isNull(text) ? .nothing : .text
        }
    }

    /// An unquoted scalar, which YAML may take for a number, a truth value or nothing.
    package var isPlain: Bool { node.isPlain }

    /// An error at this node.
    package func error(
        _ problem: String? = nil, expected: String? = nil, found: String? = nil, nearest: String? = nil,
        advice: String? = nil
    ) -> DocumentError {
        DocumentError(
            file: file, line: line, column: column, key: key, problem: problem, expected: expected, found: found,
            nearest: nearest, advice: advice)
    }

    /// An error that says this node's value is not what belongs here.
    package func unexpected(expected: String, advice: String? = nil) -> DocumentError {
        error(expected: expected, found: summary, advice: advice)
    }

    /// The value in a few words for a message: its text, shortened, or its kind.
    package var summary: String {
        switch node.content {
        case .mapping(let members): members.isEmpty ? "an empty mapping" : "a mapping (\(firstKeys(members)))"
        case .list(let items): items.isEmpty ? "an empty list" : "a list"
        case .scalar(let text, _): isNull(text) ? "nothing" : quoted(text)
        }
    }

    private func firstKeys(_ members: [(key: YAMLValue, value: YAMLValue)]) -> String {
        members.prefix(3).map { $0.key.text ?? "?" }.joined(separator: ", ")
    }

    private func isNull(_ text: String) -> Bool {
        isPlain && ["", "~", "null", "Null", "NULL"].contains(text)
    }
}

/// A text in double quotes for a message, shortened to its first line and 60 characters.
package func quoted(_ text: String) -> String {
    let firstLine = text.prefix { !$0.isNewline }
    let shown = firstLine.prefix(60)
    return shown.count < text.count ? "\"\(shown)...\"" : "\"\(shown)\""
}

extension YAMLNode {
    /// A node for a text that comes from elsewhere, such as a command-line flag, so that one decoder serves both.
    package init(text: String, file: String) {
        self.init(file: file, key: "", node: YAMLValue(text))
    }

    /// A node for a list of texts that comes from elsewhere.
    package init(texts: [String], file: String) {
        let items = texts.map { YAMLValue($0) }
        self.init(file: file, key: "", node: YAMLValue(content: .list(items), tag: nil, mark: nil))
    }
}
