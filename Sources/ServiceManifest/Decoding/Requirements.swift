import CondaModel
import StrictYAML

/// The `dependencies` list of an `environment.yml`: conda requirements, and at most one `pip` list.
struct Requirements: Hashable, Sendable {
    var conda: [String] = []
    var pip: [String] = []

    static let type = ValueType<Requirements>(
        "a list of requirements",
        schema: [
            "type": "array", "minItems": 1,
            "items": [
                "anyOf": [
                    ["type": "string"],
                    [
                        "type": "object", "additionalProperties": false, "required": ["pip"],
                        "properties": ["pip": ["type": "array", "items": ["type": "string"]]],
                    ],
                ]
            ],
        ]
    ) { (node) throws(ManifestError) in
        var requirements = Requirements()
        var hasPip = false
        let items = try node.items(expected: "a list of requirements")
        guard !items.isEmpty else { throw node.unexpected(expected: "at least one requirement") }
        for item in items {
            guard item.kind == .mapping else {
                requirements.conda.append(try condaRequirement(item))
                continue
            }
            for entry in try item.entries() {
                try refuseUnknownSubsection(entry)
                guard !hasPip else {
                    throw entry.keyNode.error("there is a second pip list", advice: "join the two lists")
                }
                hasPip = true
                requirements.pip = try pipRequirements(entry.value)
            }
        }
        return requirements
    }

    /// Parses a MatchSpec.
    static func parse(_ text: String, file: String) throws(ManifestError) -> MatchSpec {
        do {
            return try MatchSpec(text)
        } catch {
            throw ManifestError(file: file, problem: "\(quoted(text)) is no requirement: \(error)", advice: error.hint)
        }
    }

    /// Checks that a text is a MatchSpec.
    static func check(_ text: String, file: String) throws(ManifestError) { _ = try parse(text, file: file) }

    private static func condaRequirement(_ item: YAMLNode) throws(ManifestError) -> String {
        let text = try item.text(expected: "a requirement such as python >=3.12")
        do {
            try check(text, file: item.file)
        } catch {
            throw item.error(error.problem, advice: error.advice)
        }
        return text
    }

    private static func refuseUnknownSubsection(_ entry: YAMLNode.Entry) throws(ManifestError) {
        guard entry.name != "pip" else { return }
        guard !entry.name.hasPrefix("sel(") else {
            throw entry.keyNode.error("selectors are not supported: an RPM is for Linux", advice: SelectorScan.advice)
        }
        throw entry.keyNode.error(
            "an unknown subsection of dependencies", expected: "a requirement or \"pip\"", found: quoted(entry.name),
            nearest: nearest(to: entry.name, in: ["pip"]),
            advice: "quote a requirement that holds \": \"; other installers than pip are not supported")
    }

    private static func pipRequirements(_ value: YAMLNode) throws(ManifestError) -> [String] {
        guard value.kind != .nothing else { return [] }
        var requirements: [String] = []
        for item in try value.items(expected: "a list of PyPI requirements") {
            let text = try item.text(expected: "a PyPI requirement such as flask >=3")
            guard !text.hasPrefix("-") || text.hasPrefix("-r ") || text.hasPrefix("--requirement ") else {
                throw item.error(
                    "an option of pip stands in the list", expected: "a PyPI requirement or \"-r FILE\"",
                    found: quoted(text), advice: "set indexes in uv's own configuration: uv.toml or UV_INDEX_URL")
            }
            guard TextRule.line.accepts(text) else { throw item.unexpected(expected: "a PyPI requirement") }
            requirements.append(text)
        }
        return requirements
    }
}
