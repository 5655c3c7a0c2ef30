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
        ])

    static let type = ValueType<Check>(
        "{import: MODULE} or {run: COMMAND}", schema: table.schema.withExactlyOneProperty
    ) { (node) throws(ManifestError) in
        let keys = try table.decode(node)
        switch (keys.module, keys.command) {
        case (let module?, nil): return .imports(module: module)
        case (nil, let command?): return .runs(command: command)
        default: throw node.unexpected(expected: "{import: MODULE} or {run: COMMAND}")
        }
    }
}

extension JSONValue {
    /// The same object schema, narrowed to objects with exactly one property.
    fileprivate var withExactlyOneProperty: JSONValue {
        guard case .object(var members) = self else { return self }
        members["minProperties"] = 1
        members["maxProperties"] = 1
        return .object(members)
    }
}
