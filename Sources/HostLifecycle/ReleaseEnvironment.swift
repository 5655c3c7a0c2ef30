import CondaPrefix
import FoundationEssentials
import ServiceRelease

/// The activated environment of a release, evaluated once at install and read by everything after it.
enum ReleaseEnvironment {
    /// Runs the prefix's activation scripts once and returns what they set, sorted by name.
    static func evaluate(prefix: String, variables: [EnvironmentVariable]) throws -> [EnvironmentVariable] {
        let activated = try Activation.evaluate(
            prefix: prefix, variables: variables.reduce(into: [:]) { $0[$1.name] = $1.value })
        return activated.map { EnvironmentVariable(name: $0.name, value: $0.value) }
    }

    /// Evaluates the activation and writes what it sets beside the packages' files.
    static func record(home: ServiceHome, identifier: String, release: Release) throws {
        let variables = try evaluate(prefix: home.release(identifier), variables: release.variables)
        try replaceDocument(home.activation(identifier), with: [UInt8](EnvironmentFile.text(variables).utf8))
    }

    /// Reads an `activate.env` that `EnvironmentFile` wrote.
    static func read(_ path: String) throws(HostError) -> [EnvironmentVariable] {
        guard let data = FileManager.default.contents(atPath: path), let text = String(data: data, encoding: .utf8)
        else { throw .system(operation: "read", path: path, code: 2) }
        return EnvironmentFile.variables(text)
    }

    /// What a command of the release sees: the caller's environment below the activation.
    static func merged(_ variables: [EnvironmentVariable], over base: [String: String]) -> [String: String] {
        variables.reduce(into: base) { $0[$1.name] = $1.value }
    }
}
