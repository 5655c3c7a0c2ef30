import CondaModel
import StrictYAML

/// The keys of one `.condarc` that matter here; others are ignored, because they configure conda and not its channels.
struct CondarcSettings {
    private let file: String
    /// The file, or "the environment", for messages.
    var source: String { file }
    private let environment: [String: String]
    private var values: [String: YAMLNode] = [:]

    /// Reads a file; nil when there is none.
    static func read(_ path: String, environment: [String: String]) throws(ChannelError) -> CondarcSettings? {
        guard let stamp = try stampOfFile(path), let file = try File.reading(path) else { return nil }
        guard stamp.size < 1 << 20 else {
            throw .invalidConfiguration(file: path, line: nil, reason: "it is larger than 1 MiB")
        }
        let text = String(decoding: try file.bytes(at: 0, count: Int(stamp.size)), as: UTF8.self)
        return try CondarcSettings(text, file: path, environment: environment)
    }

    init(_ text: String, file: String, environment: [String: String]) throws(ChannelError) {
        self.file = file
        self.environment = environment
        do throws(DocumentError) {
            guard let root = try YAMLNode.parse(text, file: file), root.kind != .nothing else { return }
            guard root.kind == .mapping else {
                throw root.error(expected: "keys and values", found: "something else")
            }
            for entry in try root.entries() where entry.value.kind != .nothing {
                values[entry.name] = entry.value
            }
        } catch {
            throw .invalidConfiguration(file: file, line: error.line, reason: error.reason)
        }
    }

    /// `CONDA_CHANNEL_ALIAS` and its like; they win over files.
    init(variables: [String: String]) {
        file = "the environment"
        environment = variables
        let lists: Set<String> = ["channels", "default_channels", "pinned_packages"]
        let names = [
            "channel_alias", "channel_priority", "ssl_verify", "offline", "channels", "default_channels",
            "client_ssl_cert",
            "client_ssl_cert_key", "remote_connect_timeout_secs", "remote_read_timeout_secs", "remote_max_retries",
            "pinned_packages",
        ]
        for name in names {
            guard let text = variables["CONDA_\(name.uppercased())"], !text.isEmpty else { continue }
            let separator: Character = name == "pinned_packages" ? "&" : ","
            values[name] =
                lists.contains(name)
                ? YAMLNode(texts: text.split(separator: separator).map(String.init), file: file)
                : YAMLNode(text: text, file: file)
        }
    }

    private func wrong(_ key: String, _ node: YAMLNode, _ expected: String) -> ChannelError {
        .invalidConfiguration(file: file, line: node.line, reason: "\(key): expected \(expected)")
    }

    func string(_ key: String) throws(ChannelError) -> String? {
        guard let node = values[key] else { return nil }
        return try text(node, key)
    }

    private func text(_ node: YAMLNode, _ key: String) throws(ChannelError) -> String {
        guard let text = try? node.text() else { throw wrong(key, node, "a text") }
        return expandingVariables(in: text, environment)
    }

    func strings(_ key: String) throws(ChannelError) -> [String]? {
        guard let node = values[key] else { return nil }
        return try strings(node, key)
    }

    private func strings(_ node: YAMLNode, _ key: String) throws(ChannelError) -> [String] {
        if node.kind == .text { return [try text(node, key)] }
        guard let items = try? node.items() else { throw wrong(key, node, "a list of texts") }
        return try items.map { item throws(ChannelError) in try text(item, key) }
    }

    func map(_ key: String) throws(ChannelError) -> [String: String]? {
        guard let node = values[key] else { return nil }
        guard let entries = try? node.entries() else { throw wrong(key, node, "names and texts") }
        var result: [String: String] = [:]
        for entry in entries { result[entry.name] = try text(entry.value, key) }
        return result
    }

    func listMap(_ key: String) throws(ChannelError) -> [String: [String]]? {
        guard let node = values[key] else { return nil }
        guard let entries = try? node.entries() else { throw wrong(key, node, "names and lists of texts") }
        var result: [String: [String]] = [:]
        for entry in entries { result[entry.name] = try strings(entry.value, "\(key).\(entry.name)") }
        return result
    }

    func number(_ key: String) throws(ChannelError) -> Int? {
        guard let node = values[key] else { return nil }
        guard let text = try? node.text(), let value = Double(text), value >= 0, value < 1e6 else {
            throw wrong(key, node, "a number")
        }
        return Int(value.rounded(.up))
    }

    func flag(_ key: String) throws(ChannelError) -> Bool? {
        guard let node = values[key] else { return nil }
        guard let text = try? node.text(), let value = truth(text) else { throw wrong(key, node, "true or false") }
        return value
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ key: String) throws(ChannelError) -> Value?
    where Value.RawValue == String {
        guard let node = values[key] else { return nil }
        guard let text = try? node.text(), let value = Value(rawValue: text.lowercased()) else {
            throw wrong(key, node, Value.allCases.map(\.rawValue).joined(separator: " or "))
        }
        return value
    }
}

/// YAML 1.1's words for true and false, which conda's reader accepts.
func truth(_ text: String) -> Bool? {
    switch text.lowercased() {
    case "true", "yes", "on", "1": true
    case "false", "no", "off", "0": false
    default: nil
    }
}
