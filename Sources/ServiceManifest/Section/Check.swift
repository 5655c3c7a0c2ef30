/// What must succeed before a release goes into service.
package enum Check: Hashable, Sendable, Codable {
    /// A Python module that must import.
    case imports(module: String)
    /// A command line that must exit with 0, run with the environment's activation.
    case runs(command: String)

    private struct Keys {
        var module: String?
        var command: String?
    }

    private static let table = KeyTable<Keys>(
        "a check", initial: { Keys() },
        keys: [
            Key("import", .text(.module), \.module, "A Python module that must import."),
            Key("run", .text(.line), \.command, "A command line that must exit with 0."),
        ],
        constraint: JSONValue.exactlyOne(of: "import", "run"))

    static let type = ValueType<Check>(
        "{import: MODULE} or {run: COMMAND}", schema: table.schema
    ) { (node) throws(ManifestError) in
        let keys = try table.decode(node)
        switch (keys.module, keys.command) {
        case (let module?, nil): return .imports(module: module)
        case (nil, let command?): return .runs(command: command)
        default: throw node.unexpected(expected: "{import: MODULE} or {run: COMMAND}")
        }
    }
}
