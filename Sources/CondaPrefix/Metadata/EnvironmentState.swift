import CondaArchive
import FoundationEssentials

/// Variables of an environment: `conda-meta/state` and what packages leave in `etc/conda/env_vars.d` (CEP 34).
package struct EnvironmentState: Codable, Sendable, Equatable {
    /// The value by which conda marks a variable that was unset.
    static let unsetMark = "***unset***"

    /// Variables that belong to the environment itself, never to a package or user.
    static let reserved: Set<String> = ["PATH"]

    /// Where the state is kept, below the prefix.
    static let path = "conda-meta/state"

    /// The variables of the environment.
    package var variables: [String: String]

    private enum CodingKeys: String, CodingKey {
        case variables = "env_vars"
    }

    /// A state with some variables.
    package init(variables: [String: String]) {
        self.variables = variables
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        variables = try values.decodeIfPresent([String: String].self, forKey: .variables) ?? [:]
    }

    /// All variables of a prefix: those of packages in the order of their files, then those of the environment.
    static func variables(in directory: SafeDirectory) throws(PrefixError) -> [String: String] {
        var variables: [String: String] = [:]
        for path in try ShellEnvironment.scripts(in: "etc/conda/env_vars.d", of: directory, suffix: "") {
            guard let document: [String: String] = try Document.read(path, in: directory) else { continue }
            variables.merge(exported(document)) { $1 }
        }
        if let state: EnvironmentState = try Document.read(path, in: directory) {
            variables.merge(exported(state.variables)) { $1 }
        }
        return variables.filter { $0.value != unsetMark && !reserved.contains($0.key) }
    }

    /// The variables under the names that conda and micromamba export: in upper case.
    ///
    /// (`envvars_force_uppercase` of conda, which is on unless somebody switches it off.) Of names that become one the last
    /// in their order counts.
    static func exported(_ variables: [String: String]) -> [String: String] {
        let sorted = variables.sorted { $0.key < $1.key }
        return Dictionary(sorted.map { ($0.key.uppercased(), $0.value) }) { $1 }
    }
}
