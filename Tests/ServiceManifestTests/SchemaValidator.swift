@testable import ServiceManifest

/// As much of JSON Schema (2020-12) as the manifest's schema uses; an unknown keyword accepts nothing.
enum SchemaValidator {
    static func accepts(_ value: JSONValue, _ schema: JSONValue) -> Bool {
        guard case .object(let keywords) = schema else { return schema == .boolean(true) }
        return keywords.allSatisfy { fulfils(value, $0.key, $0.value, keywords) }
    }

    private static func fulfils(
        _ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: [String: JSONValue]
    ) -> Bool {
        switch (keyword, argument, value) {
        case ("$schema", _, _), ("title", _, _), ("description", _, _): true
        case ("type", .text(let type), _): isOf(type, value)
        case ("type", .list(let types), _): types.contains { $0.text.map { isOf($0, value) } ?? false }
        case ("enum", .list(let values), _): values.contains(value)
        case ("const", _, _): value == argument
        case ("not", _, _): !accepts(value, argument)
        case ("anyOf", .list(let schemas), _): schemas.contains { accepts(value, $0) }
        case ("oneOf", .list(let schemas), _): schemas.count { accepts(value, $0) } == 1
        case ("pattern", .text(let pattern), .text(let text)): matches(text, pattern)
        case ("minimum", .number(let bound), .number(let number)): number >= bound
        case ("maximum", .number(let bound), .number(let number)): number <= bound
        case ("items", _, .list(let items)): items.allSatisfy { accepts($0, argument) }
        case ("minItems", .number(let bound), .list(let items)): items.count >= bound
        case ("uniqueItems", .boolean(true), .list(let items)): Set(items).count == items.count
        case ("required", .list(let names), .object(let members)):
            names.allSatisfy { $0.text.map { members[$0] != nil } ?? false }
        case ("minProperties", .number(let bound), .object(let members)): members.count >= bound
        case ("maxProperties", .number(let bound), .object(let members)): members.count <= bound
        case ("propertyNames", _, .object(let members)): members.keys.allSatisfy { accepts(.text($0), argument) }
        case ("properties", .object(let properties), .object(let members)):
            members.allSatisfy { name, member in properties[name].map { accepts(member, $0) } ?? true }
        case ("additionalProperties", _, .object(let members)):
            members.allSatisfy { schema["properties"]?.members?[$0.key] != nil || accepts($0.value, argument) }
        case ("pattern", _, _), ("minimum", _, _), ("maximum", _, _), ("items", _, _), ("minItems", _, _),
            ("uniqueItems", _, _),
            ("required", _, _), ("minProperties", _, _), ("maxProperties", _, _), ("propertyNames", _, _),
            ("properties", _, _), ("additionalProperties", _, _):
            true
        default: false
        }
    }

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
        switch (type, value) {
        case ("string", .text), ("boolean", .boolean), ("array", .list), ("object", .object), ("null", .null): true
        case ("integer", .number), ("number", .number): true
        default: false
        }
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let expression = try? Regex(pattern) else { return false }
        return text.firstMatch(of: expression.matchingSemantics(.unicodeScalar)) != nil
    }
}

extension JSONValue {
    fileprivate var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    fileprivate var members: [String: JSONValue]? {
        if case .object(let members) = self { members } else { nil }
    }
}
