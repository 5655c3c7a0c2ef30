import CondaModel
import StrictYAML

/// A manifest error: the place in the file, the key, what was expected, what was found, the nearest valid key.
package typealias ManifestError = DocumentError

/// The type of a manifest value: how it is decoded and how a JSON Schema describes it.
///
/// Both come from one place, so that what an editor accepts by the schema and what the tool accepts cannot drift apart.
struct ValueType<Value>: Sendable {
    /// What may stand here, for error messages: "a whole number from 0 to 99".
    let expected: String
    /// The JSON Schema (2020-12) of the value.
    let schema: JSONValue
    /// Decodes the value or says what is wrong with it.
    let decode: @Sendable (YAMLNode) throws(ManifestError) -> Value

    init(
        _ expected: String, schema: JSONValue, decode: @escaping @Sendable (YAMLNode) throws(ManifestError) -> Value
    ) {
        self.expected = expected
        self.schema = schema
        self.decode = decode
    }
}

extension ValueType where Value == Bool {
    /// `true` or `false`.
    static var boolean: Self {
        Self("true or false", schema: ["type": "boolean"]) { (node) throws(ManifestError) in try node.boolean() }
    }
}

extension ValueType where Value == Int {
    /// A whole number within bounds.
    static func integer(_ range: ClosedRange<Int>) -> Self {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        let schema: JSONValue = [
            "type": "integer", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound),
        ]
        return Self(expected, schema: schema) { (node) throws(ManifestError) in
            try node.integer(in: range, expected: expected)
        }
    }
}

extension ValueType {
    /// A list of values of one type.
    static func list<Element: Sendable>(_ element: ValueType<Element>, of plural: String) -> Self
    where Value == [Element] {
        let expected = "a list of \(plural)"
        return Self(expected, schema: ["type": "array", "items": element.schema]) { (node) throws(ManifestError) in
            var values: [Element] = []
            for item in try node.items(expected: expected) { values.append(try element.decode(item)) }
            return values
        }
    }

    /// A list in which no value may appear twice.
    static func uniqueList<Element>(_ element: ValueType<Element>, of plural: String) -> Self
    where Value == [Element], Element: Hashable & Sendable {
        let base = ValueType<[Element]>.list(element, of: plural)
        let schema: JSONValue = ["type": "array", "items": element.schema, "uniqueItems": true]
        return Self(base.expected, schema: schema) { (node) throws(ManifestError) in
            let values = try base.decode(node)
            var seen: Set<Element> = []
            for (value, item) in zip(values, try node.items()) where !seen.insert(value).inserted {
                throw item.error("\(item.summary) is listed twice", advice: "keep one of them")
            }
            return values
        }
    }

    /// One of a few words, spelled as in the enumeration's raw values.
    static func oneOf(_ type: Value.Type) -> Self
    where Value: CaseIterable & RawRepresentable<String> & Sendable {
        let words = Value.allCases.map(\.rawValue)
        let expected = "one of \(words.joined(separator: ", "))"
        return Self(expected, schema: ["enum": .list(words.map(JSONValue.text))]) { (node) throws(ManifestError) in
            let text = try node.text(expected: expected)
            guard let value = Value(rawValue: text) else {
                throw node.error(expected: expected, found: node.summary, nearest: nearest(to: text, in: words))
            }
            return value
        }
    }

    /// A mapping whose keys are those of a table.
    static func section(_ table: KeyTable<Value>) -> Self {
        Self("a mapping", schema: table.schema) { (node) throws(ManifestError) in try table.decode(node) }
    }
}
