import StrictYAML

/// A rule for the text of a value: a regular expression that both the decoder and the JSON Schema use.
struct TextRule: Sendable {
    /// What the text is, for messages.
    let expected: String
    /// The expression that the whole text must match, in the syntax that ECMA 262 and Swift share.
    let pattern: String

    /// Whether the whole text matches, Unicode scalar by Unicode scalar.
    func accepts(_ text: String) -> Bool {
        guard let expression = try? Regex(pattern).matchingSemantics(.unicodeScalar) else { return false }
        return (try? expression.wholeMatch(in: text)) != nil
    }

    /// One line without control characters and without blanks at its ends.
    static let line = TextRule(
        expected: "one line of text", pattern: #"[^\x00-\x20\x7f]([^\x00-\x1f\x7f]*[^\x00-\x20\x7f])?"#)
    /// Any text that is not blank.
    static let paragraph = TextRule(expected: "text", pattern: #"[^\x00]*[^\x00-\x20\x7f][^\x00]*"#)
    /// A name that RPM, file names and URLs take without quoting.
    static let packageName = TextRule(
        expected: "a package name (letters, digits, and . _ + - after the first)",
        pattern: "[A-Za-z0-9][A-Za-z0-9._+-]*")
    /// A version or release that RPM can hold.
    static let rpmVersion = TextRule(
        expected: "letters, digits and . _ + ~ ^", pattern: "[A-Za-z0-9][A-Za-z0-9._+~^]*")
    /// A file name of a command.
    static let command = TextRule(
        expected: "a command's file name (letters, digits and . _ + -)", pattern: "[A-Za-z0-9_][A-Za-z0-9._+-]*")
    /// A systemd unit name without its suffix.
    static let unit = TextRule(
        expected: "a unit name without \".service\" (letters, digits and . _ -)",
        pattern: #"(?!.*\.service$)[A-Za-z0-9][A-Za-z0-9._-]*"#)
    /// A unit that another one refers to.
    static let unitReference = TextRule(
        expected: "a unit name with its suffix, such as network-online.target",
        pattern: #"[A-Za-z0-9][A-Za-z0-9:._@\\-]*\.(service|socket|target|mount|path|timer|slice|device)"#)
    /// A user or group name as systemd and useradd take it.
    static let user = TextRule(
        expected: "a user name (lower-case letters, digits, _ and -, at most 31)", pattern: "[a-z_][a-z0-9_-]{0,30}")
    /// A variable name that every shell takes.
    static let variable = TextRule(
        expected: "a variable name (letters, digits and _)", pattern: "[A-Za-z_][A-Za-z0-9_]*")
    /// A Python module's dotted name.
    static let module = TextRule(
        expected: "a Python module name", pattern: #"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*"#)
    /// An absolute path that RPM and its spec files take without quoting.
    static let absolutePath = TextRule(
        expected: "an absolute path without \"..\", blanks, quotes and wildcards",
        pattern: #"(/(?!\.{1,2}(/|$))[^/\x00-\x20\x7f"'\\*?\[\]{}%$`]+)+"#)
    /// A file that systemd reads when a service starts; with `-` before it, it may be missing (systemd.exec(5)).
    static let environmentFile = TextRule(
        expected: "an absolute path, perhaps with \"-\" before it, without \"..\", blanks, quotes and wildcards",
        pattern: "-?\(absolutePath.pattern)")
    /// A credential's name: a file name in which `:` ends the name (systemd.exec(5)).
    static let credential = TextRule(
        expected: "a credential's name (letters, digits and . _ -, at most 255)",
        pattern: "[A-Za-z0-9_][A-Za-z0-9._-]{0,254}")
    /// A prefix for conda environments.
    static let prefix = TextRule(
        expected: "an absolute path of a directory of its own, such as /opt/NAME",
        pattern: "(?!/(bin|boot|dev|etc|home|lib|lib64|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)$)"
            + #"(/(?!\.{1,2}(/|$))[A-Za-z0-9._+@-]+)+"#)
    /// A path on the build machine, absolute or relative to the manifest's folder.
    static let buildPath = TextRule(expected: "a path", pattern: line.pattern)
    /// A wheel's path; a source distribution is none.
    static let wheel = TextRule(
        expected: "the path of a .whl file", pattern: #"[^\x00-\x1f\x7f]*[^/\x00-\x1f\x7f]\.whl"#)
    /// A SHA-256 digest in hexadecimal digits.
    static let sha256 = TextRule(expected: "a SHA-256 digest of 64 hexadecimal digits", pattern: "[0-9a-fA-F]{64}")
    /// Digits and dots.
    static let numericVersion = TextRule(expected: "a version such as 2.28", pattern: #"[0-9]+(\.[0-9]+)*"#)
    /// An octal file mode.
    static let mode = TextRule(expected: "a mode in octal digits, such as 0644", pattern: "(0o)?[0-7]{3,4}")
}

extension ValueType where Value == String {
    /// Text that follows a rule.
    ///
    /// - Parameter numbers: whether the schema also allows what an editor takes for a number, as in `version: 2.10`.
    static func text(_ rule: TextRule, numbers: Bool = false, advice: String? = nil) -> Self {
        var schema: [String: JSONValue] = ["type": "string", "pattern": .text("^\(rule.pattern)$")]
        if numbers { schema.merge(["type": ["string", "number"], "minimum": 0]) { _, new in new } }
        return Self(rule.expected, schema: .object(schema)) {
            (node) throws(ManifestError) in
            let text = try node.text(expected: rule.expected)
            guard rule.accepts(text) else { throw node.unexpected(expected: rule.expected, advice: advice) }
            return text
        }
    }
}

extension ValueType {
    /// The same type with its decoded value turned into another one.
    func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> ValueType<Other> {
        ValueType<Other>(expected, schema: schema) { (node) throws(ManifestError) in transform(try decode(node)) }
    }
}
