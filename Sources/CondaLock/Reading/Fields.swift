import CondaModel
import HostSystem
import StrictYAML

/// The keys of one mapping, looked up by name; keys nobody asks for are ignored, as lock formats grow.
struct Fields {
    let node: YAMLNode
    private let name: String
    private let values: [String: YAMLNode]

    /// Takes a mapping apart; `name` is what messages call it.
    init(_ node: YAMLNode, _ name: String) throws(LockError) {
        self.node = node
        self.name = name
        let entries = try node.entries(expected: "\(name), a mapping")
        values = Dictionary(entries.map { ($0.name, $0.value) }) { first, _ in first }
    }

    /// The value of a key, `nil` when it is absent.
    subscript(_ key: String) -> YAMLNode? { values[key] }

    /// The value of a key that must be there.
    func required(_ key: String) throws(LockError) -> YAMLNode {
        guard let value = values[key] else {
            throw node.error("\(name) has no \"\(key)\"", advice: "the file is incomplete: lock again")
        }
        return value
    }

    /// The text of a key that may be absent or empty.
    func text(_ key: String) throws(LockError) -> String? {
        guard let value = values[key], value.kind != .nothing else { return nil }
        return try value.text()
    }

    /// The texts of a list that may be absent or empty.
    func texts(_ key: String) throws(LockError) -> [String] {
        guard let value = values[key], value.kind != .nothing else { return [] }
        var texts: [String] = []
        for item in try value.items() { texts.append(try item.text()) }
        return texts
    }

    /// A whole number that may be absent.
    func integer(_ key: String) throws(LockError) -> Int? {
        guard let value = values[key], value.kind != .nothing else { return nil }
        return try value.integer(in: 0...Int.max, expected: "a whole number")
    }

    /// A digest in hexadecimal digits that may be absent or empty, in lower case.
    func digest(_ key: String, digits: Int) throws(LockError) -> String? {
        guard let value = values[key], value.kind != .nothing else { return nil }
        let text = try value.text().lowercased()
        guard !text.isEmpty else { return nil }
        guard isHexadecimal(text, bytes: digits / 2) else {
            throw value.unexpected(expected: "\(digits) hexadecimal digits")
        }
        return text
    }
}
