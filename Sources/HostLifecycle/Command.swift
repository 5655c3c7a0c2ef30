import CondaPrefix
import FoundationEssentials

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A program to run to its end: by absolute path, or by a name that is looked up on `PATH`.
struct Command: Sendable {
    /// How a run ended.
    struct Result: Sendable {
        /// nil for exit code 0, else `exit status 2` or `signal 9`.
        let failure: String?
        /// Standard output and error, as they came.
        let output: String

        var succeeded: Bool { failure == nil }
        var status: String { failure ?? "exit status 0" }
    }

    let executable: String
    let arguments: [String]
    let environment: [String: String]
    let directory: String

    init(
        _ executable: String, _ arguments: [String],
        environment: [String: String] = ["PATH": Command.searchPath, "LANG": "C.UTF-8"], directory: String = "/"
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
    }

    /// rpm gives scriptlets a `PATH`; without one the usual folders count.
    static var searchPath: String {
        ProcessInfo.processInfo.environment["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin"
    }

    func run() async throws -> Result {
        let outcome = try await ChildProcess(
            executable: try resolved(), arguments: arguments, environment: environment, directory: directory
        ).run()
        return Result(failure: outcome.failure, output: String(decoding: outcome.output, as: UTF8.self))
    }

    private func resolved() throws(HostError) -> String {
        guard !executable.contains("/") else { return executable }
        let candidates = Self.searchPath.split(separator: ":").map { "\($0)/\(executable)" }
        guard let found = candidates.first(where: { access($0, X_OK) == 0 }) else {
            throw .system(operation: "find on PATH", path: executable, code: ENOENT)
        }
        return found
    }
}
