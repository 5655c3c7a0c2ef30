import CondaModel
import Yams

/// The keys of one `.condarc` that matter here; others are ignored, because they configure conda and not its channels.
struct CondarcSettings {
    private let file: String
    /// The file, or "the environment", for messages.
    var source: String { file }
    private let environment: [String: String]
    private var values: [String: Node] = [:]

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
        let root: Node?
        do {
            root = try Yams.compose(yaml: text)
        } catch {
            throw .invalidConfiguration(
                file: file, line: CondarcSettings.line(of: error), reason: "it is not valid YAML")
        }
        guard let root, root.null == nil else { return }
        guard let mapping = root.mapping else {
            throw .invalidConfiguration(file: file, line: 1, reason: "expected keys and values, found something else")
        }
        for (key, value) in mapping {
            if let name = key.string, value.null == nil { values[name] = value }
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
                ? Node(text.split(separator: separator).map { Node(String($0)) }) : Node(text, Tag(.implicit))
        }
    }

    private static func line(of error: any Error) -> Int? {
        guard let yaml = error as? YamlError else { return nil }
        switch yaml {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): return mark.line
        default: return nil
        }
    }

    private func wrong(_ key: String, _ node: Node, _ expected: String) -> ChannelError {
        .invalidConfiguration(file: file, line: node.mark?.line, reason: "\(key): expected \(expected)")
    }

    func string(_ key: String) throws(ChannelError) -> String? {
        guard let node = values[key] else { return nil }
        guard let text = node.scalar?.string else { throw wrong(key, node, "a text") }
        return expandingVariables(in: text, environment)
    }

    func strings(_ key: String) throws(ChannelError) -> [String]? {
        guard let node = values[key] else { return nil }
        return try strings(node, key)
    }

    private func strings(_ node: Node, _ key: String) throws(ChannelError) -> [String] {
        if let text = node.scalar?.string { return [expandingVariables(in: text, environment)] }
        guard let sequence = node.sequence else { throw wrong(key, node, "a list of texts") }
        var result: [String] = []
        for item in sequence {
            guard let text = item.scalar?.string else { throw wrong(key, item, "a text") }
            result.append(expandingVariables(in: text, environment))
        }
        return result
    }

    func map(_ key: String) throws(ChannelError) -> [String: String]? {
        guard let node = values[key] else { return nil }
        guard let mapping = node.mapping else { throw wrong(key, node, "names and texts") }
        var result: [String: String] = [:]
        for (name, value) in mapping {
            guard let name = name.string, let text = value.scalar?.string else { throw wrong(key, value, "a text") }
            result[name] = expandingVariables(in: text, environment)
        }
        return result
    }

    func listMap(_ key: String) throws(ChannelError) -> [String: [String]]? {
        guard let node = values[key] else { return nil }
        guard let mapping = node.mapping else { throw wrong(key, node, "names and lists of texts") }
        var result: [String: [String]] = [:]
        for (name, value) in mapping {
            guard let name = name.string else { continue }
            result[name] = try strings(value, "\(key).\(name)")
        }
        return result
    }

    func number(_ key: String) throws(ChannelError) -> Int? {
        guard let node = values[key] else { return nil }
        guard let text = node.scalar?.string, let value = Double(text), value >= 0, value < 1e6 else {
            throw wrong(key, node, "a number")
        }
        return Int(value.rounded(.up))
    }

    func flag(_ key: String) throws(ChannelError) -> Bool? {
        guard let node = values[key] else { return nil }
        guard let text = node.scalar?.string, let value = truth(text) else { throw wrong(key, node, "true or false") }
        return value
    }

    func choice<Value: RawRepresentable & CaseIterable>(_ key: String) throws(ChannelError) -> Value?
    where Value.RawValue == String {
        guard let node = values[key] else { return nil }
        guard let text = node.scalar?.string, let value = Value(rawValue: text.lowercased()) else {
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
