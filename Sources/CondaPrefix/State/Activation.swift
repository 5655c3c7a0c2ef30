import CondaArchive
import Glibc

/// The variables that activating a prefix sets, found out by activating it once.
package struct Activation: Sendable {
    /// One variable.
    package struct Variable: Sendable, Hashable {
        /// Its name.
        package let name: String
        /// Its value, which may hold anything but NUL.
        package let value: String

        /// Joins a name and a value.
        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Variables that every shell sets for itself, and the mark of our children.
    private static let ofTheShell: Set<String> = ["_", "OLDPWD", "PWD", "SHLVL", ProcessMark.variable]

    /// Says which script runs, then prints the environment; what the scripts print goes elsewhere.
    ///
    /// NUL stands between the variables, so that values may hold line breaks. `env` is named by its path, as a script may
    /// have changed `PATH`; `/proc/self/environ` is not everywhere.
    private static let program = """
        for _conda_rpm_script in "$@"; do
            printf 'script %s\\0' "$_conda_rpm_script"
            set --
            . "$_conda_rpm_script" >&2
        done
        printf 'environment\\0'
        exec /usr/bin/env -0
        """

    /// Evaluates the activation of a prefix with a clean environment.
    ///
    /// In conda's order: its own variables, `etc/conda/env_vars.d/*.json`, `conda-meta/state`, then `variables`, then
    /// the scripts in `etc/conda/activate.d`. Variables get names in upper case. The prompt is not touched.
    /// - Parameters:
    ///   - prefix: the absolute path of the prefix.
    ///   - variables: more variables of the environment, which win over those in the prefix.
    /// - Returns: every variable that is set or changed, by name.
    /// - Throws: ``PrefixError``.
    package static func evaluate(prefix: String, variables: [String: String] = [:]) throws -> [Variable] {
        let directory = try PrefixError.writing { () throws(DirectoryError) in
            try SafeDirectory(path: prefix, traversal: .insideRoot)
        }
        let before = ShellEnvironment.base(prefix: prefix)
        let environment = ShellEnvironment.activated(prefix: prefix)
            .merging(try EnvironmentState.variables(in: directory)) { $1 }
            .merging(EnvironmentState.exported(variables)) { $1 }
        let scripts = try ShellEnvironment.activationScripts(in: directory).map { "\(prefix)/\($0)" }
        let after = scripts.isEmpty ? environment : try sourced(scripts, environment, in: prefix)
        return after.filter { !ofTheShell.contains($0.key) && ($0.key == "PATH" || before[$0.key] != $0.value) }
            .map { Variable(name: $0.key, value: $0.value) }.sorted { $0.name < $1.name }
    }

    private static func sourced(
        _ scripts: [String], _ environment: [String: String], in prefix: String
    ) throws(PrefixError) -> [String: String] {
        var process = ChildProcess(
            executable: ShellEnvironment.shell, arguments: ["-c", program, "activate"] + scripts,
            environment: environment, directory: prefix)
        process.joinsErrors = false
        process.outputLimit = 16 << 20
        let outcome = try process.run()
        var script = ""
        var rest = outcome.output[...]
        while let end = rest.firstIndex(of: 0) {
            let field = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            if field == "environment" {
                // The variables may be more than a program can be started with.
                guard outcome.failure == nil else { break }
                return Self.variables(rest)
            }
            script = String(field.drop { $0 != " " }.dropFirst())
        }
        let output = String(decoding: outcome.errorOutput, as: UTF8.self)
        throw .activationFailed(script: script, output: output)
    }

    private static func variables(_ environment: ArraySlice<UInt8>) -> [String: String] {
        var variables: [String: String] = [:]
        for field in environment.split(separator: 0) {
            guard let equals = field.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: field[..<equals], as: UTF8.self)
            variables[name] = String(decoding: field[(equals + 1)...], as: UTF8.self)
        }
        return variables
    }
}
