import CondaModel

extension Lock {
    /// How the first line of a lock of ours begins.
    static let head = "# Written by conda-rpm"

    /// The lock as a `conda-lock.yml` of format v1.
    ///
    /// The same lock has the same text always: packages by manager, name and platform, dependencies by name, keys in a
    /// fixed order, one line each. A review's diff therefore shows packages and nothing else.
    package var text: String {
        var lines = [
            "\(Self.head), readable by conda-lock. Do not edit: change the manifest and lock again with",
            "#     conda-rpm lock",
            "version: 1",
            "metadata:",
        ]
        lines += mapping("content_hash", contentHash.map { ($0.key.rawValue, $0.value) })
        lines += list("channels", channels.map { ["url: \(scalar(clean($0)))", "used_env_vars: []"] })
        lines += list("platforms", platforms.map(\.rawValue).sorted().map { [scalar($0)] })
        lines += list("sources", sources.map { [scalar($0)] })
        if !customMetadata.isEmpty { lines += mapping("custom_metadata", Array(customMetadata)) }
        lines += otherMetadata.sorted { $0.key < $1.key }.flatMap { entry in
            ["  \(scalar(entry.key)):"] + entry.value.split(separator: "\n").map { "    \($0)" }
        }
        lines.append(packages.isEmpty ? "package: []" : "package:")
        for package in packages.sorted(by: Self.precedes) { lines += package.lines }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The order of packages in the file.
    private static func precedes(_ first: LockedPackage, _ second: LockedPackage) -> Bool {
        let order = [
            (first.manager.rawValue, second.manager.rawValue), (first.name, second.name),
            (first.platform.rawValue, second.platform.rawValue), (first.category, second.category),
        ]
        return order.first { $0 != $1 }.map { $0 < $1 } ?? (first.url < second.url)
    }

    private func mapping(_ key: String, _ values: [(key: String, value: String)]) -> [String] {
        guard !values.isEmpty else { return ["  \(key): {}"] }
        return ["  \(key):"]
            + values.sorted { $0.key < $1.key }.map { "    \(scalar($0.key)): \(YAMLText.block($0.value, indent: 6))" }
    }

    private func list(_ key: String, _ items: [[String]]) -> [String] {
        guard !items.isEmpty else { return ["  \(key): []"] }
        return ["  \(key):"]
            + items.flatMap { item in item.enumerated().map { $0 == 0 ? "  - \($1)" : "    \($1)" } }
    }

    private func scalar(_ text: String) -> String { YAMLText.scalar(text) }
    private func clean(_ url: String) -> String { ChannelName.withoutCredentials(url) }
}

extension LockedPackage {
    /// The package's lines in a `conda-lock.yml`.
    fileprivate var lines: [String] {
        var lines = [
            "- name: \(YAMLText.scalar(name))",
            "  version: \(YAMLText.scalar(version))",
            "  manager: \(manager.rawValue)",
            "  platform: \(platform.rawValue)",
            dependencies.isEmpty ? "  dependencies: {}" : "  dependencies:",
        ]
        lines += dependencies.map { "    \(YAMLText.scalar($0.name)): \(YAMLText.scalar($0.constraint))" }
        lines.append("  url: \(YAMLText.scalar(ChannelName.withoutCredentials(url)))")
        lines.append(md5 == nil && sha256 == nil ? "  hash: {}" : "  hash:")
        if let md5 { lines.append("    md5: \(YAMLText.scalar(md5))") }
        if let sha256 { lines.append("    sha256: \(YAMLText.scalar(sha256))") }
        if let build, manager == .conda { lines.append("  build: \(YAMLText.scalar(build))") }
        lines.append("  category: \(YAMLText.scalar(category))")
        lines.append("  optional: \(isOptional)")
        return lines
    }
}
