/// A scriptlet that the packager adds to the RPM.
///
/// Text is the script itself; a script in a file of its own is written `{file: scripts/post.sh}`. The two can never be
/// confused, so that a mistyped path does not become a command that root runs.
package struct Script: Hashable, Sendable, Codable {
    /// Where the script's text is.
    package enum Source: Hashable, Sendable, Codable {
        /// In the manifest.
        case inline(text: String)
        /// In a file, relative to the manifest's folder.
        case file(path: String)
    }

    /// Where the script's text is.
    package var source: Source
    /// The program that runs it, an absolute path.
    package var interpreter = "/bin/sh"

    private struct Keys {
        var file: String?
        var text: String?
        var interpreter = "/bin/sh"
    }

    private static let table = KeyTable<Keys>(
        "a script", initial: { Keys() },
        keys: [
            Key("file", .text(.buildPath), \.file, "The script's file, beside the manifest."),
            Key("text", .text(.paragraph), \.text, "The script itself."),
            Key("interpreter", .text(.absolutePath), \.interpreter, "The program that runs it; default /bin/sh."),
        ],
        constraint: JSONValue.exactlyOne(of: "file", "text"),
        check: { (keys, node) throws(ManifestError) in
            guard (keys.file == nil) != (keys.text == nil) else {
                throw node.unexpected(expected: "either \"file\" or \"text\"")
            }
        })

    static let type = ValueType<Script?>(
        "the script's text, or {file: PATH}", schema: ["anyOf": [ValueType.text(.paragraph).schema, table.schema]]
    ) { (node) throws(ManifestError) in
        guard node.kind != .mapping else {
            let keys = try table.decode(node)
            let source = keys.file.map { Source.file(path: $0) } ?? .inline(text: keys.text ?? "")
            return Script(source: source, interpreter: keys.interpreter)
        }
        let text = try ValueType.text(.paragraph).decode(node)
        guard !looksLikePath(text) else {
            throw node.error(
                "a plain text is the script itself, and this looks like a path", found: node.summary,
                advice: "write `{file: \(text)}`")
        }
        return Script(source: .inline(text: text))
    }

    private static func looksLikePath(_ text: String) -> Bool {
        !text.contains { $0.isWhitespace } && (text.hasSuffix(".sh") || text.hasPrefix("./") || text.hasPrefix("../"))
    }
}

/// The packager's scriptlets, each run after the package's own.
package struct Scripts: Hashable, Sendable, Codable {
    /// Runs before files are installed.
    package var pre: Script?
    /// Runs after files were installed.
    package var post: Script?
    /// Runs before files are removed.
    package var preun: Script?
    /// Runs after files were removed.
    package var postun: Script?

    /// No scripts.
    package init() {}

    static let table = KeyTable<Scripts>(
        "scripts", initial: { Scripts() },
        keys: [
            Key("pre", Script.type, \.pre, "Runs before files are installed (%pre)."),
            Key("post", Script.type, \.post, "Runs after files were installed (%post)."),
            Key("preun", Script.type, \.preun, "Runs before files are removed (%preun)."),
            Key("postun", Script.type, \.postun, "Runs after files were removed (%postun)."),
        ])
}
