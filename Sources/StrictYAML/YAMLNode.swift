import Yams

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
    let node: Node

    init(file: String, key: String, node: Node) {
        self.file = file
        self.key = key
        self.node = node
    }

    /// The line the value starts on, counted from 1.
    package var line: Int? { node.mark?.line }

    /// The column the value starts in, counted from 1.
    package var column: Int? { node.mark?.column }

    /// The kind of the value.
    ///
    /// An empty value, `~` and `null` are `nothing`; every other scalar is text.
    package var kind: Kind {
        switch node {
        case .mapping: .mapping
        case .sequence: .list
        case .scalar(let scalar): isNull(scalar) ? .nothing : .text
        case .alias: .nothing
        }
    }

    /// An unquoted scalar, which YAML may take for a number, a truth value or nothing.
    package var isPlain: Bool { node.scalar?.style == .plain }

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
        switch node {
        case .mapping(let mapping): mapping.isEmpty ? "an empty mapping" : "a mapping (\(firstKeys(mapping)))"
        case .sequence(let sequence): sequence.isEmpty ? "an empty list" : "a list"
        case .scalar(let scalar): isNull(scalar) ? "nothing" : quoted(scalar.string)
        case .alias: "an alias"
        }
    }

    private func firstKeys(_ mapping: Node.Mapping) -> String {
        mapping.keys.prefix(3).map { $0.scalar?.string ?? "?" }.joined(separator: ", ")
    }

    private func isNull(_ scalar: Node.Scalar) -> Bool {
        guard scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
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
        self.init(file: file, key: "", node: Node(text, .init(.str), .plain))
    }
}
