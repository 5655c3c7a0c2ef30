import CondaModel
import StrictYAML

/// One key of a mapping: its name, its type, what it means, and where its value goes.
struct Key<Section>: Sendable {
    let name: String
    let documentation: String
    let isRequired: Bool
    let schema: JSONValue
    let decode: @Sendable (YAMLNode, inout Section) throws(ManifestError) -> Void

    /// A key that has a default value when it is absent.
    init<Value>(
        _ name: String, _ type: ValueType<Value>, _ target: any WritableKeyPath<Section, Value> & Sendable,
        required: Bool = false, _ documentation: String
    ) {
        self.name = name
        self.documentation = documentation
        isRequired = required
        schema = type.schema
        decode = { (node, section) throws(ManifestError) in section[keyPath: target] = try type.decode(node) }
    }

    /// A key whose absence means something of its own.
    init<Value>(
        _ name: String, _ type: ValueType<Value>, _ target: any WritableKeyPath<Section, Value?> & Sendable,
        required: Bool = false, _ documentation: String
    ) {
        self.name = name
        self.documentation = documentation
        isRequired = required
        schema = type.schema
        decode = { (node, section) throws(ManifestError) in section[keyPath: target] = try type.decode(node) }
    }
}

/// The keys that a mapping may have; the only source of both the strict decoder and the JSON Schema.
struct KeyTable<Section>: Sendable {
    /// What the mapping is called in messages: "a service".
    let name: String
    /// The keys in the order in which documentation lists them.
    let keys: [Key<Section>]
    /// The value before any key was read: all defaults.
    let initial: @Sendable () -> Section
    /// What no single key can tell: keys that need or exclude each other.
    let check: @Sendable (Section, YAMLNode) throws(ManifestError) -> Void
    /// The part of ``check`` that a schema can express, as keywords beside those made from the keys.
    let constraint: [String: JSONValue]
    /// Takes note of a key outside the table; `nil` refuses such keys.
    let tolerate: (@Sendable (ManifestError, inout Section) -> Void)?

    init(
        _ name: String, initial: @escaping @Sendable () -> Section, keys: [Key<Section>],
        constraint: [String: JSONValue] = [:],
        tolerate: (@Sendable (ManifestError, inout Section) -> Void)? = nil,
        check: @escaping @Sendable (Section, YAMLNode) throws(ManifestError) -> Void = { (_, _) throws(ManifestError) in
        }
    ) {
        self.name = name
        self.keys = keys
        self.initial = initial
        self.check = check
        self.tolerate = tolerate
        self.constraint = constraint
    }

    /// Decodes a mapping: every key must be in the table unless it is tolerated, and every required one must be there.
    func decode(_ node: YAMLNode) throws(ManifestError) -> Section {
        var section = initial()
        var missing = Set(keys.filter(\.isRequired).map(\.name))
        for entry in try node.entries(expected: "\(name), a mapping with \(keyNames)") {
            guard let key = keys.first(where: { $0.name == entry.name }) else {
                guard let tolerate else { throw unknown(entry) }
                tolerate(unknown(entry), &section)
                continue
            }
            try key.decode(entry.value, &section)
            missing.remove(entry.name)
        }
        if let first = keys.first(where: { missing.contains($0.name) }) {
            throw node.error(
                "\(name) needs the key \"\(first.name)\"", advice: "add `\(first.name):` (\(first.documentation))")
        }
        try check(section, node)
        return section
    }

    /// The JSON Schema of the mapping.
    var schema: JSONValue {
        var properties: [String: JSONValue] = [:]
        for key in keys { properties[key.name] = key.schema.described(key.documentation) }
        var schema: [String: JSONValue] = [
            "type": "object", "properties": .object(properties), "additionalProperties": .boolean(tolerate != nil),
        ]
        let required = keys.filter(\.isRequired).map(\.name)
        if !required.isEmpty { schema["required"] = .list(required.map(JSONValue.text)) }
        return .object(schema.merging(constraint) { _, constraint in constraint })
    }

    private var keyNames: String { keys.map(\.name).joined(separator: ", ") }

    private func unknown(_ entry: YAMLNode.Entry) -> ManifestError {
        entry.keyNode.error(
            "\(name) has no key \"\(entry.name)\"", nearest: nearest(to: entry.name, in: keys.map(\.name)),
            advice: "use one of: \(keyNames)")
    }
}

extension JSONValue {
    /// The constraint that exactly one of some keys is there.
    static func exactlyOne(of keys: String...) -> [String: JSONValue] {
        ["oneOf": .list(keys.map { ["required": [.text($0)]] })]
    }

    /// The same schema with a description for people.
    func described(_ text: String) -> JSONValue {
        guard case .object(var members) = self else { return self }
        members["description"] = .text(text)
        return .object(members)
    }
}
