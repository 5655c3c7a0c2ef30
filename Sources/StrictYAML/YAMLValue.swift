import CYAML

/// A value of a document, as it was written: text stays text, whatever it may stand for.
///
/// What an alias names is shared with it, so that a document takes no more memory than its text however often it is named.
struct YAMLValue {
    enum Content {
        case scalar(String, style: yaml_scalar_style_t)
        case list([YAMLValue])
        case mapping([(key: YAMLValue, value: YAMLValue)])
    }

    let content: Content
    /// The tag, resolved, such as `tag:yaml.org,2002:int` for `!!int`; nil where none is written.
    let tag: String?
    /// Where it starts; nil for what stands in no document.
    let mark: yaml_mark_t?

    /// The text of a scalar.
    var text: String? { if case .scalar(let text, _) = content { text } else { nil } }

    /// Whether it is a scalar without quotes, and no block of lines.
    var isPlain: Bool { if case .scalar(_, YAML_PLAIN_SCALAR_STYLE) = content { true } else { false } }

    /// The line it starts on, counted from 1.
    var line: Int? { mark.map { $0.line + 1 } }

    /// The column it starts in, counted from 1.
    var column: Int? { mark.map { $0.column + 1 } }
}

extension YAMLValue {
    /// An unquoted text that stands in no document.
    init(_ text: String) { self.init(content: .scalar(text, style: YAML_PLAIN_SCALAR_STYLE), tag: nil, mark: nil) }
}
